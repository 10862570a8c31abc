// Rows as items.
#pragma once

#include <span>
#include <vector>

#include "base/status.h"
#include "levee/memory.h"
#include "memory/bank/view.h"

namespace levee::memory {

struct ItemParts {
  bool content = true;
  bool embedding = true;
};

// `replica`: the bank's own, whose clock is not written down. Of a removal: an item with what the row repeats.
Result<Item> ItemOf(const RowRef& ref, const Interner& names, const std::string& replica, ItemParts parts = {});
struct ItemContext {
  const Interner& names;
  const std::string& replica;
  ItemParts parts = {};
};
// With the row's record, which the caller has read. `item` is a new one.
Status FillItem(const ReadRow& row, const ItemContext& context, Item& item);
// The same.
Result<Item> ItemOf(const ReadRow& row, const Interner& names, const std::string& replica, ItemParts parts = {});

// The records of rows, in their order. What making items of them touches is on its way from memory then: waiting for it
// row by row would be most of the time.
Result<std::vector<ReadRow>> ReadRows(std::span<const RowRef> refs);

// The clock of a row: as written, or the own one's count.
Result<VectorClock> ClockOf(const ColdView& cold, std::int64_t version, const std::string& replica);

}  // namespace levee::memory
