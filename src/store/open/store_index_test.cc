// Sorted indexes of columns: when they are built, that they read less, and that they never change an answer.
#include <algorithm>
#include <random>

#include "store/open/store_testing.h"

namespace levee::store::testing {
namespace {

using expr::CompareOp;
using expr::NodeKind;
using expr::SkippingNode;
using types::PrimitiveType;
using types::TypeKind;

// A column of bounds for one batch, of any type.
struct Bounds {
  PrimitiveType type;
  std::string path;
  ColumnVector low, high;
};

types::PhysicalValue ValueOf(PrimitiveType type, std::int64_t number) {
  switch (types::PhysicalTypeOf(type)) {
    case types::PhysicalType::kInt64: return type.kind == TypeKind::kTimestamp ? number * 500 : number;
    case types::PhysicalType::kDouble: return static_cast<double>(number) / 7;
    case types::PhysicalType::kString: {
      std::string digits = std::to_string(100'000'000 + number);
      // Some are so long that writers may have cut them.
      return "user-" + digits + (number % 3 == 0 ? std::string(30, 'x') : "");
    }
  }
  return {};
}

// Narrow bounds all over the place; one in `strange` is missing on either side, wide or no number.
Bounds MakeBounds(PrimitiveType type, std::string path, std::size_t rows, std::size_t strange,
                  std::mt19937_64& random) {
  Bounds bounds{type, std::move(path), {}, {}};
  bounds.low.physical = bounds.high.physical = types::PhysicalTypeOf(type);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto low = static_cast<std::int64_t>(random() % 1'000'000);
    std::int64_t high = low + static_cast<std::int64_t>(random() % 50);
    const std::size_t kind = random() % (4 * strange);
    if (kind == 0) high = 2'000'000;
    const bool nan = kind == 1 && bounds.low.physical == types::PhysicalType::kDouble;
    nan ? bounds.low.PushDouble(std::numeric_limits<double>::quiet_NaN())
        : kind == 2 ? bounds.low.PushNull() : bounds.low.PushValue(ValueOf(type, low));
    kind == 3 ? bounds.high.PushNull() : bounds.high.PushValue(ValueOf(type, high));
  }
  return bounds;
}

Batch FilesWith(const std::vector<Bounds>& columns, std::size_t first_file) {
  std::vector<File> files(columns[0].low.rows);
  for (std::size_t i = 0; i < files.size(); ++i) files[i].path = "f" + std::to_string(first_file + i);
  Batch batch = AddsOf(files, true);
  for (const Bounds& bounds : columns) {
    batch.columns.push_back({{ColumnRole::kMin, bounds.path, bounds.type}, bounds.low});
    batch.columns.push_back({{ColumnRole::kMax, bounds.path, bounds.type}, bounds.high});
  }
  return batch;
}

std::int64_t Import(Store& store, const std::vector<Batch>& batches, bool main = true) {
  const std::int64_t table = Value(store.CreateTable("file:///t", "", std::nullopt)).id;
  auto session = Value(store.BeginImport(table, {.first_version = 0, .last_version = 0, .main = main}));
  CommitRecord record;
  for (const Batch& batch : batches) {
    Ok(session->AddEntries(batch, false));
    record.num_files += static_cast<std::int64_t>(batch.rows);
  }
  Ok(session->Publish({record}, {}));
  return table;
}

SkippingNode Leaf(const Bounds& bounds, PrimitiveType type, NodeKind kind, CompareOp op,
                  const std::vector<std::int64_t>& numbers) {
  SkippingNode node;
  node.kind = kind;
  node.op = op;
  node.column = {bounds.path, bounds.path, type, false};
  for (const std::int64_t number : numbers) node.literals.push_back({type, ValueOf(type, number)});
  return node;
}

SkippingNode Join(NodeKind kind, std::vector<SkippingNode> children) {
  SkippingNode node;
  node.kind = kind;
  node.children = std::move(children);
  return node;
}

class StoreIndexTest : public ::testing::Test {
 protected:
  std::int64_t CountBy(Store& store, std::int64_t table, const SkippingNode& predicate, Access access,
                       ScanCounters* counters = nullptr) {
    ScanRequest request = Alive(table, 0);
    request.predicate = &predicate;
    request.access = access;
    request.counters = counters;
    const std::int64_t count = Value(store.Count(request));
    EXPECT_EQ(static_cast<std::int64_t>(ScanFiles(store, request).size()), count);
    return count;
  }

