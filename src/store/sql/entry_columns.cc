#include "store/sql/entry_columns.h"

#include <algorithm>

#include "store/sql/widening.h"

namespace levee::store {

using columnar::ColumnRole;
using columnar::ColumnVector;

SegmentColumns::SegmentColumns(SegmentReader& reader, ReadSession& session, const Dictionary& dictionary,
                               const SegmentInfo& segment, std::uint32_t block, Expect expect)
    : reader_(reader),
      session_(session),
      dictionary_(dictionary),
      segment_id_(segment.id),
      block_(block),
      expect_(expect) {
  const auto all = static_cast<std::size_t>(segment.rows);
  rows_ = block == kWhole ? all : std::min(columnar::kBlockRows, all - block * columnar::kBlockRows);
}

Result<std::vector<StoredColumn>> SegmentColumns::Find(ColumnRole role, std::string_view path) {
  std::vector<StoredColumn> found;
  Status status;
  dictionary_.ForEach(role, path, [&](std::uint32_t id) {
    if (!status) return;
    const types::PrimitiveType type = dictionary_.key(id).type;
    const SegmentColumn column{segment_id_, id, types::PhysicalTypeOf(type)};
    auto values = block_ == kWhole ? reader_.Whole(session_, column) : reader_.Block(session_, column, block_, expect_);
    if (!values) {
      status = std::unexpected(std::move(values).error());
    } else if (*values != nullptr) {
      found.push_back({type, std::move(*values)});
    }
  });
  LEVEE_RETURN_IF_ERROR(status);
  return found;
}

Result<std::shared_ptr<const Bitmap>> SegmentColumns::Derived(
    const columnar::ColumnKey& key, std::uint32_t purpose,
    const std::function<Result<std::shared_ptr<const Bitmap>>()>& make) {
  const auto id = dictionary_.Find(key);
  if (!id) return make();
  return reader_.Derived({segment_id_, *id, types::PhysicalTypeOf(key.type)}, block_, purpose, make);
}

Result<std::vector<StoredColumn>> SegmentRows::Find(ColumnRole role, std::string_view path) {
  std::vector<std::uint32_t> ids;
  dictionary_.ForEach(role, path, [&](std::uint32_t id) { ids.push_back(id); });
  std::vector<StoredColumn> found;
  for (const std::uint32_t id : ids) {
    const types::PrimitiveType type = dictionary_.key(id).type;
    const SegmentColumn column{segment_id_, id, types::PhysicalTypeOf(type)};
    LEVEE_ASSIGN(const bool has, reader_.Has(session_, column));
    if (!has) continue;
    auto values = std::make_shared<ColumnVector>();
    values->physical = column.physical;
    LEVEE_RETURN_IF_ERROR(reader_.AppendRows(session_, column, rows_, *values));
    found.push_back({type, std::move(values)});
  }
  return found;
}

Result<std::vector<StoredColumn>> GroupColumns::Find(ColumnRole role, std::string_view path) {
  std::vector<StoredColumn> found;
  for (const columnar::BatchColumn& column : group_.entries->columns) {
    if (column.key.role != role || column.key.path != path) continue;
    found.push_back({column.key.type, std::shared_ptr<const ColumnVector>(group_.entries, &column.values)});
  }
  return found;
}

Result<std::shared_ptr<const ColumnVector>> ReadAs(EntryColumns& columns, const columnar::ColumnKey& key) {
  LEVEE_ASSIGN(auto stored, columns.Find(key.role, key.path));
  std::shared_ptr<const ColumnVector> result;
  for (StoredColumn& column : stored) {
    if (!types::CanWiden(column.type, key.type)) continue;
    if (!SameForm(column.type, key.type)) {
      column.values = std::make_shared<const ColumnVector>(WidenColumn(*column.values, column.type, key.type));
    }
    if (result == nullptr) {
      result = std::move(column.values);
      continue;
    }
    // A segment that was merged over a change of type has both; each row has its value in one of them.
    auto merged = std::make_shared<ColumnVector>();
    merged->physical = result->physical;
    for (std::size_t row = 0; row < result->rows; ++row) {
      const ColumnVector& from = result->IsValid(row) ? *result : *column.values;
      merged->AppendRange(from, row, 1);
    }
    result = std::move(merged);
  }
  return result;
}

}  // namespace levee::store
