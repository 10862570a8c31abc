#include "memory/query/key_reader.h"

#include "memory/query/value_range.h"

namespace levee::memory {
namespace {

SortValue Number(std::int64_t number) { return {ValueKind::kNumber, static_cast<long double>(number), {}}; }
SortValue Text(std::string_view text) { return {ValueKind::kText, 0, std::string(text)}; }

}  // namespace

Status KeyReader::Take(const RowColumns& columns, std::uint32_t row, ByteSpan record) {
  columns_ = &columns;
  row_ = row;
  parsed_ = false;
  if (record.empty()) return {};
  LEVEE_ASSIGN(cold_, DecodeCold(record));
  return {};
}

SortValue KeyReader::At(const OrderKey& key) {
  switch (key.field) {
    case OrderField::kId: return Text(cold_.id);
    case OrderField::kMetadata: return MetadataValue(key);
    case OrderField::kNamespace: return Text(names_.Name(columns_->name_space[row_]));
    case OrderField::kCategory: return Text(names_.Name(columns_->category[row_]));
    case OrderField::kVersion: return Number(columns_->version[row_]);
    case OrderField::kCreated: return Number(columns_->created[row_]);
    case OrderField::kUpdated: return Number(columns_->updated[row_]);
    default: break;
  }
  return columns_->expires[row_] == kNever ? MissingValue() : Number(columns_->expires[row_]);
}

SortValue KeyReader::MetadataValue(const OrderKey& key) {
  if (!parsed_) metadata_ = reader_.Read(cold_.metadata);
  parsed_ = true;
  const auto element = ElementAt(metadata_, key.path);
  if (!IsThere(element)) return MissingValue();
  SortValue value = ValueOf(element);
  return value.kind == ValueKind::kNull ? ContainerValue() : value;
}

}  // namespace levee::memory