  TemporaryFolder folder_;
  std::mt19937_64 random_{7};
};

TEST_F(StoreIndexTest, IsBuiltForAScatteredColumnAndReadsLess) {
  std::vector<File> files;
  for (int i = 0; i < 40'000; ++i) {
    File file;
    file.path = "part-" + std::to_string(random_()) + "-" + std::to_string(random_()) + ".parquet";
    file.size = static_cast<std::int64_t>(random_() % 100'000'000);
    file.low = static_cast<std::int64_t>(random_() % 1'000'000'000);
    file.high = *file.low + static_cast<std::int64_t>(random_() % 20'000);
    files.push_back(file);
  }
  const std::int64_t point = *files[4711].low + 3;
  const auto expected = std::ranges::count_if(files, [&](const File& f) { return *f.low <= point && *f.high >= point; });
  for (const bool on : {true, false}) {
    const auto store = Value(OpenStore(folder_.File(on ? "on.db" : "off.db"), {.key_indexes = on}));
    const std::int64_t table = Import(*store, {AddsOf(files, true)});
    const auto indexes = Value(store->ColumnIndexes(table));
    const SkippingNode predicate = Compare(CompareOp::kEqual, point);
    ScanCounters counters;
    EXPECT_EQ(CountBy(*store, table, predicate, Access::kAuto, &counters), expected);
    if (!on) {
      EXPECT_TRUE(indexes.empty());
      EXPECT_EQ(counters.index_segments, 0);
      continue;
    }
    ASSERT_EQ(indexes.size(), 1u);
    EXPECT_EQ(indexes[0].column, MinKey());
    EXPECT_EQ(indexes[0].segments, 1);
    EXPECT_EQ(indexes[0].entries, 40'000);
    EXPECT_GT(indexes[0].size_bytes, 40'000);
    EXPECT_LT(indexes[0].size_bytes, 400'000);
    EXPECT_GT(counters.index_segments, 0);
    EXPECT_LE(counters.index_blocks, 4 * counters.index_segments);
    EXPECT_EQ(counters.blocks_skipped, counters.blocks);
    ScanCounters zones;
    EXPECT_EQ(CountBy(*store, table, predicate, Access::kZones, &zones), expected);
    EXPECT_EQ(zones.index_segments, 0);
    EXPECT_GT(zones.entries_evaluated, 50 * counters.index_entries);
    // What the store offers is what the table's entries have.
    EXPECT_EQ(std::ranges::count_if(Value(store->ListColumns(table)),
                                    [](const ColumnKey& key) { return columnar::IsIndexRole(key.role); }), 0);
    // Another process that may not use indexes, on the store that has them.
    const auto other = Value(OpenStore(folder_.File("on.db"), {.key_indexes = false}));
    ScanCounters unused;
    EXPECT_EQ(CountBy(*other, table, predicate, Access::kIndex, &unused), expected);
    EXPECT_EQ(unused.index_segments, 0);
  }
}

TEST_F(StoreIndexTest, IsNotBuiltWhereItWouldNotPay) {
  std::vector<File> clustered, wide, small;
  for (int i = 0; i < 20'000; ++i) {
    File file;
    file.path = "f" + std::to_string(i);
    file.low = i * 10;
    file.high = i * 10 + 25;
    clustered.push_back(file);
    file.low = static_cast<std::int64_t>(random_() % 1000);
    file.high = 1'000'000 + static_cast<std::int64_t>(random_() % 1000);
    wide.push_back(file);
    if (i >= 10'000) continue;
    file.high = file.low;
    small.push_back(file);
  }
  for (const auto* files : {&clustered, &wide, &small}) {
    const auto store = OpenFile(folder_.File(std::to_string(files->front().high.value()) + ".db"));
    const std::int64_t table = Import(*store, {AddsOf(*files, true)});
    EXPECT_TRUE(Value(store->ColumnIndexes(table)).empty());
  }
}

TEST_F(StoreIndexTest, AnswersAsZoneMapsForEveryTypeAndPredicate) {
  const std::vector<PrimitiveType> kinds{{TypeKind::kLong, 0, 0},      {TypeKind::kDouble, 0, 0},
                                         {TypeKind::kString, 0, 0},    {TypeKind::kTimestamp, 0, 0},
                                         {TypeKind::kDate, 0, 0},      {TypeKind::kDecimal, 12, 2}};
  const auto store = Value(OpenStore(folder_.File("a.db"), {.index_everything = true}));
  std::vector<Batch> batches;
  std::vector<std::vector<Bounds>> columns;
  for (std::size_t segment = 0; segment < 3; ++segment) {
    auto& made = columns.emplace_back();
    for (std::size_t k = 0; k < 4; ++k) {
      made.push_back(MakeBounds(kinds[(segment * 2 + k) % kinds.size()],
                                "c" + std::to_string((segment * 2 + k) % kinds.size()), 6000, 20, random_));
    }
    batches.push_back(FilesWith(made, segment * 6000));
  }
  const std::int64_t table = Import(*store, batches);
  EXPECT_EQ(Value(store->ColumnIndexes(table)).size(), kinds.size());
  const auto number = [&] { return static_cast<std::int64_t>(random_() % 1'000'000); };
  const auto leaf = [&](const Bounds& column) {
    const std::int64_t at = number();
    switch (random_() % 6) {
      case 0: return Leaf(column, column.type, NodeKind::kCompare, CompareOp::kEqual, {at});
      case 1: return Leaf(column, column.type, NodeKind::kCompare, CompareOp::kLess, {at % 3000});
      case 2: return Leaf(column, column.type, NodeKind::kCompare, CompareOp::kGreaterEqual, {at});
      case 3: return Leaf(column, column.type, NodeKind::kIn, CompareOp::kEqual, {at % 1000, at + 1000, at + 5000});
      case 4:
        return Join(NodeKind::kAnd, {Leaf(column, column.type, NodeKind::kCompare, CompareOp::kGreater, {at}),
                                     Leaf(column, column.type, NodeKind::kCompare, CompareOp::kLessEqual, {at + 900})});
      default:
        return Join(NodeKind::kOr, {Leaf(column, column.type, NodeKind::kCompare, CompareOp::kEqual, {at}),
                                    Leaf(column, column.type, NodeKind::kCompare, CompareOp::kEqual, {number()})});
    }
  };
  std::int64_t used = 0, kept = 0;
  for (int i = 0; i < 300; ++i) {
    const auto any = [&]() -> const Bounds& { return columns[random_() % 3][random_() % 4]; };
    SkippingNode predicate = leaf(any());
    if (i % 3 == 1) predicate = Join(NodeKind::kAnd, {std::move(predicate), leaf(any())});
    if (i % 7 == 2) {
      SkippingNode null = Leaf(any(), any().type, NodeKind::kIsNotNull, CompareOp::kEqual, {});
      predicate = Join(NodeKind::kAnd, {std::move(predicate), std::move(null)});
    }
    ScanCounters counters;
    const std::int64_t by_zones = CountBy(*store, table, predicate, Access::kZones);
    EXPECT_EQ(CountBy(*store, table, predicate, Access::kIndex, &counters), by_zones) << expr::ToSql(predicate);
    EXPECT_EQ(CountBy(*store, table, predicate, Access::kAuto), by_zones) << expr::ToSql(predicate);
    used += counters.index_segments;
    kept += by_zones;
  }
  EXPECT_GT(used, 300);
  EXPECT_GT(kept, 300);
}

TEST_F(StoreIndexTest, LikeFindsPrefixes) {
  const auto store = Value(OpenStore(folder_.File("a.db"), {.index_everything = true}));
  const Bounds names = MakeBounds(String(), "name", 8000, 1'000'000, random_);
  const std::int64_t table = Import(*store, {FilesWith({names}, 0)});
  SkippingNode like = Leaf(names, String(), NodeKind::kLike, CompareOp::kEqual, {});
  like.literals = {{String(), std::string("user-10042%")}};
  ScanCounters counters;
  const std::int64_t found = CountBy(*store, table, like, Access::kIndex, &counters);
  EXPECT_GT(found, 40);
  EXPECT_LT(found, 200);
  EXPECT_EQ(CountBy(*store, table, like, Access::kZones), found);
  EXPECT_LE(counters.index_blocks, 2 * counters.index_segments);
}

TEST_F(StoreIndexTest, ServesAWidenedTypeAndNotOneThatCannotBeReadAsIt) {
  const auto store = Value(OpenStore(folder_.File("a.db"), {.index_everything = true}));
  const PrimitiveType integer{TypeKind::kInteger, 0, 0};
  const Bounds bounds = MakeBounds(integer, "n", 8000, 1'000'000, random_);
  const std::int64_t table = Import(*store, {FilesWith({bounds}, 0)});
  const std::int64_t point = bounds.low.ints[77];
  std::int64_t expected = 0;
  for (std::size_t row = 0; row < 8000; ++row) {
    expected += bounds.low.ints[row] <= point && point <= bounds.high.ints[row] ? 1 : 0;
  }
  ScanCounters counters;
  const SkippingNode as_long = Leaf(bounds, Long(), NodeKind::kCompare, CompareOp::kEqual, {point});
  EXPECT_EQ(CountBy(*store, table, as_long, Access::kIndex, &counters), expected);
  EXPECT_GT(counters.index_segments, 0);
  counters = {};
  const SkippingNode as_text = Leaf(bounds, String(), NodeKind::kCompare, CompareOp::kEqual, {point});
  EXPECT_EQ(CountBy(*store, table, as_text, Access::kIndex, &counters), 8000);  // nothing is known
  EXPECT_EQ(counters.index_segments, 0);
}

TEST_F(StoreIndexTest, FollowsCommitsCompactionAndTimeTravel) {
  const auto store = Value(OpenStore(folder_.File("a.db"), {.index_everything = true}));
  std::vector<File> files;
  for (int i = 0; i < 6000; ++i) {
    File file;
    file.path = "f" + std::to_string(i);
    file.low = static_cast<std::int64_t>(random_() % 1'000'000);
    file.high = *file.low + 40;
    files.push_back(file);
  }
  const std::int64_t table = Import(*store, {AddsOf(files, true)});
  std::vector<std::vector<File>> versions{files};
  for (std::int64_t version = 1; version <= 8; ++version) {
    std::vector<File> removes(files.begin(), files.begin() + 300), adds;
    files.erase(files.begin(), files.begin() + 300);
    for (int i = 0; i < 200; ++i) {
      File file;
      file.path = "v" + std::to_string(version) + "-" + std::to_string(i);
      file.low = static_cast<std::int64_t>(random_() % 1'000'000);
      file.high = *file.low + 40;
      adds.push_back(file);
      files.push_back(file);
    }
    std::vector<CommitDelta> commits;
    commits.push_back(Commit(version, adds, removes));
    ASSERT_TRUE(Publish(*store, table, std::move(commits)));
    versions.push_back(files);
    if (version % 4 == 0) {
      ASSERT_TRUE(Value(store->Compact(table, true)));
    }
    for (std::size_t at = 0; at < versions.size(); ++at) {
      const auto low = static_cast<std::int64_t>(random_() % 1'000'000);
      const SkippingNode predicate = Between(low, low + 2000);
      const auto expected = std::ranges::count_if(
          versions[at], [&](const File& file) { return *file.low <= low + 2000 && *file.high >= low; });
      ScanRequest request = Alive(table, static_cast<std::int64_t>(at));
      request.predicate = &predicate;
      ScanCounters counters;
      request.counters = &counters;
      for (const Access access : {Access::kAuto, Access::kZones, Access::kIndex}) {
        request.access = access;
        EXPECT_EQ(Value(store->Count(request)), expected) << "version " << at << " of " << version;
      }
      EXPECT_GT(counters.index_segments, 0);
    }
  }
  EXPECT_EQ(Value(store->Verify(table)), std::vector<std::string>());
}

}  // namespace
}  // namespace levee::store::testing
