// Which fields of files a question prints, and which columns the catalog must return for them.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "output/file_fields.h"

namespace levee::api {

// What errors call the list of fields.
inline constexpr std::string_view kFileColumns = "columns";

struct FilePlan {
  std::vector<output::FileField> fields;
  std::vector<columnar::ColumnKey> columns;  // each once
  bool needs_stats = false;                  // the statistics' JSON is rendered
};

// What is printed when `--columns` does not say.
enum class FileDefaults {
  kPaths,     // the path alone
  kTable,     // what fits a terminal: path, size, records, partition values
  kProtocol,  // every field of the protocol
  kArrow,     // every field, statistics as min., max. and nulls. columns
};

// Which fields are chosen, and the list that list.COLUMN is looked for in (null: there is none).
struct FileChoice {
  std::optional<std::string_view> columns;  // names, separated by commas; a name may be quoted with '"' or '`'
  FileDefaults defaults = FileDefaults::kProtocol;
  const catalog::ListedFiles* listed = nullptr;
};

// Of an unknown field the error's `what` is kFileColumns; an unknown column behind min., max. or nulls. is kNotFound or
// what binding says.
Result<FilePlan> PlanFiles(const catalog::View& view, const FileChoice& choice);

// The same of names one by one, without quotes.
Result<FilePlan> PlanFields(const catalog::View& view, std::span<const std::string_view> names);

// A name as it is, or without its quotes.
std::string_view Unquoted(std::string_view name);

// The column of a list that "list.NAME" names; empty: another field is named, or there is no list.
std::optional<columnar::ColumnKey> ListedColumn(const catalog::ListedFiles* listed, std::string_view field);

// The names of a list, split at commas that stand outside of quotes, without blanks around them.
std::vector<std::string_view> SplitNames(std::string_view list);

// Adds a column unless it is there.
void AddColumn(std::vector<columnar::ColumnKey>& columns, const columnar::ColumnKey& key);

// Physical names of the table's partition columns, in the order of the metaData action.
std::vector<std::string> PartitionColumns(const delta::Metadata& metadata);

}  // namespace levee::api
