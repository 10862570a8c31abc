// The values that rows have for the keys of indexes.
#pragma once

#include <cstdint>

#include "memory/bank/interner.h"
#include "memory/bank/row_columns.h"
#include "memory/query/order.h"

namespace levee::memory {

// One row after the other; its metadata is parsed once, however many keys look at it. Not thread-safe.
class KeyReader {
 public:
  // `names` outlives it.
  explicit KeyReader(const Interner& names) : names_(names) {}

  static bool NeedsRecord(const OrderKey& key) { return key.field == OrderField::kId || key.field == OrderField::kMetadata; }

  // Both outlive the values. `record` may be empty where no key needs it.
  Status Take(const RowColumns& columns, std::uint32_t row, ByteSpan record);
  SortValue At(const OrderKey& key);

 private:
  SortValue MetadataValue(const OrderKey& key);

  const Interner& names_;
  const RowColumns* columns_ = nullptr;
  std::uint32_t row_ = 0;
  ColdView cold_;
  MetadataReader reader_;
  bool parsed_ = false;
  simdjson::dom::element metadata_;
};

}  // namespace levee::memory
