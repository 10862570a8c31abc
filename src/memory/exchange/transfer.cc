#include <algorithm>
#include <unordered_map>

#include "base/adaptive_batch.h"
#include "base/hash.h"
#include "base/status.h"
#include "memory/exchange/exchange.h"
#include "memory/json/item_json.h"
#include "memory/model/each_page.h"
#include "memory/model/same_item.h"

namespace levee::memory {
namespace {

constexpr std::int64_t kPageItems = 1'000;
constexpr std::size_t kBatchItemsMax = 20'000;

// The same for the same item, however often it is read.
std::string IdOf(const Item& item) {
  constexpr char kHex[] = "0123456789abcdef";
  const Hash128 hash = HashWide(ItemJson(item));
  std::string id = "import-";
  for (const std::uint64_t half : {hash.high, hash.low}) {
    for (int shift = 60; shift >= 0; shift -= 4) id += kHex[half >> shift & 15];
  }
  return id;
}

class Importer {
 public:
  Importer(MemoryBank& bank, const ImportOptions& options)
      : bank_(bank), options_(options), clock_(options.clock != nullptr ? *options.clock : SystemClock()),
        size_({.target_ns = options.batch_latency_ms * 1'000'000, .first = options.batch_items, .least = 1,
               .most = std::max(kBatchItemsMax, options.batch_items)}) {}

  Result<ImportReport> Run(ItemSource& source) {
    while (true) {
      auto write = source.Next();
      if (!write) {
        if (!options_.skip_wrong || write.error().detail != "VALIDATION_ERROR") {
          LEVEE_RETURN_IF_ERROR(StoreBatch());
          return std::unexpected(std::move(write).error());
        }
        report_.problems.push_back(write.error().ToString());
        if (source.ended()) break;
        continue;
      }
      if (!*write) break;
      ++report_.read;
      Add(std::move(**write));
      if (batch_.size() >= size_.size()) LEVEE_RETURN_IF_ERROR(StoreBatch());
    }
    LEVEE_RETURN_IF_ERROR(StoreBatch());
    return std::move(report_);
  }

 private:
  void Add(ItemWrite write) {
    if (write.item.id.empty()) write.item.id = IdOf(write.item);
    batch_.push_back(std::move(write));
  }

  Status StoreBatch() {
    if (batch_.empty()) return {};
    std::vector<std::string> ids;
    ids.reserve(batch_.size());
    for (const ItemWrite& write : batch_) ids.push_back(write.item.id);
    LEVEE_ASSIGN(const auto there, bank_.GetAll(ids, {}));
    std::vector<ItemWrite> changed;
    std::unordered_map<std::string, const Item*> newest;  // of an id that comes more than once the one before counts
    for (std::size_t i = 0; i < batch_.size(); ++i) {
      const auto [known, first] = newest.try_emplace(ids[i], there[i] ? &*there[i] : nullptr);
      if (known->second != nullptr && SaysTheSame(batch_[i].item, *known->second)) {
        ++report_.unchanged;
        continue;
      }
      known->second = &batch_[i].item;
      changed.push_back(batch_[i]);
    }
    const std::size_t count = changed.size();
    const std::int64_t begin_ns = clock_.MonotonicNanos();
    Status stored = StoreItems(std::move(changed));
    if (stored) size_.Took(count, clock_.MonotonicNanos() - begin_ns);
    batch_.clear();
    return stored;
  }

  Status StoreItems(std::vector<ItemWrite> items) {
    if (items.empty()) return {};
    auto written = bank_.Store(items, {.author = options_.author, .on_conflict = options_.on_conflict});
    if (written) {
      for (const Written& one : *written) Count(one.outcome);
      return {};
    }
    const bool wrong = written.error().detail == "VALIDATION_ERROR";
    if (!wrong || !options_.skip_wrong) return std::unexpected(std::move(written).error());
    if (items.size() == 1) {
      report_.problems.push_back("item '" + items[0].item.id + "': " + written.error().ToString());
      return {};
    }
    // One of them is wrong: the others are stored.
    const auto middle = items.begin() + static_cast<std::ptrdiff_t>(items.size() / 2);
    LEVEE_RETURN_IF_ERROR(StoreItems({items.begin(), middle}));
    return StoreItems({middle, items.end()});
  }

  void Count(Written::Outcome outcome) {
    if (outcome == Written::Outcome::kStored) ++report_.stored;
    if (outcome == Written::Outcome::kUpdated) ++report_.updated;
    if (outcome == Written::Outcome::kKept) ++report_.kept;
    if (outcome == Written::Outcome::kConflict) ++report_.conflicts;
  }

  MemoryBank& bank_;
  const ImportOptions& options_;
  Clock& clock_;
  AdaptiveBatch size_;
  ImportReport report_;
  std::vector<ItemWrite> batch_;
};

}  // namespace

Result<ImportReport> ImportItems(ItemSource& source, MemoryBank& bank, const ImportOptions& options) {
  return Importer(bank, options).Run(source);
}

Result<std::int64_t> ExportItems(MemoryBank& bank, ItemQuery query, ItemSink& sink) {
  query.limit = kPageItems;
  query.with_content = query.with_embedding = true;
  query.with_snippet = false;
  std::int64_t exported = 0;
  LEVEE_RETURN_IF_ERROR(EachPage(bank, std::move(query), [&](const std::vector<Found>& items) -> Status {
    for (const Found& found : items) LEVEE_RETURN_IF_ERROR(sink.Write(found.item));
    exported += static_cast<std::int64_t>(items.size());
    return {};
  }));
  LEVEE_RETURN_IF_ERROR(sink.Finish());
  return exported;
}

}  // namespace levee::memory
