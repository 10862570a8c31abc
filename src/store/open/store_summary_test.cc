// Summaries against what a model of the table adds up to, at every commit of random histories.
#include <sqlite3.h>

#include <algorithm>
#include <random>
#include <set>

#include "store/open/store_testing.h"
#include "store/sql/commit_rows.h"

namespace levee::store::testing {
namespace {

constexpr std::int64_t kSmall = 1000, kLarge = kSmallFileBytes + 5;

ColumnKey NullsKey() { return {ColumnRole::kNullCount, "id", Long()}; }
ColumnKey LeastText() { return {ColumnRole::kMin, "name", String()}; }
ColumnKey MostText() { return {ColumnRole::kMax, "name", String()}; }

// A file with what summaries add up.
struct Entry {
  File file;
  std::optional<std::int64_t> records, nulls;
  std::optional<std::string> text_low, text_high;
};
using State = std::map<std::string, Entry>;

Batch BatchOf(const std::vector<Entry>& entries, bool validity) {
  BatchMaker maker;
  for (const Entry& entry : entries) {
    AppendIdentity(maker, entry.file);
    maker.Int(columnar::PlainKey(ColumnRole::kSize), entry.file.size);
    maker.Int(columnar::PlainKey(ColumnRole::kNumRecords), entry.records);
    maker.Int(MinKey(), entry.file.low);
    maker.Int(MaxKey(), entry.file.high);
    maker.Int(NullsKey(), entry.nulls);
    maker.Text(LeastText(), entry.text_low);
    maker.Text(MostText(), entry.text_high);
    maker.Text(PartKey(), entry.file.part);
    if (validity) maker.Int(columnar::PlainKey(ColumnRole::kAddedVersion), entry.file.added);
    maker.EndRow();
  }
  return maker.Take();
}

// Sums by the partition's text; "null" stands for a missing one.
using Sums = std::map<std::string, FileSums>;

Sums SumsOf(const State& state) {
  Sums sums;
  for (const auto& [key, entry] : state) {
    FileSums one{.files = 1, .bytes = entry.file.size, .known_records = entry.records.value_or(0),
                 .files_without_records = entry.records ? 0 : 1,
                 .small_files = entry.file.size < kSmallFileBytes ? 1 : 0};
    sums[entry.file.part.value_or("null")].Add(one);
  }
  return sums;
}

Sums SumsOf(const PartitionSummary& summary) {
  Sums sums;
  const ColumnVector* parts = summary.values.Find(PartKey());
  EXPECT_EQ(summary.values.rows, summary.sums.size());
  for (std::size_t row = 0; row < summary.sums.size(); ++row) {
    const bool there = parts != nullptr && parts->IsValid(row);
    sums[there ? std::string(parts->strings[row]) : "null"].Add(summary.sums[row]);
  }
  return sums;
}

struct Options {
  bool complete = true;       // every file has statistics
  std::size_t removes = 20;   // of a commit, at most
  std::size_t partitions = 6;
};

class History {
 public:
  History(std::uint64_t seed, const Options& options) : random_(seed), options_(options) {
    Reopen();
    table_ = Value(store_->CreateTable("file:///s", "", std::nullopt)).id;
  }

  void Reopen() { store_ = OpenFile(path()); }
  std::string path() const { return folder_.File("s.db"); }
  Store& store() { return *store_; }
  std::int64_t table() const { return table_; }

  void Import(std::size_t files) {
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < files; ++i) entries.push_back(NewEntry(0));
    auto session = Value(store_->BeginImport(table_, {.first_version = 0, .last_version = 0, .main = true}));
    State state;
    for (std::size_t first = 0; first < files; first += 3000) {
      const auto begin = entries.begin() + static_cast<std::ptrdiff_t>(first);
      const std::vector<Entry> some(begin, begin + static_cast<std::ptrdiff_t>(std::min<std::size_t>(3000, files - first)));
      Ok(session->AddEntries(BatchOf(some, true), false));
    }
    for (const Entry& entry : entries) state.emplace(entry.file.Key(), entry);
    Ok(session->Publish({CommitRecord{}}, {}));
    versions_.push_back(std::move(state));
  }

