// Gives segments that were made before the custom indexes of the bank were added, or with others, those that it has now.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "memory/query/segment_indexes.h"
#include "memory/store_bank/shared_view.h"
#include "store/bank.h"

namespace levee::memory {

// Segments stand by one another as they are: each that lacks an index, or has one too many, is replaced by one of the same
// chunks and other indexes, all in one step. Built outside of any lock; while somebody else changes the layout, it
// looks again, and keeps what it has built. Used by one thread, once.
class IndexCompletion {
 public:
  // Both outlive it.
  IndexCompletion(store::BankStore& store, SharedView& view) : store_(store), view_(view) {}

  // False: nothing was to do, or others change the layout all the time. Whatever fails, the bank is as it was.
  Result<bool> Run();

 private:
  struct Gap {
    std::shared_ptr<StoredSegment> segment;
    std::vector<IndexDefinition> missing;
    Bytes ended;  // as it is now
  };
  struct Plan {
    std::int64_t generation = 0, merged_position = 0;  // of the view
    std::vector<std::string> wanted;  // names of indexes, each once
    std::vector<Gap> gaps;
    Interner* names = nullptr;        // lives as long as the view
  };
  enum class Outcome { kNothingToDo, kPublished, kLayoutMoved };

  Result<Outcome> Attempt();
  Result<Plan> MakePlan();
  Status Build(const Gap& gap, const Interner& names);
  store::BankMerge MergeOf(const Plan& plan) const;

  using Key = std::pair<std::int64_t, std::string>;  // segment, index
  store::BankStore& store_;
  SharedView& view_;
  std::int64_t planned_ = 0;        // the generation that was looked at last
  std::optional<std::int64_t> staging_;
  std::map<Key, std::vector<std::int64_t>> built_;  // chunks
};

}  // namespace levee::memory
