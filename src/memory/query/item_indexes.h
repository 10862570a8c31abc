// What is known of parts beside their rows: custom indexes over them, and how often names occur.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/memory_budget.h"
#include "memory/bank/view.h"
#include "memory/query/segment_indexes.h"

namespace levee::memory {

// How many rows of a part have which name.
struct PartFacts {
  std::unordered_map<std::uint32_t, std::uint32_t> categories, namespaces;
};

// Indexes of segments, which never change, are read from the store, or built where it has none, when questions have paid for
// them: once those that an index would have served cost together what that does. They are held of the memory budget and
// given up for others, and then read or built anew. Thread-safe.
class ItemIndexes {
 public:
  // `build_at_once`: for tests, whatever the price.
  explicit ItemIndexes(MemoryBudget& budget, bool build_at_once = false);

  // Null: it is not there, and not to be there yet. `cost_ns`: of answering without it; `price_ns`: of reading or building it.
  // kCorrupt: what the store has of it.
  struct Price {
    double cost_ns = 0, price_ns = 0;
  };
  Result<std::shared_ptr<const PartIndex>> Find(const std::shared_ptr<Part>& part, const IndexDefinition& definition,
                                                const Interner& names, const Price& price);
  // A question that the index would have served has cost so much more than was expected.
  void Owe(const std::shared_ptr<Part>& part, const IndexDefinition& definition, double cost_ns);
  // Null: of a part that grows.
  Result<std::shared_ptr<const PartFacts>> FactsOf(const std::shared_ptr<Part>& part);

  // Gives up what is of parts that are in no view any more.
  void Forget(const View& view);
  std::int64_t memory_bytes() const;

 private:
  struct Built {
    std::mutex mutex;                        // held while it is read or built
    std::weak_ptr<Part> part;
    std::shared_ptr<const PartIndex> index;  // guarded by mutex_ of ItemIndexes
    MemoryHold hold;                         // likewise
    double owed_ns = 0;                      // likewise: what questions would have spared
    std::uint64_t used = 0;                  // likewise: when, as a number that grows
  };
  struct Known {
    std::weak_ptr<Part> part;
    std::shared_ptr<const PartFacts> facts;
  };
  using Key = std::pair<const Part*, std::string>;

  std::shared_ptr<Built> BuiltOf(const std::shared_ptr<Part>& part, const IndexDefinition& definition);
  std::uint64_t GiveWay(std::uint64_t wanted);

  MemoryBudget& budget_;
  const bool build_at_once_;
  mutable std::mutex mutex_;
  std::map<Key, std::shared_ptr<Built>> built_;            // guarded by mutex_
  std::unordered_map<const Part*, Known> facts_;           // guarded by mutex_
  std::uint64_t clock_ = 0;                                // guarded by mutex_
  std::unique_ptr<MemoryBudget::Evictor> evictor_;         // last: it uses the rest
};

}  // namespace levee::memory
