// Predicates on columns as they are stored: when they are looked at so, and that the answers are the same.
#include <algorithm>
#include <random>

#include "store/open/store_testing.h"

namespace levee::store::testing {
namespace {

using expr::CompareOp;
using expr::NodeKind;
using expr::SkippingNode;

constexpr std::size_t kFiles = 20'000;

// Where bounds are unknown, counts are read, too.
std::vector<File> SomeFiles(std::mt19937_64& random, bool all_known = false) {
  std::vector<File> files(kFiles);
  for (File& file : files) {
    file.path = std::to_string(random());
    file.size = static_cast<std::int64_t>(random() % 1'000);
    if (all_known || random() % 10 != 0) file.low = static_cast<std::int64_t>(random() % 1'000'000);
    if (file.low && (all_known || random() % 10 != 0)) file.high = *file.low + static_cast<std::int64_t>(random() % 100'000);
    if (random() % 10 != 0) file.part = random() % 20 == 0 ? "" : "region-" + std::to_string(random() % 50);
  }
  return files;
}

std::int64_t Import(Store& store, const std::vector<File>& files) {
  const std::int64_t table = Value(store.CreateTable("file:///t", "", std::nullopt)).id;
  auto session = Value(store.BeginImport(table, {.first_version = 0, .last_version = 0}));
  Ok(session->AddEntries(AddsOf(files, true), false));
  Ok(session->Publish({CommitRecord{.num_files = static_cast<std::int64_t>(files.size())}}, {}));
  return table;
}

SkippingNode OnPart(NodeKind kind, CompareOp op, std::vector<std::string> texts) {
  SkippingNode node;
  node.kind = kind;
  node.op = op;
  node.column = {"p", "p", String(), true};
  for (std::string& text : texts) node.literals.push_back({String(), std::move(text)});
  return node;
}

SkippingNode Both(NodeKind kind, SkippingNode left, SkippingNode right) {
  SkippingNode node;
  node.kind = kind;
  node.children = {std::move(left), std::move(right)};
  return node;
}

std::int64_t CountBy(Store& store, std::int64_t table, const SkippingNode& predicate, ScanCounters& counters) {
  counters = {};
  ScanRequest request = Alive(table, 0);
  request.predicate = &predicate;
  request.counters = &counters;
  return Value(store.Count(request));
}

// NULL, "" and unknown bounds as docs and the protocol have them.
bool MayBeAtLeast(const File& file, std::int64_t value) { return !file.high || *file.high >= value; }
bool HasPart(const File& file, std::string_view part) { return file.part && !part.empty() && *file.part == part; }

TEST(StoreEncodedTest, AnswersAreTheSameOnAndOff) {
  const TemporaryFolder folder;
  std::mt19937_64 random(17);
  const std::vector<File> files = SomeFiles(random);
  // So little room that nothing is kept decoded.
  const auto on = Value(OpenStore(folder.File("on.db"), {.cache_bytes = 1 << 20, .key_indexes = false}));
  const auto off = Value(OpenStore(folder.File("off.db"),
                                   {.cache_bytes = 1 << 20, .key_indexes = false, .encoded_evaluation = false}));
  const std::int64_t table = Import(*on, files);
  ASSERT_EQ(Import(*off, files), table);
  for (int question = 0; question < 60; ++question) {
    const auto value = static_cast<std::int64_t>(random() % 1'100'000);
    const std::string part = "region-" + std::to_string(random() % 52);
    const SkippingNode bound = Compare(static_cast<CompareOp>(random() % 6), value);
    const SkippingNode text =
        random() % 3 == 0 ? OnPart(NodeKind::kIn, {}, {"region-1", part + "x"})
                          : OnPart(NodeKind::kCompare, static_cast<CompareOp>(random() % 6), {part});
    const SkippingNode predicates[] = {bound, text, Both(NodeKind::kAnd, bound, text), Both(NodeKind::kOr, bound, text)};
    const SkippingNode& predicate = predicates[random() % 4];
    ScanRequest request = Alive(table, 0);
    request.predicate = &predicate;
    const auto wanted = ScanFiles(*off, request);
    EXPECT_EQ(ScanFiles(*on, request), wanted);
    ScanCounters counters;
    EXPECT_EQ(CountBy(*off, table, predicate, counters), static_cast<std::int64_t>(wanted.size()));
    EXPECT_EQ(counters.column_blocks_encoded, 0);
    EXPECT_EQ(CountBy(*on, table, predicate, counters), static_cast<std::int64_t>(wanted.size()));
  }
  const std::string part = "region-7";
  const SkippingNode predicate = Both(NodeKind::kAnd, Compare(CompareOp::kGreaterEqual, 400'000),
                                      OnPart(NodeKind::kCompare, CompareOp::kEqual, {part}));
  ScanCounters counters;
  EXPECT_EQ(CountBy(*on, table, predicate, counters), std::ranges::count_if(files, [&](const File& file) {
              return MayBeAtLeast(file, 400'000) && HasPart(file, part);
            }));
  EXPECT_GT(counters.column_blocks_encoded, 0);
}

TEST(StoreEncodedTest, ColumnsThatAreAskedAgainAreDecodedAndKept) {
  const TemporaryFolder folder;
  std::mt19937_64 random(18);
  const std::vector<File> files = SomeFiles(random, true);
  const auto store = Value(OpenStore(folder.File("store.db"), {.key_indexes = false}));
  const std::int64_t table = Import(*store, files);
  const SkippingNode predicate = Compare(CompareOp::kGreater, 500'000);
  constexpr std::int64_t kBlocks = (kFiles + 1'023) / 1'024;
  std::int64_t first = 0;
  for (int ask = 0; ask < 4; ++ask) {
    ScanCounters counters;
    const std::int64_t count = CountBy(*store, table, predicate, counters);
    if (ask == 0) first = count;
    EXPECT_EQ(count, first);
    EXPECT_EQ(counters.column_blocks_encoded, ask == 0 ? kBlocks : 0);
    EXPECT_EQ(counters.column_blocks_decoded, ask == 1 ? kBlocks : 0);
    EXPECT_EQ(counters.cache_hits, ask > 1 ? 1 : 0);
  }
}

TEST(StoreEncodedTest, ColumnsThatFindNoRoomStayAsStored) {
  const TemporaryFolder folder;
  std::mt19937_64 random(19);
  const auto store = Value(OpenStore(folder.File("store.db"), {.cache_bytes = 1 << 20, .key_indexes = false}));
  const std::int64_t table = Import(*store, SomeFiles(random, true));
  const SkippingNode predicate = Compare(CompareOp::kGreater, 500'000);
  for (int ask = 0; ask < 20; ++ask) {
    ScanCounters counters;
    EXPECT_GT(CountBy(*store, table, predicate, counters), 0);
    EXPECT_GT(counters.column_blocks_encoded, 0);
    EXPECT_EQ(counters.column_blocks_decoded, 0);
  }
}

}  // namespace
}  // namespace levee::store::testing