  void Publish() {
    const auto version = static_cast<std::int64_t>(versions_.size());
    State state = versions_.back();
    std::vector<Entry> adds;
    std::vector<File> removes;
    for (std::size_t i = Below(options_.removes); i > 0 && !state.empty(); --i) {
      const auto victim = std::next(state.begin(), static_cast<std::ptrdiff_t>(Below(state.size())));
      removes.push_back(victim->second.file);
      state.erase(victim);
    }
    for (std::size_t i = Below(12); i > 0; --i) {
      Entry entry = NewEntry(version);
      if (Below(5) == 0 && !state.empty()) {  // in place of another
        entry.file.path = std::next(state.begin(), static_cast<std::ptrdiff_t>(Below(state.size())))->second.file.path;
      }
      if (std::ranges::any_of(adds, [&](const Entry& other) { return other.file.path == entry.file.path; })) continue;
      state[entry.file.Key()] = entry;
      adds.push_back(std::move(entry));
    }
    CommitDelta commit = Commit(version, {}, removes);
    commit.adds = BatchOf(adds, false);
    std::vector<CommitDelta> commits;
    commits.push_back(std::move(commit));
    ASSERT_TRUE(testing::Publish(*store_, table_, std::move(commits)));
    versions_.push_back(std::move(state));
  }

  void PublishMany(std::size_t files) {
    const auto version = static_cast<std::int64_t>(versions_.size());
    State state = versions_.back();
    std::vector<Entry> adds;
    for (std::size_t i = 0; i < files; ++i) {
      adds.push_back(NewEntry(version));
      state[adds.back().file.Key()] = adds.back();
    }
    CommitDelta commit = Commit(version, {}, {});
    commit.adds = BatchOf(adds, false);
    std::vector<CommitDelta> commits;
    commits.push_back(std::move(commit));
    ASSERT_TRUE(testing::Publish(*store_, table_, std::move(commits)));
    versions_.push_back(std::move(state));
  }

  void Check(std::int64_t version) {
    SCOPED_TRACE("version " + std::to_string(version));
    const State& state = versions_[static_cast<std::size_t>(version)];
    ASSERT_EQ(SumsOf(*Value(store_->SummarisePartitions(table_, version))), SumsOf(state));
    CheckCount(state, version);
    const auto columns = Value(store_->SummariseColumns(table_, version, {MinKey(), LeastText(), {ColumnRole::kPartitionValue, "p", String()}}));
    ASSERT_EQ(columns.size(), 3u);
    CheckPartition(state, columns[2]);
    CheckNumbers(state, columns[0]);
    CheckTexts(state, columns[1]);
  }

  // What is kept stands at the head afterwards, and is what another process finds.
  Refreshed Refresh(std::int64_t commits_behind) {
    const Refreshed refreshed = Value(store_->RefreshViews(table_, commits_behind));
    if (refreshed == Refreshed::kNothing) return refreshed;
    const ViewState view = Value(store_->ReadViewState(table_));
    EXPECT_EQ(view.version, head());
    EXPECT_EQ(view.head, head());
    EXPECT_FALSE(view.behind());
    Reopen();
    Check(head());
    return refreshed;
  }

  std::int64_t head() const { return static_cast<std::int64_t>(versions_.size()) - 1; }
  std::size_t Below(std::size_t limit) { return random_() % limit; }

