#include "settings/definitions.h"

#include <algorithm>
#include <charconv>

#include "settings/byte_size.h"
#include "settings/duration.h"
#include "settings/freshness_text.h"

namespace levee::settings {
namespace {

constexpr Definition kDefinitions[] = {
    {.key = "store",
     .environment = "LEVEE_STORE",
     .help = "the store's URI: sqlite:PATH or a path; default levee/levee.db in the user's data folder",
     .may_hold_password = true},
    {.key = "profile",
     .type = SettingType::kProfile,
     .default_text = "default",
     .environment = "LEVEE_PROFILE",
     .help = "other defaults for a surrounding: default, development, production or constrained"},
    {.key = "freshness",
     .type = SettingType::kFreshness,
     .default_text = "fresh",
     .environment = "LEVEE_FRESHNESS",
     .help = "what a reader demands: fresh, bounded:DURATION or cached"},
    {.key = "timezone",
     .default_text = "UTC",
     .environment = "LEVEE_TIMEZONE",
     .help = "zone of times without one, in predicates and partition values"},
    {.key = "memory_limit",
     .type = SettingType::kByteSize,
     .environment = "LEVEE_MEMORY_LIMIT",
     .help = "what the engine keeps in memory at most; default a quarter of the machine's",
     .minimum = "16MB",
     .maximum = "1024TB",
     .profiles = {.development = "512MB", .production = "", .constrained = "64MB"}},
    {.key = "threads",
     .type = SettingType::kInteger,
     .default_text = "0",
     .environment = "LEVEE_THREADS",
     .help = "threads at work; 0: as many as the machine has",
     .minimum = "0",
     .maximum = "1024",
     .profiles = {.development = "2", .production = "", .constrained = "1"},
     .switched_off = "1"},
    {.key = "cache_size",
     .type = SettingType::kByteSize,
     .default_text = "256MB",
     .environment = "LEVEE_CACHE_SIZE",
     .help = "plans, answers, decoded columns and table states kept in memory, all together",
     .minimum = "0",
     .maximum = "1TB",
     .profiles = {.development = "64MB", .production = "1GB", .constrained = "16MB"},
     .switched_off = "0"},
    {.key = "cache_split",
     .type = SettingType::kWord,
     .default_text = "moving",
     .environment = "LEVEE_CACHE_SPLIT",
     .help = "how the caches share cache_size: moving to where it saves most time, or fixed",
     .words = "moving fixed",
     .switched_off = "fixed"},
    {.key = "cache_policy",
     .type = SettingType::kWord,
     .default_text = "lru",
     .environment = "LEVEE_CACHE_POLICY",
     .help = "what a full cache gives up: lru, lfu, fifo, ttl or adaptive",
     .words = "lru lfu fifo ttl adaptive"},
    {.key = "cache_ttl",
     .type = SettingType::kDuration,
     .default_text = "0s",
     .environment = "LEVEE_CACHE_TTL",
     .help = "how long a cached value is used; 0s: as long as there is room",
     .minimum = "0s",
     .maximum = "8760h",
     .switched_off = "0s"},
    {.key = "cache_compression",
     .type = SettingType::kByteSize,
     .default_text = "0",
     .environment = "LEVEE_CACHE_COMPRESSION",
     .help = "cached answers and columns above this size are compressed; 0: none",
     .minimum = "0",
     .maximum = "1TB",
     .switched_off = "0"},
    {.key = "cache_warming",
     .type = SettingType::kSwitch,
     .default_text = "on",
     .environment = "LEVEE_CACHE_WARMING",
     .help = "remember beside the store what is asked most, and ask it at the start: on or off",
     .switched_off = "off"},
    {.key = "warm_time",
     .type = SettingType::kDuration,
     .default_text = "500ms",
     .environment = "LEVEE_WARM_TIME",
     .help = "how long warming goes on at most",
     .minimum = "0s",
     .maximum = "1h"},
    {.key = "result_cache",
     .type = SettingType::kSwitch,
     .default_text = "on",
     .environment = "LEVEE_RESULT_CACHE",
     .help = "keep answers for the next equal question: on or off",
     .switched_off = "off"},
    {.key = "single_flight",
     .type = SettingType::kSwitch,
     .default_text = "on",
     .environment = "LEVEE_SINGLE_FLIGHT",
     .help = "answer equal questions that are asked at once one time, and load what they need once: on or off",
     .switched_off = "off"},
    {.key = "busy_timeout",
     .type = SettingType::kDuration,
     .default_text = "10s",
     .environment = "LEVEE_BUSY_TIMEOUT",
     .help = "how long a writer waits for another",
     .minimum = "0s",
     .maximum = "24h",
     .profiles = {.development = "2s", .production = "30s", .constrained = "30s"}},
    {.key = "batch_latency",
     .type = SettingType::kDuration,
     .default_text = "50ms",
     .environment = "LEVEE_BATCH_LATENCY",
     .help = "how long a transaction of a sync or an import should take; its size follows; 0s: one size for all",
     .minimum = "0s",
     .maximum = "1m",
     .switched_off = "0s"},
    {.key = "timeout",
     .type = SettingType::kDuration,
     .default_text = "0s",
     .environment = "LEVEE_TIMEOUT",
     .help = "how long a command may take before it is cancelled; 0s: as long as it needs",
     .minimum = "0s",
     .maximum = "24h",
     .switched_off = "0s"},
    {.key = "http_connect_timeout",
     .type = SettingType::kDuration,
     .default_text = "5s",
     .environment = "LEVEE_HTTP_CONNECT_TIMEOUT",
     .help = "how long a connection to a cloud may take to open",
     .minimum = "10ms",
     .maximum = "10m"},
    {.key = "http_stall_timeout",
     .type = SettingType::kDuration,
     .default_text = "20s",
     .environment = "LEVEE_HTTP_STALL_TIMEOUT",
     .help = "how long a request to a cloud may go without a byte; in whole seconds",
     .minimum = "1s",
     .maximum = "1h"},
    {.key = "http_request_timeout",
     .type = SettingType::kDuration,
     .default_text = "5m",
     .environment = "LEVEE_HTTP_REQUEST_TIMEOUT",
     .help = "how long one attempt at a request to a cloud may take; 0s: as long as bytes come",
     .minimum = "0s",
     .maximum = "24h",
     .switched_off = "0s"},
    {.key = "http_attempts",
     .type = SettingType::kInteger,
     .default_text = "8",
     .environment = "LEVEE_HTTP_ATTEMPTS",
     .help = "how often a request to a cloud is sent at most when it fails or is throttled",
     .minimum = "1",
     .maximum = "100",
     .switched_off = "1"},
    {.key = "http_retry_time",
     .type = SettingType::kDuration,
     .default_text = "2m",
     .environment = "LEVEE_HTTP_RETRY_TIME",
     .help = "how long a request to a cloud is sent again and again at most",
     .minimum = "0s",
     .maximum = "24h",
     .switched_off = "0s"},
    {.key = "http_parallel",
     .type = SettingType::kInteger,
     .default_text = "16",
     .environment = "LEVEE_HTTP_PARALLEL",
     .help = "reads from a cloud at once, ahead of where they are needed; 1: one after the other",
     .minimum = "1",
     .maximum = "128",
     .profiles = {.development = "", .production = "", .constrained = "4"},
     .switched_off = "1"},
    {.key = "spill_folder",
     .environment = "LEVEE_SPILL_FOLDER",
     .help = "what imports spill, and keep until they are done; default beside the store"},
    {.key = "disabled_rules",
     .environment = "LEVEE_DISABLED_RULES",
     .help = "rules that the planner leaves out: NAME,NAME"},
    {.key = "trace_file",
     .environment = "LEVEE_TRACE_FILE",
     .help = "write which step ran when, as a trace for ui.perfetto.dev, to this file"},
    {.key = "key_indexes",
     .type = SettingType::kSwitch,
     .default_text = "on",
     .environment = "LEVEE_KEY_INDEXES",
     .help = "build sorted indexes of columns that the order of files scatters, and read them: on or off",
     .switched_off = "off"},
    {.key = "encoded_evaluation",
     .type = SettingType::kSwitch,
     .default_text = "on",
     .environment = "LEVEE_ENCODED_EVALUATION",
     .help = "evaluate predicates on columns as they are stored, where decoding them does not pay: on or off",
     .switched_off = "off"},
    {.key = "view_refresh",
     .type = SettingType::kWord,
     .default_text = "background",
     .environment = "LEVEE_VIEW_REFRESH",
     .help = "when kept sums follow commits: commit, background or demand",
     .profiles = {.development = "", .production = "", .constrained = "demand"},
     .words = "commit background demand",
     .switched_off = "demand"},
    {.key = "yield_to_questions",
     .type = SettingType::kSwitch,
     .default_text = "on",
     .environment = "LEVEE_YIELD_TO_QUESTIONS",
     .help = "let threads of questions come before those of imports and compaction at the processor: on or off",
     .switched_off = "off",
     .effect = Effect::kWhileRunning},
    {.key = "collect_metrics",
     .type = SettingType::kSwitch,
     .default_text = "on",
     .environment = "LEVEE_COLLECT_METRICS",
     .help = "count what happens: on or off",
     .profiles = {.development = "", .production = "", .constrained = "off"},
     .switched_off = "off",
     .effect = Effect::kWhileRunning},
#ifndef LEVEE_EMBEDDED  // which has no memory bank
    {.key = "memory_author",
     .environment = "LEVEE_MEMORY_AUTHOR",
     .help = "who changes items of the memory bank, where a write does not say"},
    {.key = "memory_replica",
     .environment = "LEVEE_MEMORY_REPLICA",
     .help = "this store's name in vector clocks; default one made up with its first item"},
    {.key = "memory_durability",
     .type = SettingType::kWord,
     .default_text = "disk",
     .environment = "LEVEE_MEMORY_DURABILITY",
     .help = "what an acknowledged write survives: disk (a power cut) or process (a killed process)",
     .words = "disk process"},
    {.key = "memory_group_commit",
     .type = SettingType::kSwitch,
     .default_text = "on",
     .environment = "LEVEE_MEMORY_GROUP_COMMIT",
     .help = "writers that wait together are one transaction: on or off",
     .switched_off = "off"},
    {.key = "memory_merge",
     .type = SettingType::kWord,
     .default_text = "background",
     .environment = "LEVEE_MEMORY_MERGE",
     .help = "who merges what writing leaves behind: a thread in the background, or memory maintain alone (demand)",
     .words = "background demand"},
    {.key = "memory_content_limit",
     .type = SettingType::kByteSize,
     .default_text = "16MB",
     .environment = "LEVEE_MEMORY_CONTENT_LIMIT",
     .help = "the longest content of an item that is taken",
     .minimum = "1",
     .maximum = "1GB"},
    {.key = "memory_keep",
     .type = SettingType::kDuration,
     .default_text = "0s",
     .environment = "LEVEE_MEMORY_KEEP",
     .help = "how long versions are kept once a newer one, a removal or expiry has ended them; 0s: for ever",
     .minimum = "0s",
     .maximum = "87600h"},
    {.key = "memory_cache_load",
     .type = SettingType::kWord,
     .default_text = "balanced",
     .environment = "LEVEE_MEMORY_CACHE_LOAD",
     .help = "what is mostly done with the memory bank: sets what the other memory_cache settings are by default",
     .words = "balanced read-heavy write-heavy low-memory"},
    {.key = "memory_cache_size",
     .type = SettingType::kByteSize,
     .environment = "LEVEE_MEMORY_CACHE_SIZE",
     .help = "items kept decoded in memory; default 32MB, 128MB, 8MB or 4MB by memory_cache_load; 0: none",
     .minimum = "0",
     .maximum = "1TB",
     .switched_off = "0"},
    {.key = "memory_cache_policy",
     .type = SettingType::kWord,
     .environment = "LEVEE_MEMORY_CACHE_POLICY",
     .help = "which items a full cache gives up: lru, lfu, fifo, ttl or adaptive; default adaptive, of write-heavy loads lru",
     .words = "lru lfu fifo ttl adaptive"},
    {.key = "memory_cache_ttl",
     .type = SettingType::kDuration,
     .default_text = "0s",
     .environment = "LEVEE_MEMORY_CACHE_TTL",
     .help = "how long a cached item is used; 0s: as long as there is room",
     .minimum = "0s",
     .maximum = "8760h",
     .switched_off = "0s"},
    {.key = "memory_cache_lfu_window",
     .type = SettingType::kInteger,
     .default_text = "0",
     .environment = "LEVEE_MEMORY_CACHE_LFU_WINDOW",
     .help = "policy lfu: after how many uses counts decay; 0: ten times the items kept",
     .minimum = "0",
     .maximum = "1000000000"},
    {.key = "memory_cache_lfu_decay",
     .type = SettingType::kInteger,
     .default_text = "50",
     .environment = "LEVEE_MEMORY_CACHE_LFU_DECAY",
     .help = "policy lfu: what is left of 100 uses when counts decay",
     .minimum = "0",
     .maximum = "100"},
    {.key = "memory_cache_learning_rate",
     .type = SettingType::kInteger,
     .default_text = "6",
     .environment = "LEVEE_MEMORY_CACHE_LEARNING_RATE",
     .help = "policy adaptive: by how many items its window moves at a hint that all hints of late agree with",
     .minimum = "1",
     .maximum = "10000"},
    {.key = "memory_cache_performance_threshold",
     .type = SettingType::kInteger,
     .default_text = "0",
     .environment = "LEVEE_MEMORY_CACHE_PERFORMANCE_THRESHOLD",
     .help = "policy adaptive: the window moves once the moves asked for reach so many hundredths of the size",
     .minimum = "0",
     .maximum = "100"},
    {.key = "memory_cache_compression",
     .type = SettingType::kByteSize,
     .environment = "LEVEE_MEMORY_CACHE_COMPRESSION",
     .help = "cached items above this size are compressed; default 0 (none), of low-memory loads 512",
     .minimum = "0",
     .maximum = "1GB",
     .switched_off = "0"},
    {.key = "memory_cache_warm_categories",
     .environment = "LEVEE_MEMORY_CACHE_WARM_CATEGORIES",
     .help = "categories whose newest items are read into memory when the bank is opened (name,name)"},
    {.key = "memory_cache_warm_items",
     .type = SettingType::kInteger,
     .environment = "LEVEE_MEMORY_CACHE_WARM_ITEMS",
     .help = "how many of the newest items are read into memory at the start, of all and of each such category; "
             "default 0, of read-heavy loads 1000",
     .minimum = "0",
     .maximum = "1000000",
     .switched_off = "0"},
    {.key = "memory_text_stemming",
     .default_text = "none",
     .environment = "LEVEE_MEMORY_TEXT_STEMMING",
     .help = "the language whose endings words lose, for example english; none"},
    {.key = "memory_text_stop_words",
     .default_text = "none",
     .environment = "LEVEE_MEMORY_TEXT_STOP_WORDS",
     .help = "the language whose commonest words are not looked for; none"},
    {.key = "memory_text_fuzzy",
     .type = SettingType::kWord,
     .default_text = "auto",
     .environment = "LEVEE_MEMORY_TEXT_FUZZY",
     .help = "typing errors of a word at most: auto (2, of words that no item has), 0, 1 or 2",
     .words = "auto 0 1 2",
     .switched_off = "0"},
    {.key = "memory_text_tags_weight",
     .type = SettingType::kInteger,
     .default_text = "0",
     .environment = "LEVEE_MEMORY_TEXT_TAGS_WEIGHT",
     .help = "what a word in a tag weighs against 100 in the content; 0: words do not find tags",
     .minimum = "0",
     .maximum = "10000",
     .switched_off = "0"},
    {.key = "memory_text_category_weight",
     .type = SettingType::kInteger,
     .default_text = "0",
     .environment = "LEVEE_MEMORY_TEXT_CATEGORY_WEIGHT",
     .help = "what a word in the category weighs against 100 in the content; 0: words do not find categories",
     .minimum = "0",
     .maximum = "10000",
     .switched_off = "0"},
    {.key = "memory_slow",
     .type = SettingType::kDuration,
     .default_text = "100ms",
     .environment = "LEVEE_MEMORY_SLOW",
     .help = "operations of the memory bank that take longer are remembered by memory stats",
     .minimum = "0s",
     .maximum = "1h"},
    {.key = "memory_markdown",
     .environment = "LEVEE_MEMORY_MARKDOWN",
     .help = "a folder that the memory lives in as Markdown files, with the store as its index; none: in the store"},
    {.key = "memory_markdown_folders",
     .default_text = "namespace,category",
     .environment = "LEVEE_MEMORY_MARKDOWN_FOLDERS",
     .help = "its folders: of namespace, category, year, month and day, or none"},
    {.key = "memory_markdown_depth",
     .type = SettingType::kInteger,
     .default_text = "6",
     .environment = "LEVEE_MEMORY_MARKDOWN_DEPTH",
     .help = "how deep folders lie in it at most",
     .minimum = "0",
     .maximum = "32"},
    {.key = "memory_markdown_naming",
     .default_text = "{slug}-{id8}",
     .environment = "LEVEE_MEMORY_MARKDOWN_NAMING",
     .help = "its files' names: id, timestamp, slug, or a template such as {date}-{slug}-{id8}"},
    {.key = "memory_markdown_name_limit",
     .type = SettingType::kInteger,
     .default_text = "80",
     .environment = "LEVEE_MEMORY_MARKDOWN_NAME_LIMIT",
     .help = "bytes of such a name at most",
     .minimum = "16",
     .maximum = "180"},
    {.key = "memory_markdown_front_matter",
     .type = SettingType::kWord,
     .default_text = "yaml",
     .environment = "LEVEE_MEMORY_MARKDOWN_FRONT_MATTER",
     .help = "what the heads of its files are written in: yaml, json, toml, or none",
     .words = "yaml json toml none"},
    {.key = "memory_markdown_contents",
     .type = SettingType::kSwitch,
     .default_text = "off",
     .environment = "LEVEE_MEMORY_MARKDOWN_CONTENTS",
     .help = "a table of contents in each of its files",
     .switched_off = "off"},
    {.key = "memory_markdown_watch",
     .type = SettingType::kWord,
     .default_text = "events",
     .environment = "LEVEE_MEMORY_MARKDOWN_WATCH",
     .help = "how edits made in it are noticed: events of the kernel, polling, or off: when it is opened",
     .words = "events polling off",
     .switched_off = "off"},
    {.key = "memory_markdown_poll_interval",
     .type = SettingType::kDuration,
     .default_text = "1s",
     .environment = "LEVEE_MEMORY_MARKDOWN_POLL_INTERVAL",
     .help = "how often it is looked at without events",
     .minimum = "10ms",
     .maximum = "24h"},
    {.key = "memory_markdown_rescan_interval",
     .type = SettingType::kDuration,
     .default_text = "0s",
     .environment = "LEVEE_MEMORY_MARKDOWN_RESCAN_INTERVAL",
     .help = "how often all of it is compared with the index though no event came; 0s: never",
     .minimum = "0s",
     .maximum = "168h",
     .switched_off = "0s"},
    {.key = "memory_markdown_sync",
     .type = SettingType::kWord,
     .default_text = "later",
     .environment = "LEVEE_MEMORY_MARKDOWN_SYNC",
     .help = "when its files reach the disk: later (within a second, the index vouches for them until then) or each write",
     .words = "later each"},
    {.key = "memory_markdown_git",
     .type = SettingType::kWord,
     .default_text = "off",
     .environment = "LEVEE_MEMORY_MARKDOWN_GIT",
     .help = "whether its changes are committed: off, each write, or batched",
     .words = "off each batched",
     .switched_off = "off"},
    {.key = "memory_markdown_git_interval",
     .type = SettingType::kDuration,
     .default_text = "10s",
     .environment = "LEVEE_MEMORY_MARKDOWN_GIT_INTERVAL",
     .help = "how often batched commits are made",
     .minimum = "10ms",
     .maximum = "24h"},
    {.key = "memory_markdown_git_init",
     .type = SettingType::kSwitch,
     .default_text = "off",
     .environment = "LEVEE_MEMORY_MARKDOWN_GIT_INIT",
     .help = "make it a git repository where it lies in none",
     .switched_off = "off"},
#endif
};

std::unexpected<Error> Refuse(const Definition& definition, std::string_view text, const std::string& why,
                              std::string hint = {}) {
  return Fail(ErrorCode::kInvalidArgument, std::string(definition.key), "'" + std::string(text) + "' " + why,
              std::move(hint));
}

Result<std::int64_t> ParseInteger(const Definition& definition, std::string_view text) {
  std::int32_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && rest == text.data() + text.size() && value >= 0) return value;
  return Refuse(definition, text, "is no whole number from 0 on");
}

// The number that bounds are held against; 0 where a type has none.
Result<std::int64_t> NumberOf(const Definition& definition, std::string_view text) {
  switch (definition.type) {
    case SettingType::kInteger: return ParseInteger(definition, text);
    case SettingType::kByteSize: return ParseByteSize(text);
    case SettingType::kDuration: return ParseDuration(text);
    default: return 0;
  }
}

Status CheckBounds(const Definition& definition, std::string_view text) {
  LEVEE_ASSIGN(const std::int64_t number, NumberOf(definition, text));
  const std::string range = "it goes from " + BoundsText(definition);
  if (!definition.minimum.empty() && number < NumberOf(definition, definition.minimum).value_or(INT64_MIN)) {
    return Refuse(definition, text, "is less than " + std::string(definition.minimum), range);
  }
  if (!definition.maximum.empty() && number > NumberOf(definition, definition.maximum).value_or(INT64_MAX)) {
    return Refuse(definition, text, "is more than " + std::string(definition.maximum), range);
  }
  return {};
}

bool IsOneOf(std::string_view words, std::string_view text) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == text) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

