// What found items are ordered by, and where a page ended.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "levee/memory.h"
#include "memory/bank/view.h"
#include "memory/query/json_value.h"

namespace levee::memory {

enum class OrderField : std::uint8_t {
  kId, kNamespace, kCategory, kContent, kVersion, kCreated, kUpdated, kExpires, kRelevance, kMetadata,
};

struct OrderKey {
  OrderField field = OrderField::kUpdated;
  bool descending = false;
  std::vector<std::string> path;  // of kMetadata

  bool is_same_field(const OrderKey& other) const { return field == other.field && path == other.path; }
};

// A field by its name: "created", "metadata.a.b". INVALID_QUERY: it is none.
Result<OrderKey> ParseOrderField(std::string_view name);

// A row's place in an order: a value for each key, then its id.
struct Place {
  std::vector<SortValue> values;
  std::string id;
};

// Immutable, thread-safe. Nulls come last whichever way a key goes; equal rows by id.
class FoundOrder {
 public:
  // INVALID_QUERY names what is no field.
  static Result<FoundOrder> Of(const ItemQuery& query);

  const std::vector<OrderKey>& keys() const { return keys_; }
  // The newest first, nothing else.
  bool is_newest_first() const {
    return keys_.size() == 1 && keys_[0].field == OrderField::kUpdated && keys_[0].descending;
  }
  // The best first, then the newest.
  bool is_best_first() const {
    return keys_.size() == 2 && keys_[0].field == OrderField::kRelevance && keys_[0].descending &&
           keys_[1].field == OrderField::kUpdated && keys_[1].descending;
  }
  bool needs_score() const;
  // Whether rows can be put in order by their columns but for equal ones: without a record.
  bool begins_with_column() const;
  // The first key of such an order.
  Result<SortValue> FirstValueOf(const RowRef& row, double score, const Interner& names) const;

  // `score`: of relevance.
  Result<Place> PlaceOf(const RowRef& row, double score, const Interner& names, MetadataReader& reader) const;
  bool Before(const Place& left, const Place& right) const;
  // Below, at or above zero, as values of that key come.
  int CompareAt(std::size_t key, const SortValue& left, const SortValue& right) const;

  std::string CursorText(const Place& last) const;
  // INVALID_QUERY: it is no cursor, or one of another order.
  Result<Place> ReadCursor(std::string_view text) const;

 private:
  std::uint64_t Fingerprint() const;
  std::vector<OrderKey> keys_;
};

}  // namespace levee::memory