 private:
  Entry NewEntry(std::int64_t version) {
    Entry entry;
    entry.file.path = "f" + std::to_string(random_() % 1'000'000'000'000) + ".parquet";
    entry.file.size = Below(10) == 0 ? kLarge : kSmall + static_cast<std::int64_t>(Below(100));
    entry.file.added = version;
    const std::size_t part = Below(options_.partitions);
    if (part > 1) entry.file.part = "part" + std::to_string(part);
    if (part == 1) entry.file.part = "";
    if (!options_.complete && Below(50) == 0) return entry;
    entry.records = 10;
    entry.nulls = Below(4) == 0 ? static_cast<std::int64_t>(Below(11)) : 0;
    if (entry.nulls != 10) {
      entry.file.low = static_cast<std::int64_t>(Below(1'000'000)) - 500'000;
      entry.file.high = *entry.file.low + static_cast<std::int64_t>(Below(100));
    }
    entry.text_low = "a text that is long " + std::to_string(Below(10'000));
    entry.text_high = *entry.text_low + "z";
    return entry;
  }

  void CheckCount(const State& state, std::int64_t version) {
    const expr::SkippingNode part = PartIs("part2");
    ScanRequest request = Alive(table_, version);
    request.predicate = &part;
    const auto expected = std::ranges::count_if(state, [](const auto& item) { return item.second.file.part == "part2"; });
    const auto count = Value(store_->CountFromSummary(request));
    if (version == head()) {
      ASSERT_TRUE(count);
    }
    if (count) {
      ASSERT_EQ(*count, expected);
    }
    ASSERT_EQ(Value(store_->Count(request)), expected);
    const expr::SkippingNode other = Between(0, 5);
    request.predicate = &other;
    ASSERT_EQ(Value(store_->CountFromSummary(request)), std::nullopt);
  }

  static void CheckNumbers(const State& state, const ColumnSummary& summary) {
    std::optional<std::int64_t> low, high;
    std::int64_t nulls = 0;
    bool bounds_known = true, nulls_known = true;
    for (const auto& [key, entry] : state) {
      if (entry.nulls) nulls += *entry.nulls;
      nulls_known &= entry.nulls.has_value();
      if (entry.file.low) {
        low = std::min(low.value_or(*entry.file.low), *entry.file.low);
        high = std::max(high.value_or(*entry.file.high), *entry.file.high);
      } else {
        bounds_known &= entry.nulls.has_value() && entry.nulls == entry.records;
      }
    }
    EXPECT_EQ(summary.nulls, nulls);
    EXPECT_EQ(summary.nulls_exact, nulls_known);
    if (!bounds_known || !low) {
      EXPECT_TRUE(summary.lower.is_null() && summary.upper.is_null());
      return;
    }
    ASSERT_FALSE(summary.lower.is_null() || summary.upper.is_null());
    EXPECT_EQ(summary.lower.as_int(), *low);
    EXPECT_EQ(summary.upper.as_int(), *high);
    EXPECT_TRUE(summary.lower_exact && summary.upper_exact);
  }

  static void CheckPartition(const State& state, const ColumnSummary& summary) {
    std::optional<std::string> low, high;
    std::int64_t nulls = 0;
    bool nulls_known = true;
    for (const auto& [key, entry] : state) {
      const std::string part = entry.file.part.value_or("");
      if (part.empty()) {
        nulls += entry.records.value_or(0);
        nulls_known &= entry.records.has_value();
        continue;
      }
      low = std::min(low.value_or(part), part);
      high = std::max(high.value_or(part), part);
    }
    EXPECT_EQ(summary.nulls, nulls);
    EXPECT_EQ(summary.nulls_exact, nulls_known);
    ASSERT_EQ(summary.lower.is_null(), !low.has_value());
    if (!low) return;
    EXPECT_EQ(summary.lower.as_string(), *low);
    EXPECT_EQ(summary.upper.as_string(), *high);
    EXPECT_TRUE(summary.lower_exact && summary.upper_exact);
  }

  static void CheckTexts(const State& state, const ColumnSummary& summary) {
    std::optional<std::string> low, high;
    bool known = true;
    for (const auto& [key, entry] : state) {
      known &= entry.text_low.has_value();
      if (!entry.text_low) continue;
      low = std::min(low.value_or(*entry.text_low), *entry.text_low);
      high = std::max(high.value_or(*entry.text_high), *entry.text_high);
    }
    if (!known || !low) {
      EXPECT_TRUE(summary.lower.is_null() && summary.upper.is_null());
      return;
    }
    ASSERT_FALSE(summary.lower.is_null() || summary.upper.is_null());
    if (state.size() > 65'536) {  // too many blocks begin alike to look into each
      EXPECT_LE(summary.lower.as_string(), *low);
      EXPECT_GE(summary.upper.as_string(), *high);
      EXPECT_FALSE(summary.lower_exact || summary.upper_exact);
      return;
    }
    EXPECT_EQ(summary.lower.as_string(), *low);
    EXPECT_EQ(summary.upper.as_string(), *high);
    EXPECT_TRUE(summary.lower_exact && summary.upper_exact);
  }

  TemporaryFolder folder_;
  std::mt19937_64 random_;
  const Options options_;
  std::unique_ptr<Store> store_;
  std::int64_t table_ = 0;
  std::vector<State> versions_;
};

void RunHistory(std::uint64_t seed, const Options& options, std::size_t files, int steps) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  History history(seed, options);
  history.Import(files);
  history.Check(0);
  for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) {
    history.Publish();
    history.Check(history.head());
    switch (history.Below(10)) {
      case 0: Value(history.store().Compact(history.table(), true)); break;
      case 1: Value(history.store().Compact(history.table(), false)); break;
      case 2: history.Reopen(); break;
      case 4: history.Refresh(1); break;
      case 3: history.Check(static_cast<std::int64_t>(history.Below(static_cast<std::size_t>(history.head()) + 1))); break;
      default: break;
    }
    history.Check(history.head());
  }
  EXPECT_EQ(Value(history.store().Verify(history.table())), std::vector<std::string>());
}

TEST(StoreSummary, FollowsRandomHistories) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) RunHistory(seed, {}, 2500, 60);
}

