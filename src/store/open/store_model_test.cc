// Random histories against a trivial model: a map of files a version.
#include <random>

#include "store/open/store_testing.h"

namespace levee::store::testing {
namespace {

class Model {
 public:
  Model(Store& store, std::int64_t table, std::mt19937_64& random) : store_(&store), table_(table), random_(random) {}

  void UseStore(Store& store) { store_ = &store; }

  void Import(std::size_t files) {
    std::vector<File> entries;
    for (std::size_t i = 0; i < files; ++i) entries.push_back(NewFile());
    auto session = Value(store_->BeginImport(table_, {.first_version = 0, .last_version = 0, .main = true}));
    Ok(session->AddEntries(AddsOf(entries, true), false));
    CommitRecord record;
    std::map<std::string, File> state;
    for (const File& file : entries) {
      state.emplace(file.Key(), file);
      record.size_bytes += file.size;
    }
    record.num_files = static_cast<std::int64_t>(entries.size());
    Ok(session->Publish({record}, {}));
    versions_.push_back(std::move(state));
    tombstones_.emplace_back();
  }

  void Publish() {
    std::vector<CommitDelta> commits;
    const std::size_t count = Below(4) == 0 ? 3 : 1;
    for (std::size_t i = 0; i < count; ++i) commits.push_back(NextCommit());
    ASSERT_TRUE(testing::Publish(*store_, table_, std::move(commits)));
  }

  void Check() {
    CheckVersion(static_cast<std::int64_t>(versions_.size()) - 1);
    CheckVersion(static_cast<std::int64_t>(Below(versions_.size())));
    CheckChanges();
    CheckTombstones();
    CheckLoneRemoves();
  }

 private:
  std::size_t Below(std::size_t limit) { return random_() % limit; }

