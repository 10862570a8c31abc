// Aggregates and joins with lists, against plain loops over all rows.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "query/operators/operators.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;
using columnar::ColumnKey;
using columnar::ColumnRole;
using Function = Measure::Function;

const ColumnKey kSize = columnar::PlainKey(ColumnRole::kSize);
const ColumnKey kPath = columnar::PlainKey(ColumnRole::kPath);
const ColumnKey kReal{ColumnRole::kMax, "x", {types::TypeKind::kDouble}};

struct Row {
  std::optional<std::int64_t> size;
  std::optional<std::string> path;
  std::optional<double> real;
};

std::vector<Row> RandomRows(std::size_t count) {
  std::mt19937_64 random(3);
  const std::string texts[] = {"", "a", "a%20b", "a b", "c"};
  std::vector<Row> rows(count);
  for (Row& row : rows) {
    if (random() % 5 != 0) row.size = static_cast<std::int64_t>(random() % 100) - 20;
    if (random() % 5 != 0) row.path = texts[random() % std::size(texts)];
    if (random() % 5 != 0) row.real = static_cast<double>(random() % 3) / 2;
  }
  return rows;
}

class RowStream final : public BatchStream {
 public:
  explicit RowStream(const std::vector<Row>& rows) : rows_(rows) {}
  Result<std::unique_ptr<Batch>> Next() override {
    if (at_ == rows_.size()) return nullptr;
    auto batch = std::make_unique<Batch>();
    for (const ColumnKey& key : {kSize, kPath, kReal}) batch->FindOrAdd(key);
    for (const std::size_t end = std::min(rows_.size(), at_ + 313); at_ < end; ++at_, ++batch->rows) {
      const Row& row = rows_[at_];
      row.size ? batch->Find(kSize)->PushInt(*row.size) : batch->Find(kSize)->PushNull();
      row.path ? batch->Find(kPath)->PushString(*row.path) : batch->Find(kPath)->PushNull();
      row.real ? batch->Find(kReal)->PushDouble(*row.real) : batch->Find(kReal)->PushNull();
    }
    return batch;
  }

 private:
  const std::vector<Row>& rows_;
  std::size_t at_ = 0;
};

Batch Drain(BatchStream& stream) {
  Batch all;
  while (true) {
    auto batch = stream.Next();
    EXPECT_TRUE(batch) << batch.error().ToString();
    if (!batch || *batch == nullptr) return all;
    for (const columnar::BatchColumn& column : (*batch)->columns) {
      all.FindOrAdd(column.key).AppendRange(column.values, 0, (*batch)->rows);
    }
    all.rows += (*batch)->rows;
  }
}

const std::vector<Measure> kMeasures{{.function = Function::kRows},
                                     {.function = Function::kSum, .column = kSize},
                                     {.function = Function::kValues, .column = kSize},
                                     {.function = Function::kBelow, .column = kSize, .bound = 10}};

using Group = std::pair<types::PhysicalValue, types::PhysicalValue>;
using Groups = std::map<Group, std::vector<std::int64_t>>;

Groups PlainGroups(const std::vector<Row>& rows) {
  Groups groups;
  for (const Row& row : rows) {
    Group group;
    if (row.path) group.first = *row.path;
    if (row.real) group.second = *row.real + 0.0;  // one zero
    auto& sums = groups.try_emplace(group, 4, 0).first->second;
    sums[0] += 1;
    sums[1] += row.size.value_or(0);
    sums[2] += row.size.has_value();
    sums[3] += row.size.has_value() && *row.size < 10;
  }
  return groups;
}

// By path with nulls first, then by the number, descending with nulls last.
const Aggregate kByPathAndReal{
    .groups = {{.column = kPath, .nulls_first = true}, {.column = kReal, .descending = true}}, .measures = kMeasures};

