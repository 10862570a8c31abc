#include "memory/bank/deciding.h"

#include <algorithm>

#include "memory/bank/conflicts.h"
#include "memory/bank/materialise.h"
#include "memory/model/errors.h"

namespace levee::memory {
namespace {

Written Conflict(const std::string& id, std::int64_t version) { return {Written::Outcome::kConflict, id, version}; }

// Whether the clock is what a bank writes down by leaving it out.
bool IsOwnClock(const Item& item, const std::string& replica) {
  return item.vector_clock.size() == 1 && item.vector_clock.begin()->first == replica &&
         item.vector_clock.begin()->second == static_cast<std::uint64_t>(item.version);
}

void Change(Item& item, const ItemChange& change) {
  if (change.name_space) item.name_space = *change.name_space;
  if (change.category) item.category = *change.category;
  if (change.content) item.content = *change.content;
  if (change.metadata) item.metadata = *change.metadata;
  if (change.tags) item.tags = *change.tags;
  for (const std::string& tag : change.add_tags) {
    if (std::find(item.tags.begin(), item.tags.end(), tag) == item.tags.end()) item.tags.push_back(tag);
  }
  for (const std::string& tag : change.remove_tags) std::erase(item.tags, tag);
  if (change.expires) item.expires = *change.expires == 0 ? std::nullopt : change.expires;
  if (change.embedding) item.embedding = *change.embedding;
  if (change.embedding_model) item.embedding_model = *change.embedding_model;
}

}  // namespace

void Deciding::Decide(WriteRequest& request, BatchBuilder& batch) {
  rows_.clear();
  former_.clear();
  counted_.clear();
  for (WriteOperation& operation : request.operations) {
    Result<Written> written = std::visit(
        [&](auto& each) -> Result<Written> {
          using Each = std::decay_t<decltype(each)>;
          if constexpr (std::is_same_v<Each, ItemWrite>) return Store(each, request);
          if constexpr (std::is_same_v<Each, ItemChange>) return Update(each);
          if constexpr (std::is_same_v<Each, ItemRemoval>) return Remove(each);
        },
        operation);
    if (!written) {
      request.status = std::unexpected(std::move(written).error());
      break;
    }
    request.outcomes.push_back(std::move(*written));
  }
  if (request.status) request.status = quotas_.empty() ? Status() : CheckQuotas();
  if (!request.status) {
    request.outcomes.clear();
    return ForgetRequest();
  }
  for (const Row& row : rows_) AddRow(row, request.author, batch);
}

Status Deciding::CheckQuotas() const {
  for (const auto& [name, change] : change_) {
    const auto quota = quotas_.find(name);
    if (quota == quotas_.end()) continue;
    const auto number = view_.names().Find(name);
    const NamespaceTotal now = number ? view_.totals().Of(*number) : NamespaceTotal();
    const auto exceeds = [](std::int64_t before, std::int64_t more, const std::optional<std::int64_t>& most) {
      return most && more > 0 && before + more > *most;
    };
    const bool items = exceeds(now.items, change.items, quota->second.max_items);
    if (!items && !exceeds(now.content_bytes, change.content_bytes, quota->second.max_bytes)) continue;
    return std::unexpected<Error>(
        Error{ErrorCode::kResourceExhausted, "namespace " + name,
              items ? "its quota of " + std::to_string(*quota->second.max_items) + " items is full"
                    : "its quota of " + std::to_string(*quota->second.max_bytes) + " bytes is full",
              "delete items, or raise the quota", "NAMESPACE_ERROR"});
  }
  return {};
}

Result<Deciding::Current> Deciding::Find(const std::string& id) {
  if (const auto at = pending_.find(id); at != pending_.end()) return at->second;
  Current current;
  LEVEE_ASSIGN(const auto newest, view_.FindNewest(id));
  if (!newest) return current;
  LEVEE_ASSIGN(const RowColumns* columns, newest->part->Columns());
  current.known = true;
  LEVEE_ASSIGN(current.live, View::IsLive(*newest));
  current.version = columns->version[newest->row];
  current.created = columns->created[newest->row];
  current.content_bytes = columns->content_bytes[newest->row];
  current.name_space = view_.names().Name(columns->name_space[newest->row]);
  current.row = *newest;
  return current;
}

Result<Item> Deciding::ItemIn(const Current& current) const {
  if (current.row.part == nullptr) return *current.item;
  return ItemOf(current.row, view_.names(), options_.replica);
}

Result<Written> Deciding::Store(ItemWrite& write, const WriteRequest& request) {
  LEVEE_ASSIGN(const Current current, Find(write.item.id));
  const std::int64_t there = current.live ? current.version : 0;
  if (write.expected_version && *write.expected_version != there) return Conflict(write.item.id, there);
  Item item = std::move(write.item);
  if (item.updated == 0) item.updated = options_.now;
  if (item.created == 0) item.created = current.live ? current.created : item.updated;
  // An item that comes from elsewhere - a file, another bank - goes on from the version that it has there.
  const std::int64_t version = current.known ? current.version + 1 : std::max<std::int64_t>(item.version, 1);
  if (item.vector_clock.empty()) {
    if (current.known) {
      LEVEE_ASSIGN(const Item before, ItemIn(current));
      item.vector_clock = before.vector_clock;
      ++item.vector_clock[options_.replica];
    } else {
      item.vector_clock[options_.replica] = static_cast<std::uint64_t>(version);
    }
  } else if (current.live) {
    Written outcome{Written::Outcome::kKept, item.id, current.version};
    LEVEE_ASSIGN(const bool goes_on, ResolveClocks(item, current, request.on_conflict, outcome));
    if (!goes_on) return outcome;
  }
  item.version = version;
  Written written{current.live ? Written::Outcome::kUpdated : Written::Outcome::kStored, item.id, item.version};
  Put(current.live ? Operation::kUpdate : Operation::kStore, std::move(item), current);
  return written;
}

Result<bool> Deciding::ResolveClocks(Item& item, const Current& current, ConflictPolicy policy, Written& outcome) {
  LEVEE_ASSIGN(const Item there, ItemIn(current));
  const ClockOrder order = CompareClocks(item.vector_clock, there.vector_clock);
  if (order == ClockOrder::kAfter) return true;
  if (order != ClockOrder::kConcurrent) return false;
  if (policy == ConflictPolicy::kManual) {
    outcome.outcome = Written::Outcome::kConflict;
    return false;
  }
  const bool later = item.updated != there.updated ? item.updated > there.updated
                                                   : ClockText(item.vector_clock) > ClockText(there.vector_clock);
  const VectorClock joined = JoinClocks(item.vector_clock, there.vector_clock);
  if (policy == ConflictPolicy::kMerge) {
    LEVEE_ASSIGN(item, later ? MergeItems(there, item) : MergeItems(item, there));
  } else if (!later) {
    return false;
  }
  item.vector_clock = joined;
  return true;
}

Result<Written> Deciding::Update(const ItemChange& change) {
  LEVEE_ASSIGN(const Current current, Find(change.id));
  if (!current.live) return Written{Written::Outcome::kNotFound, change.id, 0};
  if (change.expected_version && *change.expected_version != current.version) return Conflict(change.id, current.version);
  LEVEE_ASSIGN(Item item, ItemIn(current));
  Change(item, change);
  LEVEE_RETURN_IF_ERROR(CheckItem(item, options_.limits));
  item.updated = options_.now;
  ++item.version;
  ++item.vector_clock[options_.replica];
  Written written{Written::Outcome::kUpdated, item.id, item.version};
  Put(Operation::kUpdate, std::move(item), current);
  return written;
}

Result<Written> Deciding::Remove(const ItemRemoval& removal) {
  LEVEE_ASSIGN(Current current, Find(removal.id));
  if (!current.live) return Written{Written::Outcome::kNotFound, removal.id, 0};
  if (removal.expected_version && *removal.expected_version != current.version) {
    return Conflict(removal.id, current.version);
  }
  LEVEE_ASSIGN(Item item, ItemIn(current));
  const Item& kept = items_.emplace_back(std::move(item));
  rows_.push_back({Operation::kDelete, &kept});
  Count(kept.name_space, -1, -std::int64_t{current.content_bytes});
  current.live = false;
  current.row = {};
  current.item = &kept;
  Remember(removal.id, std::move(current));
  return Written{Written::Outcome::kDeleted, removal.id, kept.version};
}

void Deciding::Put(Operation operation, Item item, const Current& before) {
  if (before.live) Count(before.name_space, -1, -std::int64_t{before.content_bytes});
  // What had expired when it came takes no room.
  const bool live = !item.expires || *item.expires > options_.now;
  if (live) Count(item.name_space, 1, static_cast<std::int64_t>(item.content.size()));
  const Item& kept = items_.emplace_back(std::move(item));
  rows_.push_back({operation, &kept});
  Remember(kept.id, {.known = true, .live = live, .version = kept.version,
                     .created = kept.created, .content_bytes = static_cast<std::uint32_t>(kept.content.size()),
                     .name_space = kept.name_space, .row = {}, .item = &kept});
}

void Deciding::Remember(const std::string& id, Current current) {
  const auto at = pending_.find(id);
  former_.emplace_back(id, at == pending_.end() ? std::nullopt : std::optional(at->second));
  pending_[id] = std::move(current);
}

void Deciding::Count(const std::string& name_space, std::int64_t items, std::int64_t content_bytes) {
  NamespaceTotal& total = change_[name_space];
  total.items += items;
  total.content_bytes += content_bytes;
  counted_.push_back({name_space, {items, content_bytes}});
}

void Deciding::ForgetRequest() {
  for (auto former = former_.rbegin(); former != former_.rend(); ++former) {
    if (former->second) {
      pending_[former->first] = std::move(*former->second);
    } else {
      pending_.erase(former->first);
    }
  }
  for (const auto& [name, counted] : counted_) {
    change_[name].items -= counted.items;
    change_[name].content_bytes -= counted.content_bytes;
  }
}

void Deciding::AddRow(const Row& row, const std::string& author, BatchBuilder& batch) {
  const Item& item = *row.item;
  RowView view{.operation = row.operation, .version = item.version, .author = author, .name_space = item.name_space,
               .category = item.category, .tags = {}, .created = item.created, .updated = item.updated,
               .expires = item.expires.value_or(kNever), .content_bytes = 0, .cold = {}, .embedding = {}};
  const Bytes clock = IsOwnClock(item, options_.replica) ? Bytes() : EncodeClock(item.vector_clock);
  Bytes embedding;
  cold_.bytes().clear();
  if (row.operation == Operation::kDelete) {
    EncodeColdRemoval(item.id, clock, cold_);
  } else {
    view.tags.assign(item.tags.begin(), item.tags.end());
    view.content_bytes = static_cast<std::uint32_t>(item.content.size());
    EncodeCold(item, clock, cold_);
    embedding = EncodeEmbedding(item.embedding);
  }
  view.cold = cold_.bytes();
  view.embedding = embedding;
  batch.Add(view);
}

}  // namespace levee::memory
