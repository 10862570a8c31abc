#include "base/cancellation.h"
#include "output/file_format.h"

namespace levee::output {
namespace {

bool IsNumber(const FileField& field) {
  switch (field.kind) {
    case FileFieldKind::kSize:
    case FileFieldKind::kModificationTime:
    case FileFieldKind::kNumRecords:
    case FileFieldKind::kBaseRowId:
    case FileFieldKind::kDefaultRowCommitVersion:
    case FileFieldKind::kAddedVersion:
    case FileFieldKind::kVersion: return true;
    case FileFieldKind::kBound: return types::PhysicalTypeOf(field.column.type) != types::PhysicalType::kString;
    default: return false;
  }
}

std::vector<RecordColumn> Columns(const FileFields& fields) {
  std::vector<RecordColumn> columns;
  for (const FileField& field : fields) columns.push_back({field.name, IsNumber(field)});
  return columns;
}

class TableFormat final : public FileFormat {
 public:
  TableFormat(FileFields fields, TableLook look, BufferedWriter& writer)
      : fields_(std::move(fields)), table_(MakeRecordTable(Columns(fields_), look, writer)) {}

  Status Write(const FileRows& rows) override {
    const BoundFileFields bound(fields_, rows);
    for (std::size_t row = 0; row < bound.rows(); ++row) {
      if (row % 64 == 0) LEVEE_RETURN_IF_ERROR(CheckCancelled());
      std::vector<Cell> cells;
      cells.reserve(bound.fields());
      for (std::size_t field = 0; field < bound.fields(); ++field) {
        cells.push_back(TableCell(bound, field, row));
      }
      LEVEE_RETURN_IF_ERROR(table_->Write(std::move(cells)));
    }
    return {};
  }

  Status Finish() override { return table_->Finish(); }

 private:
  Cell TableCell(const BoundFileFields& bound, std::size_t field, std::size_t row) const {
    Cell cell = bound.CellAt(field, row);
    // People read a time, programs the protocol's milliseconds.
    if (fields_[field].kind == FileFieldKind::kModificationTime && cell.kind == Cell::Kind::kInteger) {
      cell.kind = Cell::Kind::kTime;
    }
    return cell;
  }

  const FileFields fields_;
  std::unique_ptr<RecordFormat> table_;
};

}  // namespace

std::unique_ptr<FileFormat> MakeTableFormat(FileFields fields, TableLook look, BufferedWriter& writer) {
  return std::make_unique<TableFormat>(std::move(fields), look, writer);
}

}  // namespace levee::output
