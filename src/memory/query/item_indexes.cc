#include "memory/query/item_indexes.h"

#include <algorithm>
#include <set>

namespace levee::memory {

ItemIndexes::ItemIndexes(MemoryBudget& budget, bool build_at_once) : budget_(budget), build_at_once_(build_at_once) {
  evictor_ = budget.AddEvictor([this](std::uint64_t wanted) { return GiveWay(wanted); });
}

std::shared_ptr<ItemIndexes::Built> ItemIndexes::BuiltOf(const std::shared_ptr<Part>& part, const IndexDefinition& definition) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Built>& built = built_[{part.get(), definition.text}];
  // A part may be where one was before.
  if (built == nullptr || built->part.lock() != part) {
    built = std::make_shared<Built>();
    built->part = part;
  }
  built->used = ++clock_;
  return built;
}

Result<std::shared_ptr<const PartIndex>> ItemIndexes::Find(const std::shared_ptr<Part>& part, const IndexDefinition& definition,
                                                           const Interner& names, const Price& price) {
  if (!part->is_sorted()) return std::shared_ptr<const PartIndex>();
  const std::shared_ptr<Built> built = BuiltOf(part, definition);
  const auto there = [&]() -> std::shared_ptr<const PartIndex> {
    const std::lock_guard lock(mutex_);
    return built->index;
  };
  if (auto index = there()) return index;
  {
    const std::lock_guard lock(mutex_);
    built->owed_ns += price.cost_ns;
    if (!build_at_once_ && built->owed_ns < price.price_ns) return std::shared_ptr<const PartIndex>();
  }
  const std::lock_guard building(built->mutex);
  if (auto index = there()) return index;
  LEVEE_ASSIGN(auto index, HasIndex(*part, definition) ? ReadIndexOf(static_cast<const StoredSegment&>(*part), definition)
                                                      : PartIndex::Build(*part, definition.keys, names));
  // Where there is no room it serves this question alone, and the next has to pay anew.
  MemoryHold hold(budget_, MemoryPart::kIndexes);
  const bool kept = hold.TryGrow(index->memory_bytes());
  const std::lock_guard lock(mutex_);
  built->owed_ns = 0;
  if (kept) {
    built->hold = std::move(hold);
    built->index = index;
  }
  return index;
}

void ItemIndexes::Owe(const std::shared_ptr<Part>& part, const IndexDefinition& definition, double cost_ns) {
  if (!part->is_sorted()) return;
  const std::shared_ptr<Built> built = BuiltOf(part, definition);
  const std::lock_guard lock(mutex_);
  built->owed_ns += cost_ns;
}

Result<std::shared_ptr<const PartFacts>> ItemIndexes::FactsOf(const std::shared_ptr<Part>& part) {
  if (!part->is_sorted()) return std::shared_ptr<const PartFacts>();
  {
    const std::lock_guard lock(mutex_);
    const auto known = facts_.find(part.get());
    if (known != facts_.end() && known->second.part.lock() == part) return known->second.facts;
  }
  auto facts = std::make_shared<PartFacts>();
  LEVEE_ASSIGN(const RowColumns* columns, part->Columns());
  for (std::size_t row = 0; row < columns->rows(); ++row) {
    ++facts->categories[columns->category[row]];
    ++facts->namespaces[columns->name_space[row]];
  }
  const std::lock_guard lock(mutex_);
  facts_[part.get()] = {part, facts};
  return std::shared_ptr<const PartFacts>(std::move(facts));
}

void ItemIndexes::Forget(const View& view) {
  std::set<std::string> texts;
  if (const auto definitions = IndexDefinitionsOf(view.notes())) {
    for (const IndexDefinition& definition : *definitions) texts.insert(definition.text);
  }
  std::set<const Part*> parts;
  for (const auto& part : view.parts()) parts.insert(part.get());
  const std::lock_guard lock(mutex_);
  std::erase_if(built_, [&](const auto& each) { return !parts.contains(each.first.first) || !texts.contains(each.first.second); });
  std::erase_if(facts_, [&](const auto& each) { return !parts.contains(each.first); });
}

std::int64_t ItemIndexes::memory_bytes() const {
  const std::lock_guard lock(mutex_);
  std::int64_t bytes = 0;
  for (const auto& [key, built] : built_) bytes += static_cast<std::int64_t>(built->hold.bytes());
  return bytes;
}

// The one used longest ago first.
std::uint64_t ItemIndexes::GiveWay(std::uint64_t wanted) {
  // Whoever asks for memory may be one who builds, and looks for room without the lock.
  const std::lock_guard lock(mutex_);
  std::vector<Built*> by_use;
  for (const auto& [key, built] : built_) {
    if (built->index != nullptr) by_use.push_back(built.get());
  }
  std::sort(by_use.begin(), by_use.end(), [](const Built* a, const Built* b) { return a->used < b->used; });
  std::uint64_t given = 0;
  for (Built* built : by_use) {
    if (given >= wanted) break;
    given += built->hold.bytes();
    built->index = nullptr;
    built->hold.Release();
  }
  return given;
}

}  // namespace levee::memory
