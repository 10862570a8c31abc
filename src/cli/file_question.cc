#include "cli/file_question.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "api/explain_svg.h"
#include "api/file_order.h"
#include "cli/option_values.h"
#include "cli/path_list.h"
#include "cli/storage_list.h"

namespace levee::cli {
namespace {

constexpr std::array<std::string_view, 6> kFormats{"table", "ndjson", "csv", "paths", "arrow", "parquet"};
constexpr std::array<std::string_view, 3> kExplanations{"text", "json", "svg"};

bool IsBinary(std::string_view format) { return format == "arrow" || format == "parquet"; }

// Of the list's columns those that are printed or ordered by.
std::vector<std::string> ListedNames(const ParsedLine& line) {
  std::vector<std::string> names;
  for (const std::string_view option : {"columns", "order-by"}) {
    for (std::string_view name : api::SplitNames(line.Value(option).value_or(""))) {
      api::TakeDescending(name);
      if (!name.starts_with("list.")) continue;
      std::string own(api::Unquoted(name.substr(5)));
      if (std::ranges::find(names, own) == names.end()) names.push_back(std::move(own));
    }
  }
  return names;
}

// The paths of a list: one a line, or of a CSV file the column "path".
Result<std::vector<std::string>> ReadPaths(std::string_view file) {
  if (!file.ends_with(".csv")) return ReadPathList(file);
  LEVEE_ASSIGN(catalog::ListedFiles listed, ReadStorageList(file, {}));
  return std::move(listed.paths);
}

// --path and --paths together name the files that are wanted; a list with columns of its own stands alone.
std::expected<void, Failure> AddPaths(const ParsedLine& line, catalog::FilesRequest& request) {
  if (const auto file = line.Value("except")) {
    LEVEE_ASSIGN(request.except, ReadPaths(*file));
  }
  const std::vector<std::string_view> single = line.Values("path");
  const auto file = line.Value("paths");
  const std::vector<std::string> names = ListedNames(line);
  if (!names.empty()) {
    if (!file) return std::unexpected(UsageError{"list." + names[0], "there is no list", "--paths names one: a CSV file"});
    if (!single.empty()) {
      return std::unexpected(UsageError{"option --path", "it has no columns of a list", "put the path into the list"});
    }
    LEVEE_ASSIGN(request.listed, ReadStorageList(*file, names));
    return {};
  }
  if (!single.empty()) request.paths.emplace(single.begin(), single.end());
  if (!file) return {};
  LEVEE_ASSIGN(const std::vector<std::string> listed, ReadPaths(*file));
  if (!request.paths) request.paths.emplace();
  request.paths->insert(request.paths->end(), listed.begin(), listed.end());
  return {};
}

}  // namespace

std::expected<FileQuestion, Failure> ReadFileQuestion(const ParsedLine& line, const Terminals& terminals) {
  FileQuestion question;
  LEVEE_ASSIGN(question.format, WordOption(line, "format", kFormats));
  if (line.Has("explain") || line.Has("analyze")) {
    question.explain = kExplanations.front();
    if (line.Value("explain")) {
      LEVEE_ASSIGN(question.explain, WordOption(line, "explain", kExplanations));
    }
  }
  question.count = line.Has("count");
  if (IsBinary(question.format) && terminals.output && !question.count && question.explain.empty()) {
    const std::string format(question.format);
    return std::unexpected(UsageError{"option --format", format + " is no text, and standard output is a terminal",
                                      "write it to a file or a pipe: > files." + format});
  }
  question.request.where = line.Value("where").value_or("");
  // Paths need no other column, whatever is chosen.
  if (question.format != "paths") question.columns = line.Value("columns");
  if (const auto read = AddPaths(line, question.request); !read) return std::unexpected(read.error());
  LEVEE_ASSIGN(question.request.limit, IntegerOption(line, "limit"));
  LEVEE_ASSIGN(question.request.rows, IntegerOption(line, "rows"));
  return question;
}

api::FileDefaults DefaultsOf(std::string_view format) {
  if (format == "paths") return api::FileDefaults::kPaths;
  if (format == "table") return api::FileDefaults::kTable;
  return IsBinary(format) ? api::FileDefaults::kArrow : api::FileDefaults::kProtocol;
}

void PrintExplanation(const FileQuestion& question, const api::ExplainedAnswer& answer, output::BufferedWriter& out) {
  out.Append(question.explain == "json"  ? api::ExplainJson(answer)
             : question.explain == "svg" ? api::ExplainSvg(answer)
                                         : api::ExplainText(answer));
}

}  // namespace levee::cli