TEST(StoreSummary, FollowsHistoriesOfManyRemoves) {
  for (std::uint64_t seed = 11; seed <= 13; ++seed) RunHistory(seed, {.removes = 400}, 6000, 25);
}

TEST(StoreSummary, SaysWhatFilesWithoutStatisticsLeaveOpen) {
  RunHistory(21, {.complete = false, .removes = 60}, 1500, 40);
}

TEST(StoreSummary, OfManyPartitionsMovesWithCompaction) {
  History history(31, {.removes = 5, .partitions = 2000});
  history.Import(7000);
  for (int i = 0; i < 200; ++i) history.Publish();
  Value(history.store().Compact(history.table(), false));
  history.Reopen();
  history.Check(history.head());
}

// Large commits make no tail, so that compaction may have nothing to do for long.
TEST(StoreSummary, ManyChangesAreLookedAtOnce) {
  History history(51, {.removes = 2});
  history.Import(100);
  for (int i = 0; i < 2; ++i) history.PublishMany(40'000);
  const expr::SkippingNode part = PartIs("part2");
  ScanRequest request = Alive(history.table(), history.head());
  request.predicate = &part;
  EXPECT_EQ(Value(history.store().CountFromSummary(request)), std::nullopt);  // the scan looks at fewer
  Value(history.store().SummarisePartitions(history.table(), history.head()));
  history.Reopen();
  EXPECT_EQ(Value(history.store().CountFromSummary(request)), Value(history.store().Count(request)));
  history.Check(history.head());
}

class Database {
 public:
  explicit Database(const std::string& path) { EXPECT_EQ(sqlite3_open(path.c_str(), &database_), SQLITE_OK); }
  ~Database() { sqlite3_close(database_); }
  // The last column of each row.
  std::string Run(const std::string& sql) {
    std::string rows;
    char* message = nullptr;
    const auto keep = [](void* out, int count, char** values, char**) {
      *static_cast<std::string*>(out) += std::string(values[count - 1] == nullptr ? "NULL" : values[count - 1]) + "\n";
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(database_, sql.c_str(), keep, &rows, &message), SQLITE_OK) << message;
    return rows;
  }

 private:
  sqlite3* database_ = nullptr;
};

constexpr char kBackToVersion1[] =
    "DROP TABLE bank_layout; DROP TABLE bank_batches; DROP TABLE bank_segments; DROP TABLE bank_chunks; DROP TABLE bank_notes;"
    "DROP TABLE bank_staging; DROP TABLE bank_staged; DROP TABLE bank_dropped;"
    "DROP TABLE partition_runs; ALTER TABLE ranges DROP COLUMN summary_version;"
    "ALTER TABLE commits DROP COLUMN adjusted_ms; PRAGMA user_version=1";

TEST(StoreSummary, StoresOfVersion1GetTheirSumsWhenAsked) {
  History history(41, {.removes = 30});
  history.Import(3000);
  for (int i = 0; i < 10; ++i) history.Publish();
  Database database(history.path());
  database.Run(kBackToVersion1);
  history.Reopen();
  const std::string kept = "SELECT summary_version FROM ranges";
  EXPECT_EQ(database.Run(kept), "NULL\n");
  Value(history.store().SummarisePartitions(history.table(), history.head()));
  EXPECT_EQ(database.Run(kept), "10\n");
  history.Check(history.head());
  history.Publish();
  history.Check(history.head());
}

TEST(StoreSummary, StoresOfVersion1GetTheirSumsWhenCompacted) {
  History history(42, {});
  history.Import(3000);
  history.Publish();
  Database database(history.path());
  database.Run(kBackToVersion1);
  history.Reopen();
  Value(history.store().Compact(history.table(), false));
  EXPECT_EQ(database.Run("SELECT summary_version FROM ranges"), "1\n");
  history.Check(history.head());
}

// --- refreshing ---------------------------------------------------------------------------------------------

// Check compares with the model; forgetting the runs makes the store count anew.
TEST(StoreSummary, ARefreshedViewIsTheRecomputedOne) {
  std::set<Refreshed> seen;
  for (std::uint64_t seed = 61; seed <= 66; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    History history(seed, {.removes = seed % 2 == 0 ? 300u : 10u, .partitions = 40});
    history.Import(700);
    for (int step = 0; step < 12 && !::testing::Test::HasFailure(); ++step) {
      for (std::size_t i = history.Below(4) + 1; i > 0; --i) history.Publish();
      seen.insert(history.Refresh(1));
      const auto kept = SumsOf(*Value(history.store().SummarisePartitions(history.table(), history.head())));
      Database(history.path()).Run("UPDATE ranges SET summary_version=NULL; DELETE FROM partition_runs");
      history.Reopen();
      EXPECT_EQ(SumsOf(*Value(history.store().SummarisePartitions(history.table(), history.head()))), kept);
    }
  }
  EXPECT_EQ(seen.count(Refreshed::kIncremental), 1u);
}

TEST(StoreSummary, ARefreshAddsWhatAFewCommitsChanged) {
  History history(71, {});
  history.Import(2000);
  history.Publish();
  EXPECT_EQ(history.Refresh(1), Refreshed::kIncremental);
  EXPECT_EQ(history.Refresh(1), Refreshed::kNothing);
}

TEST(StoreSummary, ARefreshCountsAnewWhereMoreChangedThanThereIs) {
  History history(72, {.removes = 400});
  history.Import(20);
  history.PublishMany(1000);
  for (int i = 0; i < 12; ++i) history.Publish();
  EXPECT_EQ(history.Refresh(1), Refreshed::kFull);
}

TEST(StoreSummary, ARefreshWaitsForAsManyCommitsAsItIsTold) {
  History history(73, {});
  history.Import(500);
  for (int i = 0; i < 3; ++i) history.Publish();
  EXPECT_EQ(history.Refresh(4), Refreshed::kNothing);
  EXPECT_EQ(Value(history.store().ReadViewState(history.table())).version, 0);
  EXPECT_EQ(Value(history.store().ReadInfo()).views_behind, 1);
  EXPECT_EQ(history.Refresh(3), Refreshed::kIncremental);
  EXPECT_EQ(Value(history.store().ReadInfo()).views_behind, 0);
}

TEST(StoreSummary, ATableThatIsNotThereHasNoViews) {
  History history(74, {});
  const auto view = history.store().ReadViewState(history.table());  // nothing was imported
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error().code, ErrorCode::kNotFound);
  const auto refreshed = history.store().RefreshViews(999, 1);
  ASSERT_FALSE(refreshed);
  EXPECT_EQ(refreshed.error().code, ErrorCode::kNotFound);
}