bool ComesBefore(const Group& a, const Group& b) {
  const auto null = [](const types::PhysicalValue& value) { return std::holds_alternative<std::monostate>(value); };
  if (null(a.first) != null(b.first)) return null(a.first);
  if (a.first != b.first) return std::get<std::string>(a.first) < std::get<std::string>(b.first);
  if (null(a.second) != null(b.second)) return null(b.second);
  return !null(a.second) && std::get<double>(a.second) > std::get<double>(b.second);
}

void ExpectGroups(const std::vector<Row>& rows, std::size_t memory_bytes) {
  Groups expected = PlainGroups(rows);
  const auto stream = MakeAggregateStream(std::make_unique<RowStream>(rows), kByPathAndReal,
                                          {.bytes = memory_bytes, .spill_folder = testing::TempDir()});
  const Batch groups = Drain(*stream);
  ASSERT_EQ(groups.rows, expected.size());
  std::optional<Group> before;
  for (std::size_t row = 0; row < groups.rows; ++row) {
    const Group group{groups.Find(kPath)->At(row), groups.Find(kReal)->At(row)};
    if (before) EXPECT_TRUE(ComesBefore(*before, group)) << row;
    before = group;
    const auto found = expected.find(group);
    ASSERT_NE(found, expected.end());
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(groups.Find(MeasureKey(i))->ints[row], found->second[i]);
    expected.erase(found);
  }
}

