// The memory bank: items that people and agents store, change and find again, in the same store as the tables.
//
//   auto bank = levee::OpenMemory({});
//   (*bank)->Store({{.item = {.category = "note", .content = "orders is late on Mondays"}}}, {});
//   auto page = (*bank)->Find({.words = "late orders", .tags = {"lake"}});
//
// Everything that may fail returns Result or Status (levee/status.h). Errors carry a code of the bank in Error::detail:
// ITEM_NOT_FOUND INVALID_QUERY STORAGE_ERROR CACHE_ERROR INDEX_ERROR NAMESPACE_ERROR PERMISSION_DENIED CONFLICT_ERROR
// VALIDATION_ERROR VERSION_CONFLICT. Times are microseconds since 1970-01-01, UTC; texts are UTF-8.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "levee/levee.h"
#include "levee/memory_reports.h"
#include "levee/status.h"

namespace levee {

// How often each replica has changed an item: replica -> count.
using VectorClock = std::map<std::string, std::uint64_t>;

enum class ClockOrder : std::uint8_t { kEqual, kBefore, kAfter, kConcurrent };
// How `left` stands to `right`.
ClockOrder CompareClocks(const VectorClock& left, const VectorClock& right);

// One memory. Of a new one only category and content are required.
struct Item {
  std::string id;                        // 1 to 512 bytes, unique in the bank; empty: one is made (UUID, version 7)
  std::string name_space = "default";    // 1 to 255 bytes; '/' parts levels, "team/project"
  std::string category;                  // 1 to 255 bytes
  std::string content;                   // 1 byte to the setting memory_content_limit
  std::vector<std::string> tags;         // in the order given, no tag twice
  std::string metadata = "{}";           // a JSON object, kept as it was written
  std::vector<float> embedding;          // empty: none
  std::string embedding_model;           // whose embedding it is
  std::int64_t version = 0;              // 1, 2, ...; the bank sets it, but of an id that it never had: 0 is 1 then
  VectorClock vector_clock;              // empty: {own replica: version}
  std::int64_t created = 0;              // 0: now
  std::int64_t updated = 0;              // 0: now
  std::optional<std::int64_t> expires;   // from then on it is not there
  std::string checksum;                  // of the content: XXH3, 64 bits, in hex; the bank sets it

  friend bool operator==(const Item&, const Item&) = default;
};

// What two changes that know nothing of each other come to.
enum class ConflictPolicy : std::uint8_t {
  kLastWrite,  // the one updated later, the greater clock text among equals
  kMerge,      // tags of both; metadata of both, the later one's where they differ; content of the later one
  kManual,     // none: the write is a conflict, to be resolved by who wrote it
};

struct WriteOptions {
  std::string author;                    // who, for the history; empty: the setting memory_author
  ConflictPolicy on_conflict = ConflictPolicy::kManual;
};

struct ItemWrite {
  Item item;
  // The version that must be there, 0: none may be. Nothing given: an item of that id gets a new version.
  std::optional<std::int64_t> expected_version;
};

// What of an item changes; the rest stays.
struct ItemChange {
  std::string id;
  std::optional<std::int64_t> expected_version;
  std::optional<std::string> name_space, category, content, metadata;
  std::optional<std::vector<std::string>> tags;
  std::vector<std::string> add_tags, remove_tags;
  std::optional<std::int64_t> expires;   // 0: never
  std::optional<std::vector<float>> embedding;
  std::optional<std::string> embedding_model;
};

struct ItemRemoval {
  std::string id;
  std::optional<std::int64_t> expected_version;
};

// What became of one write. A conflict and a missing item are values: nothing was written.
struct Written {
  enum class Outcome : std::uint8_t { kStored, kUpdated, kDeleted, kKept, kConflict, kNotFound } outcome;
  std::string id;
  std::int64_t version = 0;  // afterwards; of a conflict what is there, 0: nothing
};
// "stored", "updated", "deleted", "kept", "conflict", "not-found".
const char* OutcomeName(Written::Outcome outcome);

// Which version of an item is meant; none of both: the newest.
struct ItemVersionChoice {
  std::optional<std::int64_t> version;
  std::optional<std::int64_t> as_of;     // the newest written at or before that time
};

// One version of an item, as its history has it.
struct ItemVersion {
  Item item;                             // of a deletion: the item as it was
  std::int64_t written = 0;              // when the bank took it
  std::string author;
  std::string operation;                 // "store", "update", "delete", "expire", "import", "restore"
};

enum class Consistency : std::uint8_t {
  kIndexed,   // words find every acknowledged item, whatever that takes
  kEventual,  // words find what is indexed; ItemPage::unindexed says how many items are not
};

// Which items are asked for. Every condition that is given must hold.
struct ItemQuery {
  std::string words;                      // full text, docs/text-search.md has the language; empty: no condition
  std::vector<std::string> ids;           // one of
  std::vector<std::string> namespaces;    // one of; "team/*" is everything below team, "*" all
  std::vector<std::string> categories;    // one of
  std::vector<std::string> tags;          // all of
  std::vector<std::string> any_tags;      // one of
  std::vector<std::string> no_tags;       // none of
  std::string metadata;                   // SQL over JSON paths: "a.b >= 3 AND source = 's1' AND c IS NOT NULL"
  std::optional<std::int64_t> since, until;                  // of `updated`, both ends among them
  std::optional<std::int64_t> created_since, created_until;  // likewise
  std::optional<std::int64_t> as_of;      // the bank as it was then
  // "updated desc, id": fields id, namespace, category, content, version, created, updated, expires, relevance, metadata.PATH.
  // Empty: best first with words, else newest first. Equal ones by id.
  std::string order;
  std::int64_t limit = 20;                // 1 to 10,000
  std::string after;                      // ItemPage::next of the page before
  bool any_word = true;                   // words without an operator between them: one must be there, or all
  std::optional<int> typos;               // of a word at most, 0 to 2; nothing given: the setting memory_text_fuzzy
  Consistency consistency = Consistency::kIndexed;
  bool with_content = true, with_embedding = false, with_snippet = true;
};

struct Found {
  Item item;
  double score = 0;     // BM25; 0 without words
  std::string snippet;  // the best part of the content, found words between the settings' marks; empty without words
  std::string why;      // "words: late (2.1), orders (1.3)", "tag lake"
};

struct ItemPage {
  std::vector<Found> items;
  std::string next;               // for ItemQuery::after; empty: this was the last page
  std::int64_t unindexed = 0;     // items that words could not find yet: of Consistency::kEventual alone
  std::string did_you_mean;       // the words spelled as the bank knows them, where nothing was found
};

enum class FacetField : std::uint8_t { kCategory, kNamespace, kTag, kDay };

// A durable memory. Thread-safe. A write that was acknowledged has reached the disk, unless durability was turned off.
class MemoryBank {
 public:
  virtual ~MemoryBank() = default;