  File NewFile() {
    File file;
    file.path = "dir%20x/f" + std::to_string(random_() % 1'000'000'000) + ".parquet";
    if (Below(5) == 0) file.dv = "dv" + std::to_string(Below(1000));
    file.size = static_cast<std::int64_t>(Below(100000));
    if (Below(8) != 0) {
      file.low = static_cast<std::int64_t>(Below(10000));
      file.high = *file.low + static_cast<std::int64_t>(Below(50));
    }
    const std::size_t part = Below(6);
    if (part < 4) file.part = "part" + std::to_string(part);
    if (part == 4) file.part = "";
    return file;
  }

  CommitDelta NextCommit() {
    const auto version = static_cast<std::int64_t>(versions_.size());
    std::map<std::string, File> state = versions_.back();
    std::map<std::string, std::int64_t> tombstones = tombstones_.back();
    std::vector<File> removes, adds;
    for (std::size_t i = Below(30); i > 0 && !state.empty(); --i) {
      const auto victim = std::next(state.begin(), static_cast<std::ptrdiff_t>(Below(state.size())));
      removes.push_back(victim->second);
      gone_.push_back(victim->second);
      tombstones[victim->first] = version;
      state.erase(victim);
    }
    if (Below(4) == 0) {  // of a file that the table never had
      removes.push_back(NewFile());
      tombstones[removes.back().Key()] = version;
      lone_removes_.emplace_back(removes.back().Key(), version);
    }
    const std::size_t many = Below(40) == 0 ? 5000 : Below(25);
    for (std::size_t i = 0; i < many; ++i) AppendAdd(state, adds, version);
    for (const File& file : adds) {
      state[file.Key()] = file;
      tombstones.erase(file.Key());
    }
    versions_.push_back(std::move(state));
    tombstones_.push_back(std::move(tombstones));
    return Commit(version, adds, removes);
  }

  void AppendAdd(const std::map<std::string, File>& state, std::vector<File>& adds, std::int64_t version) {
    File file = NewFile();
    const std::size_t choice = Below(6);
    const File* old = nullptr;
    if (choice == 0 && !state.empty()) {
      old = &std::next(state.begin(), static_cast<std::ptrdiff_t>(Below(state.size())))->second;
    } else if (choice == 1 && !gone_.empty()) {
      old = &gone_[Below(gone_.size())];
    }
    if (old != nullptr) {
      file.path = old->path;
      file.dv = old->dv;
    }
    file.added = version;
    for (const File& other : adds) {
      if (other.Key() == file.Key()) return;
    }
    adds.push_back(file);
  }

  void CheckVersion(std::int64_t version) {
    const auto& expected = versions_[static_cast<std::size_t>(version)];
    ASSERT_EQ(ScanFiles(*store_, Alive(table_, version)), expected) << "version " << version;
    ScanRequest request = Alive(table_, version);
    ASSERT_EQ(Value(store_->Count(request)), static_cast<std::int64_t>(expected.size()));
    const auto low = static_cast<std::int64_t>(Below(10000));
    const std::int64_t high = low + static_cast<std::int64_t>(Below(3) == 0 ? 5000 : Below(20));
    const expr::SkippingNode range = Between(low, high);
    const expr::SkippingNode part = PartIs("part2");
    const expr::SkippingNode both{.kind = expr::NodeKind::kAnd, .op = {}, .column = {}, .other = {}, .literals = {},
                                  .children = {range, part}};
    for (const expr::SkippingNode* predicate : {&range, &part, &both}) {
      std::map<std::string, File> kept;
      for (const auto& [key, file] : expected) {
        const bool in_range = !file.low || (*file.high >= low && *file.low <= high);
        const bool in_part = file.part == "part2";
        if ((predicate == &part || in_range) && (predicate == &range || in_part)) kept.emplace(key, file);
      }
      request.predicate = predicate;
      for (const Access access : {Access::kAuto, Access::kZones, Access::kIndex}) {
        request.access = access;
        ASSERT_EQ(ScanFiles(*store_, request), kept) << expr::ToSql(*predicate);
        ASSERT_EQ(Value(store_->Count(request)), static_cast<std::int64_t>(kept.size()));
      }
    }
    const auto record = Value(store_->ReadCommits(table_, version, version, 1));
    ASSERT_EQ(record.at(0).num_files, static_cast<std::int64_t>(expected.size()));
    std::int64_t size = 0;
    for (const auto& [key, file] : expected) size += file.size;
    ASSERT_EQ(record[0].size_bytes, size);
  }

  // Each (key, added, removed) whose begin or end lies in the window.
  void CheckChanges() {
    const std::size_t last = versions_.size() - 1;
    const std::size_t after = Below(last + 1);
    const std::size_t to = after + Below(last - after + 1);
    using Change = std::tuple<std::string, std::int64_t, std::int64_t>;
    std::multiset<Change> expected, found;
    for (std::size_t v = after + 1; v <= to; ++v) {
      for (const auto& [key, file] : versions_[v]) {
        if (file.added == static_cast<std::int64_t>(v)) expected.emplace(key, v, EndOf(key, v, to));
      }
      for (const auto& [key, file] : versions_[v - 1]) {
        const auto now = versions_[v].find(key);
        const bool ended = now == versions_[v].end() || now->second.added != file.added;
        const bool counted = file.added.value_or(0) > static_cast<std::int64_t>(after);
        if (ended && !counted) expected.emplace(key, file.added.value_or(-1), v);
      }
    }
    ScanRequest request = Alive(table_, static_cast<std::int64_t>(to));
    request.filter.kind = EntryFilter::Kind::kChangedIn;
    request.filter.after_version = static_cast<std::int64_t>(after);
    for (const File& file : FilesOf(*Value(store_->Scan(request)))) {
      found.emplace(file.Key(), file.added.value_or(-1), file.removed.value_or(-1));
    }
    ASSERT_EQ(found, expected) << after << " to " << to;
  }

  std::int64_t EndOf(const std::string& key, std::size_t added, std::size_t to) const {
    for (std::size_t v = added + 1; v <= to; ++v) {
      const auto now = versions_[v].find(key);
      if (now == versions_[v].end() || now->second.added != static_cast<std::int64_t>(added)) {
        return static_cast<std::int64_t>(v);
      }
    }
    return -1;
  }

  void CheckTombstones() {
    const std::size_t version = Below(versions_.size());
    std::map<std::string, std::int64_t> found;
    auto stream = Value(store_->ReadTombstones(table_, static_cast<std::int64_t>(version)));
    while (auto batch = Value(stream->Next())) {
      const ColumnVector* dv = batch->Find(ColumnRole::kDvPathOrInline);
      for (std::size_t row = 0; row < batch->rows; ++row) {
        File file;
        file.path = std::string(batch->Find(ColumnRole::kPath)->strings[row]);
        if (dv != nullptr && dv->IsValid(row)) file.dv = std::string(dv->strings[row]);
        found[file.Key()] = batch->Find(ColumnRole::kDeletionTimestamp)->ints[row] / 1000;
      }
    }
    ASSERT_EQ(found, tombstones_[version]) << "version " << version;
  }

  void CheckLoneRemoves() {
    const std::size_t last = versions_.size() - 1;
    const std::size_t after = Below(last + 1);
    const std::size_t to = after + Below(last - after + 1);
    std::multiset<std::pair<std::string, std::int64_t>> expected, found;
    for (const auto& [key, version] : lone_removes_) {
      if (version > static_cast<std::int64_t>(after) && version <= static_cast<std::int64_t>(to)) {
        expected.emplace(key, version);
      }
    }
    ScanRequest request = Alive(table_, static_cast<std::int64_t>(to));
    request.filter.kind = EntryFilter::Kind::kChangedIn;
    request.filter.after_version = static_cast<std::int64_t>(after);
    auto stream = Value(store_->ReadLoneRemoves(request));
    while (auto batch = Value(stream->Next())) {
      const ColumnVector* dv = batch->Find(ColumnRole::kDvPathOrInline);
      for (std::size_t row = 0; row < batch->rows; ++row) {
        File file;
        file.path = std::string(batch->Find(ColumnRole::kPath)->strings[row]);
        if (dv != nullptr && dv->IsValid(row)) file.dv = std::string(dv->strings[row]);
        found.emplace(file.Key(), batch->Find(ColumnRole::kRemovedVersion)->ints[row]);
      }
    }
    ASSERT_EQ(found, expected) << after << " to " << to;
  }

  Store* store_;
  const std::int64_t table_;
  std::mt19937_64& random_;
  std::vector<std::pair<std::string, std::int64_t>> lone_removes_;  // key, version
  std::vector<std::map<std::string, File>> versions_;
  std::vector<std::map<std::string, std::int64_t>> tombstones_;  // key -> version of the remove
  std::vector<File> gone_;
};

void RunHistory(std::uint64_t seed, int steps) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  TemporaryFolder folder;
  const bool indexed = seed % 2 == 1;
  const auto open = [&] { return Value(OpenStore(folder.File("m.db"), {.index_everything = indexed})); };
  auto store = open();
  auto other = open();
  const std::int64_t table = Value(store->CreateTable("file:///m", "", std::nullopt)).id;
  Model model(*store, table, random);
  model.Import(random() % 3 == 0 ? 20 : 300 + random() % 4000);
  for (int step = 0; step < steps && !::testing::Test::HasFatalFailure(); ++step) {
    model.UseStore(random() % 2 == 0 ? *store : *other);
    switch (random() % 12) {
      case 0: Value(store->Compact(table, true)); break;
      case 1: Value(other->Compact(table, false)); break;
      case 2: store = open(); break;
      default: model.Publish();
    }
    model.UseStore(random() % 2 == 0 ? *store : *other);
    if (random() % 3 == 0) model.Check();
  }
  EXPECT_EQ(Value(store->Verify(table)), std::vector<std::string>());
  EXPECT_EQ(Value(store->ColumnIndexes(table)).empty(), !indexed);
}

TEST(StoreModel, RandomHistories) {
  const char* given = std::getenv("LEVEE_SEED");
  const std::uint64_t first = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  const std::uint64_t count = given != nullptr ? 1 : 5;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    RunHistory(seed, 40);
    if (::testing::Test::HasFatalFailure()) break;
  }
}

TEST(StoreModel, ALongTailIsCompactedUnasked) {
  std::mt19937_64 random(77);
  TemporaryFolder folder;
  const auto store = OpenFile(folder.File("m.db"));
  const std::int64_t table = Value(store->CreateTable("file:///m", "", std::nullopt)).id;
  Model model(*store, table, random);
  model.Import(2000);
  bool compacted = false;
  for (int i = 0; i < 100 && !::testing::Test::HasFatalFailure(); ++i) {
    model.Publish();
    compacted = Value(store->Compact(table, false)) || compacted;
  }
  EXPECT_TRUE(compacted);
  model.Check();
}

}  // namespace
}  // namespace levee::store::testing
