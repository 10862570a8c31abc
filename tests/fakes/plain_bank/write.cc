// Store, Update and Delete of the plain bank: each works on a copy of all rows, and keeps it when everything
// went well.
#include <algorithm>
#include <array>
#include <random>
#include <set>

#include "base/hash.h"
#include "base/status.h"
#include "tests/fakes/plain_bank/json.h"
#include "tests/fakes/plain_bank/plain_bank.h"

namespace levee::fakes {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

std::string ChecksumOf(std::string_view content) {
  std::string hex;
  for (int shift = 60; shift >= 0; shift -= 4) hex += kHex[(Hash64(content) >> shift) & 15];
  return hex;
}

// UUID, version 7: 48 bits of milliseconds, the rest random.
std::string MakeId(std::int64_t now_micros) {
  static thread_local std::mt19937_64 random{std::random_device{}()};
  const auto ms = static_cast<std::uint64_t>(now_micros / 1000);
  const std::array<std::uint64_t, 2> halves = {ms << 16 | 0x7000 | (random() & 0xFFF),
                                               (random() & 0x3FFF'FFFF'FFFF'FFFF) | 0x8000'0000'0000'0000};
  std::string id;
  for (int digit = 0; digit < 32; ++digit) {
    if (digit == 8 || digit == 12 || digit == 16 || digit == 20) id += '-';
    id += kHex[(halves[digit / 16] >> (60 - 4 * (digit % 16))) & 15];
  }
  return id;
}

Written Outcome(Written::Outcome outcome, const std::string& id, std::int64_t version) {
  return {outcome, id, version};
}

}  // namespace

Status PlainBank::Validate(const Item& item, Place place) const {
  const auto wrong = [&](const std::string& why) {
    const std::string number = std::to_string(place.place + 1) + " of " + std::to_string(place.count);
    return BankError(ErrorCode::kInvalidArgument, "VALIDATION_ERROR", "item " + item.id + " (number " + number + ")", why);
  };
  const auto text = [](const std::string& value, std::size_t max) {
    return !value.empty() && value.size() <= max && IsUtf8(value);
  };
  const auto name = [&](const std::string& value, std::size_t max) {
    return text(value, max) && value.find('\0') == std::string::npos;
  };
  if (!item.id.empty() && !name(item.id, 512)) return wrong("the id is not UTF-8 of 1 to 512 bytes without NUL");
  if (!name(item.name_space, 255)) return wrong("the namespace is not UTF-8 of 1 to 255 bytes without NUL");
  if (!name(item.category, 255)) return wrong("the category is not UTF-8 of 1 to 255 bytes without NUL");
  const auto limit = static_cast<std::size_t>(options_.content_limit);
  if (!text(item.content, limit)) return wrong("the content is empty, too long or not UTF-8");
  std::set<std::string> tags;
  for (const std::string& tag : item.tags) {
    if (!name(tag, 255)) return wrong("a tag is not UTF-8 of 1 to 255 bytes without NUL");
    if (!tags.insert(tag).second) return wrong("a tag stands twice");
  }
  const auto metadata = ParseJson(item.metadata);
  if (!metadata || metadata->kind != Json::Kind::kObject) return wrong("the metadata is no JSON object");
  return {};
}

Result<std::vector<Written>> PlainBank::Store(std::vector<ItemWrite> items, const WriteOptions& options) {
  const std::lock_guard locked(mutex_);
  const std::int64_t now = clock_.NowMicros();
  for (std::size_t i = 0; i < items.size(); ++i) {
    LEVEE_RETURN_IF_ERROR(Validate(items[i].item, {i, items.size()}));
    if (items[i].item.id.empty()) items[i].item.id = MakeId(now);
  }
  std::vector<PlainRow> rows = rows_;
  std::vector<Written> outcomes;
  for (const ItemWrite& write : items) {
    LEVEE_ASSIGN(outcomes.emplace_back(), StoreOne(rows, write, options, now));
  }
  LEVEE_RETURN_IF_ERROR(CheckQuotas(rows, now));
  rows_ = std::move(rows);
  return outcomes;
}

Result<Written> PlainBank::StoreOne(std::vector<PlainRow>& rows, const ItemWrite& write,
                                    const WriteOptions& options, std::int64_t now) const {
  const PlainRow* const newest = Newest(rows, write.item.id, now);
  const Item* const there = Live(newest, now) ? &newest->item : nullptr;
  const std::int64_t version = there != nullptr ? there->version : 0;
  const Written conflict = Outcome(Written::Outcome::kConflict, write.item.id, version);
  if (write.expected_version && *write.expected_version != version) return conflict;

  Item item = write.item;
  if (item.updated == 0) item.updated = now;
  if (item.created == 0) item.created = there != nullptr ? there->created : item.updated;
  if (there != nullptr && !item.vector_clock.empty()) {
    const ClockOrder order = OrderOf(item.vector_clock, there->vector_clock);
    if (order == ClockOrder::kBefore || order == ClockOrder::kEqual) {
      return Outcome(Written::Outcome::kKept, item.id, version);
    }
    if (order == ClockOrder::kConcurrent) {
      if (options.on_conflict == ConflictPolicy::kManual) return conflict;
      const bool later = item.updated != there->updated
                             ? item.updated > there->updated
                             : ClockText(item.vector_clock) > ClockText(there->vector_clock);
      if (options.on_conflict == ConflictPolicy::kMerge) {
        item = later ? MergeItems(*there, item) : MergeItems(item, *there);
      } else if (!later) {
        return Outcome(Written::Outcome::kKept, item.id, version);
      }
      for (const auto& [replica, count] : there->vector_clock) {
        item.vector_clock[replica] = std::max(item.vector_clock[replica], count);
      }
      for (const auto& [replica, count] : write.item.vector_clock) {
        item.vector_clock[replica] = std::max(item.vector_clock[replica], count);
      }
    }
  } else if (item.vector_clock.empty()) {
    if (newest != nullptr) item.vector_clock = newest->item.vector_clock;
    item.vector_clock[options_.replica] += newest != nullptr || write.item.version < 1 ? 1 : static_cast<std::uint64_t>(write.item.version);
  }
  item.version = newest != nullptr ? newest->item.version + 1 : std::max<std::int64_t>(write.item.version, 1);
  item.checksum = ChecksumOf(item.content);
  const auto outcome = there != nullptr ? Written::Outcome::kUpdated : Written::Outcome::kStored;
  const Written written = Outcome(outcome, item.id, item.version);
  rows.push_back({std::move(item), now, options.author.empty() ? options_.author : options.author,
                  outcome == Written::Outcome::kStored ? "store" : "update"});
  return written;
}

Result<std::vector<Written>> PlainBank::Update(std::vector<ItemChange> changes, const WriteOptions& options) {
  const std::lock_guard locked(mutex_);
  const std::int64_t now = clock_.NowMicros();
  std::vector<PlainRow> rows = rows_;
  std::vector<Written> outcomes;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    LEVEE_ASSIGN(outcomes.emplace_back(), UpdateOne(rows, changes[i], options, now));
    const bool changed = outcomes.back().outcome == Written::Outcome::kUpdated;
    if (changed) LEVEE_RETURN_IF_ERROR(Validate(rows.back().item, {i, changes.size()}));
  }
  LEVEE_RETURN_IF_ERROR(CheckQuotas(rows, now));
  rows_ = std::move(rows);
  return outcomes;
}

