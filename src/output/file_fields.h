// The fields of a file that a user may ask for, by the protocol's names, and their values in a batch.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "columnar/batch.h"
#include "output/record.h"

namespace levee::output {

enum class FileFieldKind : std::uint8_t {
  kPath,
  kSize,
  kPartitionValues,
  kModificationTime,
  kNumRecords,
  kDeletionVector,
  kStats,
  kBaseRowId,
  kDefaultRowCommitVersion,
  kTags,
  kAddedVersion,
  kBound,       // min.COLUMN, max.COLUMN, nulls.COLUMN: see FileField::column
  kChange,      // "add" or "remove"; this and the next two in lists of changes only
  kVersion,
  kDataChange,
};

struct FileField {
  FileFieldKind kind = FileFieldKind::kPath;
  std::string name;            // as printed
  columnar::ColumnKey column;  // kBound: whose values
  // kPartitionValues: physical names of the table's partition columns, printed even when null; other
  // names that a batch has are printed where they are not.
  std::vector<std::string> partition_columns;
  // kPartitionValues of rows of several tables, which differ in them: the column that tells a row's table, and whose
  // partition columns those are. `partition_columns` then has those of all.
  std::optional<columnar::ColumnKey> label;
  std::map<std::string, std::vector<std::string>, std::less<>> partition_columns_of;
};

// A field that is not by column, of its own name: "path", "size", ... Empty for any other name.
std::optional<FileField> PlainFileField(std::string_view name);
// The names that PlainFileField knows, in the order in which they are printed.
std::span<const std::string_view> PlainFileFieldNames();

// What happened to a file, for lists of changes.
struct ChangeMark {
  bool added = true;
  std::int64_t version = 0;
  std::optional<bool> data_change;
};

// Rows to print. Everything is borrowed for the call.
struct FileRows {
  const columnar::Batch& batch;
  std::span<const ChangeMark> changes;  // by row; empty but in lists of changes
};

// The column that holds a field's value, for fields that have one of their own.
std::optional<columnar::ColumnKey> ColumnOf(const FileField& field);
// Where the caller puts the statistics as JSON text, for kStats: this layer cannot render them.
columnar::ColumnKey StatsTextKey();
// The raw values of a partition column.
columnar::ColumnKey PartitionKey(std::string physical_path);

// A list of fields bound to the columns of one batch.
class BoundFileFields {
 public:
  BoundFileFields(const std::vector<FileField>& fields, const FileRows& rows);

  std::size_t rows() const { return rows_.batch.rows; }
  std::size_t fields() const { return bound_.size(); }
  // The value as JSON, appended.
  void AppendJson(std::string& out, std::size_t field, std::size_t row) const;
  // The value as a cell; nested ones are JSON.
  Cell CellAt(std::size_t field, std::size_t row) const;

 private:
  struct Bound {
    const FileField* field;
    const columnar::ColumnVector* column = nullptr;  // null: null in every row
    // kPartitionValues: `"name":` and the raw texts; `always` prints nulls too, of several tables in the rows of those
    // named by `labels`.
    struct Partition {
      std::string prefix;
      const columnar::ColumnVector* column;
      bool always;
      std::vector<std::string_view> labels;
    };
    const columnar::ColumnVector* label = nullptr;  // null: the rows are of one table
    std::vector<Partition> partitions;
  };

  void BindPartitions(Bound& bound) const;
  void AppendPartitions(std::string& out, const Bound& bound, std::size_t row) const;
  void AppendDeletionVector(std::string& out, std::size_t row) const;
  // Null when there are none, or when the log's text is no JSON object.
  void AppendStats(std::string& out, const Bound& bound, std::size_t row) const;
  Cell ChangeCell(FileFieldKind kind, std::size_t row) const;
  // A field that is one number or text.
  Cell PlainCell(const Bound& bound, std::size_t row) const;

  const FileRows rows_;
  std::vector<Bound> bound_;
};

// A statistic or partition value as a cell: numbers and booleans as they are, decimals as numbers,
// dates, times and binary as the protocol's text.
Cell TypedCell(types::PrimitiveType type, const columnar::ColumnVector& column, std::size_t row);

}  // namespace levee::output
