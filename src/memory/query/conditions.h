// The conditions of a query but for words, resolved against the names that rows have.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "levee/memory.h"
#include "memory/bank/view.h"
#include "memory/query/metadata_condition.h"

namespace levee::memory {

// A set of an Interner's numbers.
class NumberSet {
 public:
  void Add(std::uint32_t number);
  bool Has(std::uint32_t number) const {
    if (numbers_.size() == 1) return numbers_.front() == number;
    return HasOfMany(number);
  }
  bool empty() const { return numbers_.empty(); }
  const std::vector<std::uint32_t>& numbers() const { return numbers_; }  // ascending

 private:
  bool HasOfMany(std::uint32_t number) const;
  std::vector<std::uint32_t> numbers_;
};

// Thread-safe. The query must outlive it.
class Conditions {
 public:
  // INVALID_QUERY. `now` in microseconds since the epoch.
  static Result<Conditions> Resolve(const ItemQuery& query, const View& view, std::int64_t now);

  // No row can hold them: a name is asked for that no row has.
  bool nothing() const { return nothing_; }
  // What holds without looking at cold records; of rows that are there at the query's time.
  bool HoldsColumns(const Part& part, const RowColumns& columns, std::uint32_t row) const;
  // The rest of it, from the record. `reader` is the caller's.
  Result<bool> HoldsRecord(Part& part, std::uint32_t row, MetadataReader& reader) const;
  bool needs_record() const { return metadata_ != nullptr; }
  // Whether there is any condition at all beside being there.
  bool narrows() const;
  // Whether the row's id is one of those asked for. `failed`: what reading it said.
  bool HoldsId(Part& part, std::uint32_t row, Status& failed) const;

  // The tags of which a row must have all.
  const std::vector<std::uint32_t>& tags() const { return tags_; }
  // The tags of which a row must have one; nothing is asked when there are none.
  const NumberSet& any_tags() const { return any_tags_; }
  // Bounds of times, both ends among them.
  struct Times {
    std::int64_t since = std::numeric_limits<std::int64_t>::min();
    std::int64_t until = std::numeric_limits<std::int64_t>::max();
    bool narrow() const { return since != Times().since || until != Times().until; }
    bool Have(std::int64_t time) const { return since <= time && time <= until; }
  };
  const Times& updated() const { return updated_; }
  const Times& created() const { return created_; }
  bool any_category() const { return any_category_; }
  bool any_namespace() const { return any_namespace_; }
  const NumberSet& categories() const { return categories_; }
  const NumberSet& namespaces() const { return namespaces_; }
  bool in_the_past() const { return as_of_.has_value(); }
  const MetadataCondition* metadata() const { return metadata_.get(); }

 private:
  bool ResolveNamespaces(const View& view);
  bool HoldsTags(std::span<const std::uint32_t> tags) const;

  const ItemQuery* query_ = nullptr;
  bool nothing_ = false;
  bool any_namespace_ = true, any_category_ = true;
  NumberSet namespaces_, categories_, any_tags_, no_tags_;
  bool wants_any_tag_ = false;
  std::vector<std::uint32_t> tags_;
  Times updated_, created_;
  std::optional<std::int64_t> as_of_;  // the past that is asked for
  std::shared_ptr<const MetadataCondition> metadata_;
};

}  // namespace levee::memory