Result<Written> PlainBank::UpdateOne(std::vector<PlainRow>& rows, const ItemChange& change,
                                     const WriteOptions& options, std::int64_t now) const {
  const PlainRow* const newest = Newest(rows, change.id, now);
  if (!Live(newest, now)) return Outcome(Written::Outcome::kNotFound, change.id, 0);
  if (change.expected_version && *change.expected_version != newest->item.version) {
    return Outcome(Written::Outcome::kConflict, change.id, newest->item.version);
  }
  Item item = newest->item;
  if (change.name_space) item.name_space = *change.name_space;
  if (change.category) item.category = *change.category;
  if (change.content) item.content = *change.content;
  if (change.metadata) item.metadata = *change.metadata;
  if (change.tags) item.tags = *change.tags;
  for (const std::string& tag : change.add_tags) {
    if (std::ranges::find(item.tags, tag) == item.tags.end()) item.tags.push_back(tag);
  }
  for (const std::string& tag : change.remove_tags) std::erase(item.tags, tag);
  if (change.expires) item.expires = *change.expires == 0 ? std::nullopt : change.expires;
  if (change.embedding) item.embedding = *change.embedding;
  if (change.embedding_model) item.embedding_model = *change.embedding_model;
  item.updated = now;
  ++item.version;
  ++item.vector_clock[options_.replica];
  item.checksum = ChecksumOf(item.content);
  const Written written = Outcome(Written::Outcome::kUpdated, item.id, item.version);
  rows.push_back({std::move(item), now, options.author.empty() ? options_.author : options.author, "update"});
  return written;
}

Result<std::vector<Written>> PlainBank::Delete(std::vector<ItemRemoval> removals,
                                               const WriteOptions& options) {
  const std::lock_guard locked(mutex_);
  const std::int64_t now = clock_.NowMicros();
  std::vector<Written> outcomes;
  for (const ItemRemoval& removal : removals) {
    const PlainRow* const newest = Newest(rows_, removal.id, now);
    const std::int64_t version = Live(newest, now) ? newest->item.version : 0;
    if (version == 0) {
      outcomes.push_back(Outcome(Written::Outcome::kNotFound, removal.id, 0));
    } else if (removal.expected_version && *removal.expected_version != version) {
      outcomes.push_back(Outcome(Written::Outcome::kConflict, removal.id, version));
    } else {
      outcomes.push_back(Outcome(Written::Outcome::kDeleted, removal.id, version));
      PlainRow row{newest->item, now, options.author.empty() ? options_.author : options.author, "delete",
                   true};
      rows_.push_back(std::move(row));
    }
  }
  return outcomes;
}

Status PlainBank::CheckQuotas(const std::vector<PlainRow>& rows, std::int64_t now) const {
  std::map<std::string, NamespaceInfo> before;
  for (NamespaceInfo& info : Usage(rows_, now)) before[info.name] = info;
  for (const NamespaceInfo& info : Usage(rows, now)) {
    const bool items =
        info.quota.max_items && info.items > *info.quota.max_items && info.items > before[info.name].items;
    const bool bytes = info.quota.max_bytes && info.content_bytes > *info.quota.max_bytes &&
                       info.content_bytes > before[info.name].content_bytes;
    if (items || bytes) {
      return BankError(ErrorCode::kResourceExhausted, "NAMESPACE_ERROR", info.name, "its quota is full");
    }
  }
  return {};
}

}  // namespace levee::fakes