// --- times -------------------------------------------------------------------------------------------------

// Commits of a table, their times as given.
class TimesTest : public ::testing::Test {
 protected:
  void Fill(std::int64_t first, const std::vector<std::int64_t>& times, bool main) {
    const std::int64_t last = first + static_cast<std::int64_t>(times.size()) - 1;
    auto session = Value(store_->BeginImport(table_, {.first_version = first, .last_version = last, .main = main}));
    std::vector<CommitRecord> commits;
    for (std::size_t i = 0; i < times.size(); ++i) {
      CommitRecord record;
      record.version = first + static_cast<std::int64_t>(i);
      record.timestamp_ms = times[i];
      commits.push_back(record);
    }
    Ok(session->Publish(commits, {}));
    for (std::size_t i = 0; i < times.size(); ++i) raw_[first + static_cast<std::int64_t>(i)] = times[i];
  }

  std::vector<std::int64_t> RandomTimes(std::size_t count, std::int64_t from) {
    std::vector<std::int64_t> times;
    for (std::size_t i = 0; i < count; ++i) {
      from += static_cast<std::int64_t>(random_() % 2000);
      const bool back = random_() % 10 == 0;
      times.push_back(back ? from - static_cast<std::int64_t>(random_() % 30'000) : from);
    }
    return times;
  }

  // By the rule as it is written: each time at least 1 ms after the one before.
  std::map<std::int64_t, std::int64_t> Adjusted() const {
    std::map<std::int64_t, std::int64_t> adjusted;
    std::int64_t before = INT64_MIN;
    for (const auto& [version, time] : raw_) {
      before = before == INT64_MIN ? time : std::max(time, before + 1);
      adjusted[version] = before;
    }
    return adjusted;
  }

  void Compare() {
    const auto adjusted = Adjusted();
    for (const CommitRecord& commit : Value(store_->ReadCommits(table_, 0, INT64_MAX, INT64_MAX))) {
      ASSERT_EQ(commit.adjusted_ms, adjusted.at(commit.version)) << commit.version;
    }
    const std::int64_t first = adjusted.begin()->second - 10, span = adjusted.rbegin()->second + 10 - first;
    for (int i = 0; i < 2000; ++i) {
      const std::int64_t time = first + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(span));
      std::optional<std::int64_t> expected;
      for (const auto& [version, at] : adjusted) {
        if (at > time) break;
        expected = version;
      }
      const TimeRequest request{.table_id = table_, .last_version = raw_.rbegin()->first, .time_ms = time};
      ASSERT_EQ(Value(store_->FindCommitByTime(request)), expected) << time;
    }
  }

  TemporaryFolder folder_;
  std::mt19937_64 random_{7};
  std::unique_ptr<Store> store_ = OpenFile(folder_.File("t.db"));
  std::int64_t table_ = Value(store_->CreateTable("file:///times", "", std::nullopt)).id;
  std::map<std::int64_t, std::int64_t> raw_;
};

TEST_F(TimesTest, FindsTheCommitOfATime) {
  Fill(0, RandomTimes(10'000, 1'000'000), true);
  Compare();
}

TEST_F(TimesTest, CommitsThatAreFilledInMoveLaterTimes) {
  Fill(2000, RandomTimes(500, 5'000'000), true);
  Fill(700, RandomTimes(300, 4'900'000), false);  // with a gap behind it, and times above those after it
  Compare();
  Fill(100, RandomTimes(500, 5'100'000), false);
  Compare();
}

TEST_F(TimesTest, StoresOfVersion1GetThem) {
  Fill(0, RandomTimes(3000, 1'000'000), true);
  Database database(folder_.File("t.db"));
  database.Run(kBackToVersion1);
  store_ = OpenFile(folder_.File("t.db"));
  Compare();
}

TEST_F(TimesTest, EachStepOfTheSearchIsALookup) {
  Fill(0, RandomTimes(100, 1'000'000), true);
  Database database(folder_.File("t.db"));
  const std::string plan = database.Run("EXPLAIN QUERY PLAN " + std::string(CommitAtOrBefore()));
  EXPECT_EQ(plan, "SEARCH commits USING PRIMARY KEY (table_id=? AND version<?)\n");
}

}  // namespace
}  // namespace levee::store::testing
