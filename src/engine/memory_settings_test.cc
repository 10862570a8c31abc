// Each setting of the memory bank: what it changes, at the start and while the bank is open.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "engine/engine.h"
#include "engine/memory_setup.h"
#include "memory/store_bank/option_settings.h"
#include "metrics/metrics.h"
#include "store/open/open.h"

// Syncs of this process, whoever asks for them: SQLite calls these.
namespace {
std::atomic<int> syncs = 0;
}  // namespace
extern "C" int fsync(int /*file*/) {
  ++syncs;
  return 0;
}
extern "C" int fdatasync(int /*file*/) {
  ++syncs;
  return 0;
}

namespace levee::engine {
namespace {

namespace fs = std::filesystem;
using Texts = std::map<std::string, std::string>;

// A bank in a folder of its own.
class Bed {
 public:
  Bed() {
    std::string name = (fs::temp_directory_path() / "levee-settings-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~Bed() {
    Close();
    fs::remove_all(folder_);
  }
  void Open(const Texts& texts) {
    settings::Inputs inputs{.flags = texts, .environment = [](const std::string&) { return std::optional<std::string>(); }};
    inputs.flags["store"] = path();
    auto options = OptionsFromSettings(settings::Settings::Load(inputs).value()).value();
    options.on_note = [this](const std::string& note) {
      const std::lock_guard lock(mutex_);
      notes_ += note + '\n';
    };
    engine_ = Engine::Open(std::move(options)).value();
    bank_ = engine_->memory().value();
  }
  void Close() { engine_.reset(); }

  MemoryBank& bank() { return *bank_; }
  Engine& engine() { return *engine_; }
  std::string path() const { return folder_ + "/levee.db"; }
  std::string notes() {
    const std::lock_guard lock(mutex_);
    return notes_;
  }

  void Put(Item item) {
    if (item.category.empty()) item.category = "note";
    const auto written = bank_->Store({{.item = std::move(item), .expected_version = {}}}, {});
    if (!written) last_error_ = written.error().detail;
  }
  void PutMany(int count, std::size_t content_bytes = 20) {
    std::vector<ItemWrite> items;
    for (int i = 0; i < count; ++i) {
      Item item{.id = "many" + std::to_string(i), .category = "many", .content = std::string(content_bytes, 'x')};
      for (char& c : item.content) c = static_cast<char>('a' + (random_ = random_ * 1'103'515'245 + 12'345) / 65'536 % 26);
      item.metadata = "{\"n\":" + std::to_string(i) + "}";
      items.push_back({.item = std::move(item), .expected_version = {}});
    }
    ASSERT_TRUE(bank_->Store(std::move(items), {}));
  }
  const std::string& last_error() const { return last_error_; }

 private:
  std::string folder_;
  std::unique_ptr<Engine> engine_;
  MemoryBank* bank_ = nullptr;
  std::mutex mutex_;
  std::string notes_;  // guarded by mutex_
  std::string last_error_;
  std::uint32_t random_ = 7;
};

// What must not happen is given this time to happen in.
void WaitAMoment() { std::this_thread::sleep_for(std::chrono::milliseconds(150)); }

std::string YesNo(bool yes) { return yes ? "yes" : "no"; }

// What becomes of a write that comes while another transaction stands for so many milliseconds.
std::string WriteBehind(Bed& bed, int held_ms) {
  auto writer = bed.engine().store().bank().BeginWrite(false).value();
  std::string outcome;
  {
    const std::jthread other([&] {
      const auto written = bed.bank().Store({{.item = {.id = "behind", .category = "note", .content = "x"}}}, {});
      outcome = written ? "stored" : written.error().detail;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(held_ms));
    writer.reset();
  }
  return outcome;
}

std::string Warns(Bed& bed, const std::string& text) {
  const MemoryStats stats = bed.bank().Stats().value();
  return YesNo(std::ranges::any_of(stats.warnings, [&](const std::string& warning) { return warning.contains(text); }));
}

// Of the file, as its header says: https://sqlite.org/fileformat.html, offset 36.
std::uint32_t FreePages(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(36);
  std::uint32_t pages = 0;
  for (int i = 0; i < 4; ++i) pages = pages << 8 | static_cast<std::uint8_t>(file.get());
  return pages;
}

std::int64_t LogBytes(const Bed& bed) {
  std::error_code none;
  const auto size = fs::file_size(bed.path() + "-wal", none);
  return none ? 0 : static_cast<std::int64_t>(size);
}

// The same, where the transaction is another process's, as far as SQLite can tell.
std::string OutcomeBehindAnotherProcess(Bed& bed) {
  bed.Put({.id = "a", .content = "x"});
  auto other = store::OpenStore(bed.path(), {}).value();
  auto writer = other->bank().BeginWrite(false).value();
  std::string outcome;
  {
    const std::jthread behind([&] {
      const auto written = bed.bank().Store({{.item = {.id = "b", .category = "note", .content = "x"}}}, {});
      outcome = written ? "stored" : written.error().detail;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    writer.reset();
  }
  return outcome;
}

struct Case {
  const char* key;
  const char* value;
  bool while_running;
  std::function<std::string(Bed&)> observe;
  const char* by_default;  // what is seen without it
  const char* with_it;
  Texts beside = {};       // other settings, in both
};

std::string AuthorOf(Bed& bed) {
  bed.Put({.id = "a", .content = "x"});
  return bed.bank().History("a", 1).value().front().author;
}

std::string HasReplica(Bed& bed) {
  bed.Put({.id = "a", .content = "x"});
  return YesNo(bed.bank().Get("a", {}).value()->vector_clock.contains("here"));
}

std::string SyncsOfAWrite(Bed& bed) {
  bed.Put({.id = "a", .content = "x"});  // makes the bank
  syncs = 0;
  bed.Put({.id = "b", .content = "x"});
  return YesNo(syncs > 0);
}

std::string TransactionsOfWaitingWriters(Bed& bed) {
  constexpr int kWriters = 4;
  bed.Put({.id = "a", .content = "x"});
  auto lock = bed.engine().store().bank().BeginWrite(false).value();
  const std::int64_t before = metrics::ReadCounter(metrics::Metric::kStoreCommits);
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < kWriters; ++i) writers.emplace_back([&bed, i] { bed.Put({.id = "w" + std::to_string(i), .content = "x"}); });
    WaitAMoment();  // one waits for the lock, the others for that one
    lock.reset();
  }
  return std::to_string(metrics::ReadCounter(metrics::Metric::kStoreCommits) - before);
}

std::string StaysInTheTail(Bed& bed) {
  for (int i = 0; i < 2; ++i) bed.PutMany(4'200);
  WaitAMoment();
  return YesNo(bed.bank().Stats().value().segments == 0);
}

std::string TakesLongContent(Bed& bed) {
  bed.Put({.id = "a", .content = std::string(500, 'x')});
  return bed.last_error().empty() ? "taken" : bed.last_error();
}

std::string VersionsAfterUpkeep(Bed& bed) {
  bed.Put({.id = "a", .content = "first"});
  bed.Put({.id = "a", .content = "second"});
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_TRUE(bed.bank().Maintain({}));
  return std::to_string(bed.bank().History("a", {}).value().size());
}

std::function<std::string(Bed&)> Finds(const char* words) {
  return [words](Bed& bed) {
    bed.Put({.id = "a", .category = "kitchen", .content = "the cook runs a search", .tags = {"garden"}});
    return YesNo(bed.bank().Count({.words = words}).value_or(0) == 1);
  };
}

std::string RemembersEveryGet(Bed& bed) {
  bed.Put({.id = "a", .content = "x"});
  EXPECT_TRUE(bed.bank().Get("a", {}));
  const auto slow = bed.bank().Stats().value().slow;
  return YesNo(std::ranges::any_of(slow, [](const SlowOperation& each) { return each.operation == "get" && each.text == "a"; }));
}

std::string TellsEveryGet(Bed& bed) {
  bed.Put({.id = "a", .content = "x"});
  EXPECT_TRUE(bed.bank().Get("a", {}));
  return YesNo(bed.notes().contains("memory: get ") && bed.notes().contains(" rows examined: a"));
}

std::string RemembersPlans(Bed& bed) {
  bed.Put({.id = "a", .content = "x"});
  EXPECT_TRUE(bed.bank().Find({.categories = {"note"}}));
  const auto slow = bed.bank().Stats().value().slow;
  return slow.empty() ? "nothing is slow" : YesNo(slow.front().plan.contains("tail"));
}

std::string AnswersALongQuestion(Bed& bed) {
  bed.PutMany(30'000);
  const auto found = bed.bank().Count({.metadata = "n + 1 > 0 OR n = 12345678"});
  const auto counted = found ? found : bed.bank().Count({.metadata = "n >= 0 AND n <= 100000000 AND n != 77777777"});
  return counted ? "answered" : counted.error().detail;
}

std::string KeepsStatisticsAtTheEnd(Bed& bed) {
  bed.Put({.id = "a", .content = "x"});
  bed.Close();
  return YesNo(fs::exists(bed.path() + "-memory-statistics"));
}

std::string WarnsOfLatency(Bed& bed) {
  WriteBehind(bed, 250);
  return Warns(bed, "store: ");
}

std::string WarnsOfLockWaits(Bed& bed) {
  WriteBehind(bed, 60);
  return Warns(bed, "writers: wait");
}

std::string WarnsOfErrors(Bed& bed) {
  for (int i = 0; i < 30; ++i) bed.Put({.id = "a", .content = i % 3 == 0 ? "" : "x"});
  return Warns(bed, "store: 33.3 % of the calls failed");
}

// All but the first looks at each of a few items hit.
std::string WarnsOfMisses(Bed& bed) {
  bed.PutMany(20, 400);
  EXPECT_TRUE(bed.bank().Maintain({}));
  for (int i = 0; i < 4'000; ++i) EXPECT_TRUE(bed.bank().Get("many" + std::to_string(i % 20), {}));
  return Warns(bed, "of the looks hit");
}

// Items whose contents pack well, in a segment.
void PutAlike(Bed& bed, int count) {
  std::vector<ItemWrite> items;
  for (int i = 0; i < count; ++i) {
    items.push_back({.item = {.id = "many" + std::to_string(i), .category = "many", .content = std::string(2'000, 'x')},
                     .expected_version = {}});
  }
  EXPECT_TRUE(bed.bank().Store(std::move(items), {}));
  EXPECT_TRUE(bed.bank().Maintain({}));
}

// How many of these looks hit, one after the other.
std::int64_t Hits(Bed& bed, std::initializer_list<std::pair<int, int>> rounds) {
  const std::int64_t before = bed.bank().Stats().value().cache_hits;
  for (const auto& [first, last] : rounds) {
    for (int i = first; i < last; ++i) EXPECT_TRUE(bed.bank().Get("many" + std::to_string(i), {}));
  }
  return bed.bank().Stats().value().cache_hits - before;
}

// Ten items that are asked for all the time, while a thousand come by.
std::string KeepsWhatIsUsed(Bed& bed) {
  PutAlike(bed, 1'010);
  std::int64_t hits = 0;
  for (int i = 0; i < 100; ++i) hits += Hits(bed, {{1'000, 1'010}, {i * 10, i * 10 + 10}});
  return YesNo(hits >= 990);
}

std::string ForgetsWhatIsOld(Bed& bed) {
  PutAlike(bed, 10);
  Hits(bed, {{0, 10}});
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return YesNo(Hits(bed, {{0, 10}}) == 0);
}

std::string PacksWhatItKeeps(Bed& bed) {
  PutAlike(bed, 500);
  EXPECT_TRUE(bed.bank().ClearCache());
  Hits(bed, {{0, 500}});
  // A million bytes of contents are in the pages, whatever becomes of the items.
  return YesNo(bed.bank().Stats().value().cache_bytes < 1'500'000);
}

// Ten items that were asked for often stay while a thousand come by that are asked for twice.
std::string RemembersUses(Bed& bed) {
  PutAlike(bed, 1'010);
  for (int i = 0; i < 40; ++i) Hits(bed, {{1'000, 1'010}});
  for (int i = 0; i < 1'000; ++i) Hits(bed, {{i, i + 1}, {i, i + 1}});
  return YesNo(Hits(bed, {{1'000, 1'010}}) == 10);
}

std::int64_t HitsOfAWalk(Bed& bed) {
  PutAlike(bed, 4'000);
  std::uint32_t random = 7;
  const std::int64_t before = bed.bank().Stats().value().cache_hits;
  for (int i = 0; i < 20'000; ++i) {
    random = random * 1'103'515'245 + 12'345;
    const int drawn = static_cast<int>(random >> 12), often = i < 10'000 ? 600 : 120;
    EXPECT_TRUE(bed.bank().Get("many" + std::to_string(i % 3 == 0 ? drawn % often : drawn % 4'000), {}));
  }
  return bed.bank().Stats().value().cache_hits - before;
}

// The same looks at the same items, of which others hit when the window moves otherwise.
std::string AdaptsOtherwise(Bed& bed) {
  static const std::int64_t by_default = [] {
    Bed own;
    own.Open({{"memory_cache_size", "256KB"}});
    return HitsOfAWalk(own);
  }();
  return YesNo(HitsOfAWalk(bed) != by_default);
}

std::string EmptiesTheLog(Bed& bed) {
  bed.Put({.id = "a", .content = "x"});
  WaitAMoment();
  return YesNo(LogBytes(bed) == 0);
}

std::string LetsTheLogGrow(Bed& bed) {
  // Its file does not become shorter, but is written from its beginning again.
  bed.Put({.id = "a", .content = "x"});
  const std::int64_t before = LogBytes(bed);
  for (int i = 0; i < 60; ++i) bed.Put({.id = "a", .content = "x"});
  constexpr std::int64_t kThirtyPages = 30 * 16'384;
  return YesNo(LogBytes(bed) - before > kThirtyPages);
}

std::string IsWrittenAnew(Bed& bed) {
  bed.PutMany(300, 4'000);
  std::vector<ItemRemoval> removals;
  for (int i = 0; i < 300; ++i) removals.push_back({.id = "many" + std::to_string(i), .expected_version = {}});
  EXPECT_TRUE(bed.bank().Delete(std::move(removals), {}));
  EXPECT_TRUE(bed.bank().Maintain({}));
  EXPECT_TRUE(bed.engine().store().Checkpoint());
  WaitAMoment();
  return "done";
}

// The file among what the process has mapped.
std::string IsMapped(Bed& bed) {
  bed.PutMany(5'000);
  EXPECT_TRUE(bed.bank().Maintain({}));
  EXPECT_TRUE(bed.engine().store().Checkpoint());
  EXPECT_TRUE(bed.bank().ClearCache());
  for (int i = 0; i < 5'000; i += 7) EXPECT_TRUE(bed.bank().Get("many" + std::to_string(i), {}));
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.ends_with("/levee.db") && line.contains(fs::path(bed.path()).parent_path().filename().string())) return "yes";
  }
  return "no";
}

const Texts kSmallLfu{{"memory_cache_policy", "lfu"}, {"memory_cache_size", "256KB"}};

const Case kCases[] = {
    {"memory_author", "me", true, AuthorOf, "", "me"},
    {"memory_replica", "here", false, HasReplica, "no", "yes"},
    {"memory_durability", "process", true, SyncsOfAWrite, "yes", "no"},
    {"memory_group_commit", "off", false, TransactionsOfWaitingWriters, "2", "4", {{"batch_latency", "0s"}}},
    {"memory_merge", "demand", true, StaysInTheTail, "no", "yes"},
    {"memory_content_limit", "400", true, TakesLongContent, "taken", "VALIDATION_ERROR"},
    {"memory_keep", "1ms", true, VersionsAfterUpkeep, "2", "1"},
    {"memory_text_stemming", "english", false, Finds("run"), "no", "yes", {{"memory_text_fuzzy", "0"}}},
    {"memory_text_stop_words", "english", false, Finds("the"), "yes", "no", {{"memory_text_fuzzy", "0"}}},
    {"memory_text_fuzzy", "0", true, Finds("serch"), "yes", "no"},
    {"memory_text_tags_weight", "100", false, Finds("garden"), "no", "yes", {{"memory_text_fuzzy", "0"}}},
    {"memory_text_category_weight", "100", false, Finds("kitchen"), "no", "yes", {{"memory_text_fuzzy", "0"}}},
    {"memory_slow", "0s", true, RemembersEveryGet, "no", "yes"},
    {"memory_log_queries", "all", true, TellsEveryGet, "no", "yes"},
    {"memory_explain", "on", true, RemembersPlans, "no", "yes", {{"memory_slow", "0s"}}},
    {"memory_query_timeout", "1ms", true, AnswersALongQuestion, "answered", "INVALID_QUERY"},
    {"memory_statistics", "5ms", true, [](Bed& bed) {
       bed.Put({.id = "a", .content = "x"});
       WaitAMoment();
       return YesNo(fs::exists(bed.path() + "-memory-statistics"));
     }, "no", "yes"},
    {"memory_statistics", "0s", true, KeepsStatisticsAtTheEnd, "yes", "no"},
    {"memory_alert_latency", "1h", true, WarnsOfLatency, "yes", "no"},
    {"memory_alert_lock_wait", "1h", true, WarnsOfLockWaits, "yes", "no"},
    {"memory_alert_errors", "50", true, WarnsOfErrors, "yes", "no"},
    {"memory_alert_hit_rate", "100", true, WarnsOfMisses, "no", "yes"},
    {"memory_checkpoint_interval", "5ms", true, EmptiesTheLog, "no", "yes"},
    {"memory_checkpoint_pages", "1", true, LetsTheLogGrow, "yes", "no"},
    {"memory_vacuum_interval", "20ms", true, [](Bed& bed) {
       IsWrittenAnew(bed);
       return YesNo(FreePages(bed.path()) == 0);
     }, "no", "yes", {{"memory_merge", "demand"}, {"memory_keep", "1ms"}}},
    {"memory_cache_size", "0", true, [](Bed& bed) {
       bed.PutMany(20, 400);
       EXPECT_TRUE(bed.bank().Maintain({}));
       for (int i = 0; i < 3; ++i) EXPECT_TRUE(bed.bank().Get("many7", {}));
       return YesNo(bed.bank().Stats().value().cache_hits > 0);
     }, "yes", "no"},
    {"memory_cache_policy", "fifo", true, KeepsWhatIsUsed, "yes", "no", {{"memory_cache_size", "256KB"}}},
    {"memory_cache_ttl", "5ms", true, ForgetsWhatIsOld, "no", "yes"},
    {"memory_cache_compression", "100", true, PacksWhatItKeeps, "no", "yes"},
    {"memory_cache_lfu_window", "5", true, RemembersUses, "yes", "no", kSmallLfu},
    {"memory_cache_lfu_decay", "0", true, RemembersUses, "yes", "no",
     {{"memory_cache_policy", "lfu"}, {"memory_cache_size", "256KB"}, {"memory_cache_lfu_window", "200"}}},
    {"memory_cache_learning_rate", "400", true, AdaptsOtherwise, "no", "yes", {{"memory_cache_size", "256KB"}}},
    {"memory_cache_performance_threshold", "100", true, AdaptsOtherwise, "no", "yes", {{"memory_cache_size", "256KB"}}},
    {"memory_mmap_size", "0", true, IsMapped, "yes", "no"},
    {"busyTimeout", "20ms", true, OutcomeBehindAnotherProcess, "stored", "STORAGE_ERROR"},
};

class MemorySettingsTest : public testing::TestWithParam<Case> {};

TEST_P(MemorySettingsTest, ChangesThat) {
  const Case& each = GetParam();
  const Texts set{{each.key, each.value}};
  Texts at_start = each.beside;
  at_start.insert(set.begin(), set.end());
  {
    Bed bed;
    bed.Open(each.beside);
    EXPECT_EQ(each.observe(bed), each.by_default) << "without it";
  }
  {
    Bed bed;
    bed.Open(at_start);
    EXPECT_EQ(each.observe(bed), each.with_it) << "from the start";
  }
  Bed bed;
  bed.Open(each.beside);
  const Status changed = bed.bank().UpdateSettings(set);
  if (!each.while_running) {
    ASSERT_FALSE(changed);
    EXPECT_EQ(changed.error().detail, "VALIDATION_ERROR");
    return;
  }
  ASSERT_TRUE(changed) << changed.error().ToString();
  EXPECT_EQ(each.observe(bed), each.with_it) << "while it is open";
  Bed back;
  back.Open(each.beside);
  ASSERT_TRUE(back.bank().UpdateSettings(set));
  ASSERT_TRUE(back.bank().UpdateSettings({{each.key, ""}}));
  EXPECT_EQ(each.observe(back), each.by_default) << "taken back";
}

// What the table leaves out is tested where it can be seen: at the database (src/store/sqlite/tuning_test.cc), and below.
TEST(MemorySettings, AreAllTested) {
  std::set<std::string_view> tested{"busy_timeout", "memory_page_cache", "memory_temp_store", "memory_connections",
                                    "memory_idle_timeout", "memory_optimise", "memory_optimise_interval"};
  for (const Case& each : kCases) tested.insert(each.key);
  for (const memory::OptionSetting& setting : memory::OptionSettings()) EXPECT_TRUE(tested.contains(setting.key)) << setting.key;
}

TEST(MemorySettings, AreTakenUpAllOrNone) {
  Bed bed;
  bed.Open({});
  const auto refusal = [&](const Texts& texts) {
    const Status changed = bed.bank().UpdateSettings(texts);
    return changed ? "none" : changed.error().detail + ": " + changed.error().what + " " + changed.error().why;
  };
  EXPECT_EQ(refusal({{"memory_author", "me"}, {"memory_slow", "soon"}}).substr(0, 17), "VALIDATION_ERROR:");
  EXPECT_EQ(refusal({{"memory_author", "me"}, {"memory_unknown", "1"}}),
            "VALIDATION_ERROR: setting 'memory_unknown' there is none of that name");
  EXPECT_EQ(refusal({{"memory_author", "me"}, {"store", "x.db"}}),
            "VALIDATION_ERROR: setting 'store' it is taken up only when a bank is opened");
  EXPECT_EQ(refusal({{"memory_mmap_size", "0"}, {"memory_cache_lfu_window", "50"}}).substr(0, 17), "VALIDATION_ERROR:");
  EXPECT_EQ(IsMapped(bed), "yes");
  EXPECT_EQ(AuthorOf(bed), "");
  EXPECT_EQ(refusal({{"memory_author", "me"}, {"slowQueryThreshold", "1s"}}), "none");
  EXPECT_EQ(AuthorOf(bed), "me");
}

TEST(MemorySettings, AreTakenBackOneByOne) {
  Bed bed;
  bed.Open({{"memory_author", "start"}});
  ASSERT_TRUE(bed.bank().UpdateSettings({{"memory_author", "me"}}));
  ASSERT_TRUE(bed.bank().UpdateSettings({{"memory_mmap_size", "0"}}));
  EXPECT_EQ(AuthorOf(bed), "me");
  ASSERT_TRUE(bed.bank().UpdateSettings({{"memory_author", ""}}));
  EXPECT_EQ(AuthorOf(bed), "start");
  EXPECT_EQ(IsMapped(bed), "no");
}

TEST(MemorySettings, TuneThePolicyThatThereIs) {
  Bed bed;
  bed.Open({});
  const auto refusal = [&](const Texts& texts) {
    const Status changed = bed.bank().UpdateSettings(texts);
    return changed ? "none" : changed.error().detail + ": " + changed.error().what + " " + changed.error().why;
  };
  EXPECT_EQ(refusal({{"memory_cache_lfu_window", "50"}}),
            "VALIDATION_ERROR: memory_cache_lfu_window it tunes the policy lfu, and the policy is adaptive");
  EXPECT_EQ(refusal({{"memory_cache_policy", "lfu"}, {"memory_cache_lfu_window", "50"}, {"memory_cache_learning_rate", "6"}}), "none");
  EXPECT_EQ(refusal({{"memory_cache_learning_rate", "9"}}),
            "VALIDATION_ERROR: memory_cache_learning_rate it tunes the policy adaptive, and the policy is lfu");
  EXPECT_EQ(refusal({{"memory_cache_warm_items", "10"}}),
            "VALIDATION_ERROR: setting 'memory_cache_warm_items' it is taken up only when a bank is opened");
}

TEST(MemorySettings, OptimiseAtTheirInterval) {
  for (const bool optimise : {true, false}) {
    Bed bed;
    bed.Open({{"memory_optimise_interval", "5ms"}, {"memory_optimise", optimise ? "on" : "off"}, {"memory_checkpoint_pages", "0"}});
    bed.Put({.id = "a", .content = "x"});
    WaitAMoment();
    // Which ends with a checkpoint: nothing else moves the log here.
    EXPECT_EQ(LogBytes(bed) == 0, optimise);
  }
}

INSTANTIATE_TEST_SUITE_P(Each, MemorySettingsTest, testing::ValuesIn(kCases), [](const auto& info) {
  return std::string(info.param.key) + "_" + std::to_string(info.index);
});

}  // namespace
}  // namespace levee::engine
