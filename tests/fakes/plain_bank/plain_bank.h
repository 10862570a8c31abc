// The memory bank as plainly as it can be written, in memory: the oracle that other banks are compared with.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "levee/memory.h"
#include "tests/fakes/plain_bank/words.h"

namespace levee::fakes {

struct PlainBankOptions {
  std::string replica = "local";
  std::string author;
  std::int64_t content_limit = 16 << 20;  // bytes
  std::optional<int> typos;               // as ItemQuery::typos
  TextWeights weights;
};

// A version of an item, or its removal.
struct PlainRow {
  Item item;
  std::int64_t written = 0;
  std::string author, operation;
  bool removed = false;
};

// Keeps every version of every item in a list and looks through all of them, whatever is asked. What the
// interface leaves open is decided here so:
// - Versions of an id count on past a removal or expiry; a removal takes no number of its own.
// - An item that expired has an "expire" in its history from then on, whether anybody has tidied up or not.
// - Nulls sort last in both directions; of JSON types booleans sort before numbers before strings.
// Texts are ASCII for words (words.h). Retention is for ever; Backup is kUnsupported. Thread-safe.
class PlainBank : public MemoryBank {
 public:
  PlainBank(PlainBankOptions options, Clock& clock) : options_(std::move(options)), clock_(clock) {}

  const std::string& uri() const override { return uri_; }

  Result<std::vector<Written>> Store(std::vector<ItemWrite> items, const WriteOptions& options) override;
  Result<std::vector<Written>> Update(std::vector<ItemChange> changes, const WriteOptions& options) override;
  Result<std::vector<Written>> Delete(std::vector<ItemRemoval> removals,
                                      const WriteOptions& options) override;

  Result<std::optional<Item>> Get(std::string_view id, const ItemVersionChoice& choice) override;
  Result<std::vector<std::optional<Item>>> GetAll(std::span<const std::string> ids,
                                                  const ItemVersionChoice& choice) override;
  Result<std::vector<ItemVersion>> History(std::string_view id, std::optional<std::int64_t> limit) override;

  Result<ItemPage> Find(const ItemQuery& query) override;
  Result<std::int64_t> Count(const ItemQuery& query) override;
  Result<std::vector<FacetCount>> Facets(const ItemQuery& query, FacetField field,
                                         std::int64_t limit) override;
  Result<std::string> Explain(const ItemQuery& query, ExplainFormat format, bool analyze) override;

  Result<std::vector<NamespaceInfo>> Namespaces() override;
  Status SetQuota(std::string_view name_space, const Quota& quota) override;

  Status AddIndex(const IndexSpec& index) override;
  Status DropIndex(std::string_view name) override;
  Result<std::vector<IndexSpec>> Indexes() override;

  Result<MemoryStats> Stats() override;
  // It keeps none.
  Result<StatsHistory> StatsSince(std::int64_t /*since*/) override { return StatsHistory{}; }
  // It has none that could be changed.
  Status UpdateSettings(const std::map<std::string, std::string>& /*settings*/) override { return {}; }
  Status ClearCache() override { return {}; }
  Result<MaintenanceReport> Maintain(const MaintenanceOptions& options) override;
  Result<VerifyReport> Verify() override;
  Status Backup(const std::string& path) override;

 private:
  // The newest row of an id, as of a time; null: none. The item of it is there if it is Live.
  static const PlainRow* Newest(const std::vector<PlainRow>& rows, std::string_view id, std::int64_t as_of);
  static bool Live(const PlainRow* row, std::int64_t now) {
    return row != nullptr && !row->removed && (!row->item.expires || *row->item.expires > now);
  }
  std::vector<const PlainRow*> LiveRows(const std::vector<PlainRow>& rows, std::int64_t as_of) const;
  std::optional<Item> Choose(std::string_view id, const ItemVersionChoice& choice);

  Result<Written> StoreOne(std::vector<PlainRow>& rows, const ItemWrite& write, const WriteOptions& options,
                           std::int64_t now) const;
  Result<Written> UpdateOne(std::vector<PlainRow>& rows, const ItemChange& change,
                            const WriteOptions& options, std::int64_t now) const;
  // NAMESPACE_ERROR: rows hold more than a quota allows, and more than rows_ do.
  Status CheckQuotas(const std::vector<PlainRow>& rows, std::int64_t now) const;
  std::vector<NamespaceInfo> Usage(const std::vector<PlainRow>& rows, std::int64_t now) const;
  // VALIDATION_ERROR, which names the item and its place, from 0, among so many.
  struct Place {
    std::size_t place = 0, count = 0;
  };
  Status Validate(const Item& item, Place place) const;

  // All that match, in the query's order.
  Result<std::vector<Found>> FindAll(const ItemQuery& query);

  const std::string uri_ = "plain:";
  const PlainBankOptions options_;
  Clock& clock_;
  std::mutex mutex_;
  std::vector<PlainRow> rows_;  // as they were written; this and all below guarded by mutex_
  std::map<std::string, Quota> quotas_;
  std::map<std::string, IndexSpec> indexes_;
};

// An error with a code of the bank.
inline std::unexpected<Error> BankError(ErrorCode code, const char* detail, std::string what,
                                        std::string why) {
  return std::unexpected(Error{code, std::move(what), std::move(why), {}, detail});
}

// How `left` stands to `right`, by the definition.
ClockOrder OrderOf(const VectorClock& left, const VectorClock& right);

// `{"a":1,"b":2}`.
std::string ClockText(const VectorClock& clock);

// What a concurrent change comes to by ConflictPolicy::kMerge.
Item MergeItems(const Item& earlier, const Item& later);

}  // namespace levee::fakes
