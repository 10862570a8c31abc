// What a command line asks of the files of a table, or of several.
#pragma once

#include <optional>
#include <string_view>

#include "api/explain_text.h"
#include "api/file_columns.h"
#include "cli/command.h"

namespace levee::cli {

struct FileQuestion {
  std::string_view format;
  std::string_view explain;                 // "text", "json", "svg"; empty: the files themselves
  std::optional<std::string_view> columns;  // --columns, where the format prints any
  bool count = false;
  catalog::FilesRequest request;            // but for its columns and its order, which need the table

  const catalog::ListedFiles* listed() const { return request.listed ? &*request.listed : nullptr; }
};

// Reads the lists that the line names. What the options may not be together, and bytes for a terminal, are wrong usage; kIo,
// kInvalidArgument of a list.
std::expected<FileQuestion, Failure> ReadFileQuestion(const ParsedLine& line, const Terminals& terminals);

// What a format prints where --columns does not say.
api::FileDefaults DefaultsOf(std::string_view format);

// In the form that the question wants.
void PrintExplanation(const FileQuestion& question, const api::ExplainedAnswer& answer, output::BufferedWriter& out);

}  // namespace levee::cli
