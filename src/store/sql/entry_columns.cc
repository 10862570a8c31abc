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
    for (const Known& known : known_) {
      if (known.column_id == id && known.decoded != nullptr) return found.push_back({type, known.decoded});
    }
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

Result<std::unique_ptr<columnar::ColumnCursor>> SegmentColumns::Cursor(const columnar::ColumnKey& key,
                                                                       ReadSession::ScratchFor purpose) {
  if (block_ != kWhole) return nullptr;
  // After a change of type a column may have its values in several places, in several forms.
  std::size_t columns = 0;
  std::uint32_t id = 0;
  dictionary_.ForEach(key.role, key.path, [&](std::uint32_t column) {
    ++columns;
    id = column;
  });
  if (columns != 1) return nullptr;
  const types::PrimitiveType type = dictionary_.key(id).type;
  if (!types::CanWiden(type, key.type) || !SameForm(type, key.type)) return nullptr;
  const SegmentColumn column{segment_id_, id, types::PhysicalTypeOf(type)};
  LEVEE_ASSIGN(const Known* const known, Know(column));
  if (!known->better_as_stored) return nullptr;
  return reader_.Cursor(session_, column, purpose);
}

Result<const SegmentColumns::Known*> SegmentColumns::Know(const SegmentColumn& column) {
  for (const Known& known : known_) {
    if (known.column_id == column.column_id) return &known;
  }
  Known known{.column_id = column.column_id, .decoded = reader_.DecodedWhole(session_, column)};
  if (known.decoded == nullptr) {
    LEVEE_ASSIGN(known.better_as_stored, reader_.BetterAsStored(session_, column));
  }
  return &known_.emplace_back(std::move(known));
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
