// Rows of named values, for answers that are not lists of files: a commit, a table, a partition.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "output/buffered_writer.h"

namespace levee::output {

// One value and how it is meant: a size prints as "1.4 MB" for people and as 1400000 for programs.
struct Cell {
  enum class Kind : std::uint8_t { kNull, kBool, kInteger, kSize, kTime, kText, kJson } kind = Kind::kNull;
  std::int64_t integer = 0;  // kBool, kInteger, kSize (bytes), kTime (milliseconds since the epoch)
  std::string text;          // kText, kJson (JSON text)

  static Cell Bool(bool value) { return {Kind::kBool, value, {}}; }
  static Cell Integer(std::int64_t value) { return {Kind::kInteger, value, {}}; }
  static Cell Integer(std::optional<std::int64_t> value) { return value ? Integer(*value) : Cell{}; }
  static Cell Size(std::int64_t bytes) { return {Kind::kSize, bytes, {}}; }
  static Cell Time(std::int64_t millis) { return {Kind::kTime, millis, {}}; }
  static Cell Text(std::string value) { return {Kind::kText, 0, std::move(value)}; }
  static Cell Json(std::string json) { return {Kind::kJson, 0, std::move(json)}; }
};

// The cell as JSON, appended.
void AppendCellJson(std::string& out, const Cell& cell);
// The cell for people.
std::string CellText(const Cell& cell);

struct RecordColumn {
  std::string name;
  bool right = false;  // numbers stand at the right of their column
};

// How tables look on what they are printed to.
struct TableLook {
  std::size_t width = 0;  // columns of the terminal; 0: no terminal, nothing is cut
  bool colour = false;
};

// Streams rows in one format. Not thread-safe.
class RecordFormat {
 public:
  virtual ~RecordFormat() = default;
  // As many cells as there are columns.
  virtual Status Write(std::vector<Cell> cells) = 0;
  // Writes what is held back. Does not flush the writer.
  virtual Status Finish() = 0;
};

// Aligned columns under a header.
std::unique_ptr<RecordFormat> MakeRecordTable(std::vector<RecordColumn> columns, TableLook look, BufferedWriter& writer);
// A JSON object a line.
std::unique_ptr<RecordFormat> MakeRecordNdjson(std::vector<RecordColumn> columns, BufferedWriter& writer);
// One JSON array of objects.
std::unique_ptr<RecordFormat> MakeRecordJson(std::vector<RecordColumn> columns, BufferedWriter& writer);
// As RFC 4180 has it, with a header.
std::unique_ptr<RecordFormat> MakeRecordCsv(std::vector<RecordColumn> columns, BufferedWriter& writer);

}  // namespace levee::output