template <typename T>
Status AsStatus(const Result<T>& result) {
  if (!result) return std::unexpected(result.error());
  return {};
}

}  // namespace

std::string_view TypeName(SettingType type) {
  switch (type) {
    case SettingType::kText: return "text";
    case SettingType::kInteger: return "integer";
    case SettingType::kByteSize: return "size";
    case SettingType::kDuration: return "duration";
    case SettingType::kFreshness: return "freshness";
    case SettingType::kSwitch: return "on or off";
    case SettingType::kProfile: return "profile";
    case SettingType::kWord: return "word";
  }
  return "text";
}

std::span<const Definition> Definitions() { return kDefinitions; }

const Definition* FindDefinition(std::string_view key) {
  for (const Definition& definition : kDefinitions) {
    if (definition.key == key) return &definition;
  }
  return nullptr;
}

std::string_view DefaultUnder(const Definition& definition, std::string_view profile) {
  std::string_view text;
  if (profile == "development") text = definition.profiles.development;
  if (profile == "production") text = definition.profiles.production;
  if (profile == "constrained") text = definition.profiles.constrained;
  return text.empty() ? definition.default_text : text;
}

std::string BoundsText(const Definition& definition) {
  if (definition.minimum.empty()) return {};
  return std::string(definition.minimum) + " to " + std::string(definition.maximum);
}

Status CheckValue(const Definition& definition, std::string_view text) {
  if (text.empty()) return {};
  switch (definition.type) {
    case SettingType::kText: return {};
    case SettingType::kInteger:
    case SettingType::kByteSize:
    case SettingType::kDuration: return CheckBounds(definition, text);
    case SettingType::kFreshness: return AsStatus(ParseFreshness(text));
    case SettingType::kSwitch:
      if (text == "on" || text == "off") return {};
      return Refuse(definition, text, "is neither on nor off");
    case SettingType::kProfile:
      if (std::ranges::find(kProfileNames, text) != kProfileNames.end()) return {};
      return Refuse(definition, text, "is no profile", "default, development, production or constrained");
    case SettingType::kWord:
      if (IsOneOf(definition.words, text)) return {};
      return Refuse(definition, text, "is not known", "one of: " + std::string(definition.words));
  }
  return {};
}

}  // namespace levee::settings