TEST(AggregateStream, SumsByGroupAsAPlainLoop) { ExpectGroups(RandomRows(5'000), 1 << 20); }

// Of 20,000 texts, 0.0 and -0.0 among the numbers: each batch is spilled, and groups return in many runs.
TEST(AggregateStream, SpillsWhatMemoryDoesNotHold) {
  std::vector<Row> rows = RandomRows(60'000);
  std::mt19937_64 random(4);
  for (Row& row : rows) {
    if (row.path && random() % 4 != 0) row.path = "customer " + std::to_string(random() % 20'000);
    if (row.real == 0.0 && random() % 2 == 0) row.real = -0.0;
  }
  for (const std::size_t memory_bytes : {std::size_t{1}, std::size_t{1} << 18, std::size_t{1} << 30}) {
    ExpectGroups(rows, memory_bytes);
  }
}

TEST(AggregateStream, FailsWhereItCannotSpill) {
  const std::vector<Row> rows = RandomRows(1'000);
  const auto stream = MakeAggregateStream(std::make_unique<RowStream>(rows), kByPathAndReal,
                                          {.bytes = 1, .spill_folder = "/no/such/folder"});
  const auto batch = stream->Next();
  ASSERT_FALSE(batch);
  EXPECT_EQ(batch.error().code, ErrorCode::kIo);
}

TEST(AggregateStream, WithoutGroupsIsOneRowAlsoOfNothing) {
  for (const std::size_t count : {0, 1'000}) {
    for (const std::size_t memory_bytes : {std::size_t{1}, std::size_t{1} << 20}) {
      const std::vector<Row> rows = RandomRows(count);
      const auto stream = MakeAggregateStream(std::make_unique<RowStream>(rows), {.groups = {}, .measures = kMeasures},
                                              {.bytes = memory_bytes, .spill_folder = testing::TempDir()});
      const Batch groups = Drain(*stream);
      ASSERT_EQ(groups.rows, 1U);
      EXPECT_EQ(groups.Find(MeasureKey(0))->ints[0], static_cast<std::int64_t>(count));
    }
  }
}

std::string WithoutEscapes(std::string_view text) {
  std::string out(text);
  if (const auto at = out.find("%20"); at != std::string::npos) out.replace(at, 3, " ");
  return out;
}

TEST(JoinStream, SemiAndAntiAreTheTwoParts) {
  const std::vector<Row> rows = RandomRows(2'000);
  const auto texts = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"a b", "c", "zz"});
  for (const bool canonical : {false, true}) {
    std::size_t expected = 0;
    for (const Row& row : rows) {
      expected += row.path && (*row.path == "a b" || *row.path == "c" || (canonical && *row.path == "a%20b"));
    }
    const Join join{.column = kPath, .texts = texts, .canonical = canonical ? WithoutEscapes : nullptr};
    Join anti = join;
    anti.kind = Join::Kind::kAnti;
    const auto in = MakeJoinStream(std::make_unique<RowStream>(rows), join);
    const auto out = MakeJoinStream(std::make_unique<RowStream>(rows), anti);
    EXPECT_EQ(Drain(*in).rows, expected);
    EXPECT_EQ(Drain(*out).rows, rows.size() - expected);
  }
}

TEST(JoinStream, InnerGivesARowForEachPair) {
  const std::vector<Row> rows = RandomRows(2'000);
  // "a b" stands twice in the list, "c" once, "zz" in no row.
  const std::vector<std::pair<std::string, std::int64_t>> list{{"a b", 1}, {"c", 2}, {"a b", 3}, {"zz", 4}};
  const ColumnKey number = ListedKey("n", {types::TypeKind::kLong});
  auto listed = std::make_shared<ListedRows>();
  auto batch = std::make_shared<Batch>();
  auto texts = std::make_shared<std::vector<std::string>>();
  for (const auto& [text, value] : list) {
    listed->by_text[text].push_back(static_cast<std::uint32_t>(batch->rows));
    batch->FindOrAdd(number).PushInt(value);
    ++batch->rows;
    texts->push_back(text);
  }
  listed->rows = batch;
  using Pair = std::tuple<std::string, std::optional<std::int64_t>, std::int64_t>;
  for (const bool canonical : {false, true}) {
    std::vector<Pair> expected;
    for (const Row& row : rows) {
      for (const auto& [text, value] : list) {
        if (!row.path || (canonical ? WithoutEscapes(*row.path) : *row.path) != text) continue;
        expected.emplace_back(*row.path, row.size, value);
      }
    }
    const auto joined = MakeJoinStream(std::make_unique<RowStream>(rows),
                                       {.kind = Join::Kind::kInner,
                                        .column = kPath,
                                        .texts = texts,
                                        .canonical = canonical ? WithoutEscapes : nullptr,
                                        .listed = listed});
    const Batch all = Drain(*joined);
    std::vector<Pair> got;
    for (std::size_t row = 0; row < all.rows; ++row) {
      const bool sized = all.Find(kSize)->IsValid(row);
      got.emplace_back(std::string(all.Find(kPath)->strings[row]),
                       sized ? std::optional(all.Find(kSize)->ints[row]) : std::nullopt, all.Find(number)->ints[row]);
    }
    EXPECT_GT(got.size(), 100U);
    EXPECT_EQ(got, expected);
  }
}

TEST(UnionStream, OpensInputsAsTheyAreWantedAndNamesTheirRows) {
  const std::vector<Row> rows = RandomRows(1'000);
  const ColumnKey united = UnitedKey(0, {types::TypeKind::kLong});
  std::vector<std::size_t> opened;
  const auto open = [&](std::size_t input) -> Result<std::unique_ptr<BatchStream>> {
    opened.push_back(input);
    return std::make_unique<RowStream>(rows);
  };
  const auto stream = MakeUnionStream(
      {{.label = "a", .columns = {{kSize, united}}}, {.source = 1, .label = "b", .columns = {{kSize, united}}}}, open);
  EXPECT_TRUE(opened.empty());
  ASSERT_TRUE(stream->Next());
  EXPECT_EQ(opened, (std::vector<std::size_t>{0}));
  const Batch rest = Drain(*stream);
  EXPECT_EQ(opened, (std::vector<std::size_t>{0, 1}));
  ASSERT_EQ(rest.rows, 2 * rows.size() - 313);
  for (std::size_t row = 0; row < rest.rows; ++row) {
    const std::size_t number = row + 313;
    EXPECT_EQ(rest.Find(UnionLabelKey())->strings[row], number < rows.size() ? "a" : "b");
    const auto& size = rows[number % rows.size()].size;
    ASSERT_EQ(rest.Find(united)->IsValid(row), size.has_value());
    EXPECT_EQ(rest.Find(united)->ints[row], size.value_or(0));
  }
}

}  // namespace
}  // namespace levee::query
