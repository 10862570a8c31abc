#include "store/sql/bounds.h"
#include "types/value.h"

namespace levee::store {

using columnar::ColumnRole;
using columnar::ColumnVector;
using expr::ColumnRef;
using types::TypeKind;

namespace {

columnar::ColumnKey RawPartition(const ColumnRef& column) {
  return {ColumnRole::kPartition, column.physical_path, {TypeKind::kString, 0, 0}};
}

columnar::ColumnKey PartitionValue(const ColumnRef& column) {
  return {ColumnRole::kPartitionValue, column.physical_path, column.type};
}

columnar::ColumnKey LongColumn(ColumnRole role, const ColumnRef& column) {
  return {role, column.physical_path, {TypeKind::kLong, 0, 0}};
}

// What is derived from a column of null counts.
enum Purpose : std::uint32_t { kMayBeNull = 0, kMayBeNonNull = 1 };

// The partition value "" is NULL.
bool IsPartitionNull(const ColumnVector* raw, std::size_t row) {
  return raw == nullptr || !raw->IsValid(row) || raw->strings[row].empty();
}

}  // namespace

Result<const ColumnVector*> EntryBounds::Keep(Result<Values> values) {
  if (!values) return std::unexpected(std::move(values).error());
  if (values_.empty()) values_.reserve(4);
  values_.push_back(std::move(*values));
  return values_.back().get();
}

Result<const ColumnVector*> EntryBounds::Lower(const ColumnRef& column) {
  if (column.is_partition) return Keep(PartitionValues(column));
  return Keep(ReadAs(columns_, {ColumnRole::kMin, column.physical_path, column.type}));
}

Result<std::optional<columnar::EncodedBounds>> EntryBounds::Encoded(const ColumnRef& column, columnar::Sides needed) {
  using ScratchFor = ReadSession::ScratchFor;
  columnar::EncodedBounds bounds;
  if (column.is_partition) {
    if (column.type.kind == TypeKind::kTimestamp) return std::nullopt;
    const bool text = column.type.kind == TypeKind::kString;
    LEVEE_ASSIGN(bounds.lower, columns_.Cursor(text ? RawPartition(column) : PartitionValue(column),
                                               ScratchFor::kLowerBounds));
    if (bounds.lower == nullptr) return std::nullopt;
    return bounds;
  }
  if (needed.lower) {
    LEVEE_ASSIGN(bounds.lower, columns_.Cursor({ColumnRole::kMin, column.physical_path, column.type},
                                               ScratchFor::kLowerBounds));
    if (bounds.lower == nullptr) return std::nullopt;
  }
  if (needed.upper) {
    LEVEE_ASSIGN(bounds.upper, columns_.Cursor({ColumnRole::kMax, column.physical_path, column.type},
                                               ScratchFor::kUpperBounds));
    if (bounds.upper == nullptr) return std::nullopt;
  }
  return bounds;
}

Result<const ColumnVector*> EntryBounds::Upper(const ColumnRef& column) {
  if (column.is_partition) return Keep(PartitionValues(column));
  return Keep(ReadAs(columns_, {ColumnRole::kMax, column.physical_path, column.type}));
}

Result<EntryBounds::Values> EntryBounds::PartitionValues(const ColumnRef& column) {
  if (column.type.kind == TypeKind::kString) return ReadAs(columns_, RawPartition(column));
  if (column.type.kind == TypeKind::kTimestamp) return ParsedTimestamps(column);
  return ReadAs(columns_, {ColumnRole::kPartitionValue, column.physical_path, column.type});
}

// Texts without a zone mean another instant in each reader's zone, so these are not kept parsed.
Result<EntryBounds::Values> EntryBounds::ParsedTimestamps(const ColumnRef& column) {
  LEVEE_ASSIGN(const Values raw, ReadAs(columns_, RawPartition(column)));
  if (raw == nullptr) return nullptr;
  auto parsed = std::make_shared<ColumnVector>();
  std::string_view last_text;
  std::optional<types::Value> last;
  for (std::size_t row = 0; row < raw->rows; ++row) {
    if (!raw->IsValid(row)) {
      parsed->PushNull();
      continue;
    }
    // Entries are sorted by partition: most rows have the text of the row before.
    if (const std::string_view text = raw->strings[row]; row == 0 || text != last_text || !last) {
      last = types::ParsePartitionValue(text, column.type, timezone_);
      last_text = text;
    }
    last && !last->is_null() ? parsed->PushInt(last->as_int()) : parsed->PushNull();
  }
  return Values(std::move(parsed));
}

Result<const Bitmap*> EntryBounds::KeepBitmap(Result<std::shared_ptr<const Bitmap>> bitmap) {
  if (!bitmap) return std::unexpected(std::move(bitmap).error());
  return bitmaps_.emplace_back(std::move(*bitmap)).get();
}

Result<const Bitmap*> EntryBounds::MayBeNull(const ColumnRef& column) {
  if (column.is_partition) return KeepBitmap(PartitionMayBeNull(column));
  const columnar::ColumnKey key = LongColumn(ColumnRole::kNullCount, column);
  return KeepBitmap(columns_.Derived(key, kMayBeNull, [&] { return CountsMayBeNull(key); }));
}

Result<const Bitmap*> EntryBounds::MayBeNonNull(const ColumnRef& column) {
  if (column.is_partition) {
    if (column.type.kind != TypeKind::kString && column.type.kind != TypeKind::kTimestamp) {
      // Mostly each row has a value that parsed: nothing is NULL, and no text need be looked at.
      LEVEE_ASSIGN(const auto as_stored, columns_.Cursor(PartitionValue(column), ReadSession::ScratchFor::kLowerBounds));
      if (as_stored == nullptr) {
        LEVEE_ASSIGN(const Values values, PartitionValues(column));
        if (values != nullptr && !values->has_nulls()) return nullptr;
      }
    }
    return KeepBitmap(
        columns_.Derived(RawPartition(column), kMayBeNonNull, [&] { return PartitionMayBeNonNull(column); }));
  }
  const columnar::ColumnKey key = LongColumn(ColumnRole::kNullCount, column);
  return KeepBitmap(columns_.Derived(key, kMayBeNonNull, [&] { return CountsMayBeNonNull(key); }));
}

Result<std::shared_ptr<const Bitmap>> EntryBounds::PartitionMayBeNull(const ColumnRef& column) {
  LEVEE_ASSIGN(const Values raw, ReadAs(columns_, RawPartition(column)));
  LEVEE_ASSIGN(const Values value, PartitionValues(column));
  auto may_be = std::make_shared<Bitmap>(rows());
  for (std::size_t row = 0; row < rows(); ++row) {
    const bool known = value != nullptr && value->IsValid(row);
    if (IsPartitionNull(raw.get(), row) || !known) may_be->Set(row);
  }
  return may_be;
}

Result<std::shared_ptr<const Bitmap>> EntryBounds::PartitionMayBeNonNull(const ColumnRef& column) {
  columnar::EncodedBounds as_stored;
  LEVEE_ASSIGN(as_stored.lower, columns_.Cursor(RawPartition(column), ReadSession::ScratchFor::kLowerBounds));
  if (as_stored.lower != nullptr) {
    // Rows with another text than "", of which few are looked at: the texts of a dictionary.
    expr::SkippingNode has_text{.kind = expr::NodeKind::kCompare, .op = expr::CompareOp::kNotEqual, .column = column};
    has_text.column.type = {TypeKind::kString, 0, 0};
    has_text.literals.push_back({has_text.column.type, std::string()});
    auto may_be = std::make_shared<Bitmap>(rows(), true);
    Bitmap null(rows(), true);
    LEVEE_RETURN_IF_ERROR(columnar::FilterAsStored(has_text, as_stored, *may_be, null));
    for (std::size_t i = 0; i < may_be->words().size(); ++i) may_be->words()[i] &= ~null.words()[i];
    return may_be;
  }
  LEVEE_ASSIGN(const Values raw, ReadAs(columns_, RawPartition(column)));
  auto may_be = std::make_shared<Bitmap>(rows());
  for (std::size_t row = 0; row < rows(); ++row) {
    if (!IsPartitionNull(raw.get(), row)) may_be->Set(row);
  }
  return may_be;
}

Result<std::shared_ptr<const Bitmap>> EntryBounds::CountsMayBeNull(const columnar::ColumnKey& null_count) {
  LEVEE_ASSIGN(const Values nulls, ReadAs(columns_, null_count));
  if (nulls == nullptr) return nullptr;
  auto may_be = std::make_shared<Bitmap>(rows());
  for (std::size_t row = 0; row < rows(); ++row) {
    if (!nulls->IsValid(row) || nulls->ints[row] != 0) may_be->Set(row);
  }
  return may_be;
}

Result<std::shared_ptr<const Bitmap>> EntryBounds::CountsMayBeNonNull(const columnar::ColumnKey& null_count) {
  LEVEE_ASSIGN(const Values nulls, ReadAs(columns_, null_count));
  LEVEE_ASSIGN(const Values records, ReadAs(columns_, columnar::PlainKey(ColumnRole::kNumRecords)));
  if (nulls == nullptr || records == nullptr) return nullptr;
  auto may_be = std::make_shared<Bitmap>(rows(), true);
  for (std::size_t row = 0; row < rows(); ++row) {
    if (nulls->ints[row] != records->ints[row]) continue;
    if (nulls->IsValid(row) && records->IsValid(row)) may_be->Clear(row);
  }
  return may_be;
}

}  // namespace levee::store