  virtual const std::string& uri() const = 0;

  // One outcome for each, in order. A batch lands whole or not at all, but for those that are conflicts.
  // VALIDATION_ERROR names the first item that is wrong and its place; NAMESPACE_ERROR a quota that is full.
  virtual Result<std::vector<Written>> Store(std::vector<ItemWrite> items, const WriteOptions& options) = 0;
  virtual Result<std::vector<Written>> Update(std::vector<ItemChange> changes, const WriteOptions& options) = 0;
  virtual Result<std::vector<Written>> Delete(std::vector<ItemRemoval> removals, const WriteOptions& options) = 0;

  // Nothing: there is none.
  virtual Result<std::optional<Item>> Get(std::string_view id, const ItemVersionChoice& choice) = 0;
  // In the order asked.
  virtual Result<std::vector<std::optional<Item>>> GetAll(std::span<const std::string> ids,
                                                          const ItemVersionChoice& choice) = 0;
  // Newest first; empty: never there, or past its retention.
  virtual Result<std::vector<ItemVersion>> History(std::string_view id, std::optional<std::int64_t> limit) = 0;

  virtual Result<ItemPage> Find(const ItemQuery& query) = 0;
  virtual Result<std::int64_t> Count(const ItemQuery& query) = 0;
  // Most first, at most `limit`; days as "2024-01-31" of `updated`.
  virtual Result<std::vector<FacetCount>> Facets(const ItemQuery& query, FacetField field, std::int64_t limit) = 0;
  virtual Result<std::string> Explain(const ItemQuery& query, ExplainFormat format, bool analyze) = 0;

  virtual Result<std::vector<NamespaceInfo>> Namespaces() = 0;
  virtual Status SetQuota(std::string_view name_space, const Quota& quota) = 0;

  // Built when it returns. kAlreadyExists, kNotFound; what fails leaves none. Queries answer the same with it and without.
  virtual Status AddIndex(const IndexSpec& index) = 0;
  virtual Status DropIndex(std::string_view name) = 0;
  virtual Result<std::vector<IndexSpec>> Indexes() = 0;

  // Of this process since it opened the bank.
  virtual Result<MemoryStats> Stats() = 0;
  // Of all processes, as collected every memory_statistics; what this one did until now is among it. Intervals count that
  // ended at `since` (microseconds since the epoch) or later.
  virtual Result<StatsHistory> StatsSince(std::int64_t since) = 0;
  // Takes settings up while the bank is open, all or none: key -> value, as in levee.toml; an empty value takes one back to what it
  // was when the bank was opened. VALIDATION_ERROR names a key that is no setting, a value that it cannot have, or a setting that
  // is taken up only when a bank is opened (docs/configuration.md says which).
  virtual Status UpdateSettings(const std::map<std::string, std::string>& settings) = 0;
  // Gives up what is kept in memory only to be faster.
  virtual Status ClearCache() = 0;
  virtual Result<MaintenanceReport> Maintain(const MaintenanceOptions& options) = 0;
  // Items against their checksums and indexes against the items.
  virtual Result<VerifyReport> Verify() = 0;
  // One file, a store of its own; while others write. kAlreadyExists: the file is there.
  virtual Status Backup(const std::string& path) = 0;
};

// The bank in a store; it is made with the first write. Errors as OpenStore has them.
Result<std::unique_ptr<MemoryBank>> OpenMemory(StoreOptions options);

}  // namespace levee
