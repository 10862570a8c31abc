#include <gmock/gmock.h>

#include "tests/memory_exchange/exchange_test_bed.h"

namespace levee::memory {
namespace {

std::string Line(int number) {
  return R"({"id":")" + std::to_string(number) + R"(","category":"c","content":"text )" + std::to_string(number) + "\"}\n";
}

TEST_F(ExchangeTest, AnImportThatWasCutOffGoesOn) {
  std::string whole;
  for (int i = 0; i < 25; ++i) whole += Line(i);
  Write("cut.ndjson", whole.substr(0, whole.size() / 2));
  EXPECT_FALSE(Import(ExchangeFormat::kNdjson, "cut.ndjson", {.batch_items = 10}).has_value());
  const std::int64_t there = *bank_.Count({});
  EXPECT_GT(there, 9);
  Write("whole.ndjson", whole);
  const auto report = Import(ExchangeFormat::kNdjson, "whole.ndjson", {.batch_items = 10});
  EXPECT_EQ(report->unchanged, there);
  EXPECT_EQ(report->stored, 25 - there);
}

// A bank that takes a millisecond an item, by its clock, and remembers how many came at once.
class SlowBank final : public fakes::PlainBank, public Clock {
 public:
  explicit SlowBank(Clock& clock) : PlainBank({}, clock) {}
  Result<std::vector<Written>> Store(std::vector<ItemWrite> items, const WriteOptions& options) override {
    sizes.push_back(items.size());
    now_ns_ += static_cast<std::int64_t>(items.size()) * 1'000'000;
    return PlainBank::Store(std::move(items), options);
  }
  std::int64_t NowMicros() override { return now_ns_ / 1'000; }
  std::int64_t MonotonicNanos() override { return now_ns_; }

  std::vector<std::size_t> sizes;

 private:
  std::int64_t now_ns_ = 0;
};

TEST_F(ExchangeTest, BatchesTakeAsLongAsTheyShould) {
  std::string lines;
  for (int i = 0; i < 600; ++i) lines += Line(i);
  Write("a.ndjson", lines);
  SlowBank bank(SystemClock());
  const auto source = OpenItemSource(ExchangeFormat::kNdjson, Path("a.ndjson"), {});
  ASSERT_TRUE(source);
  const auto report = ImportItems(**source, bank, {.batch_items = 200, .batch_latency_ms = 50, .clock = &bank});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->stored, 600);
  EXPECT_THAT(bank.sizes, testing::ElementsAre(200, 50, 50, 50, 50, 50, 50, 50, 50));
}

TEST_F(ExchangeTest, TheLastOfAnIdCounts) {
  Write("a.ndjson", R"({"id":"a","category":"c","content":"1"})" "\n" R"({"id":"a","category":"c","content":"2"})" "\n"
                    R"({"id":"a","category":"c","content":"2"})" "\n");
  EXPECT_EQ(Text(Import(ExchangeFormat::kNdjson, "a.ndjson")), "stored 1, updated 1, unchanged 1, kept 0");
  EXPECT_EQ(Get("a")->content, "2");
}

TEST_F(ExchangeTest, ANewerVersionIsKept) {
  ASSERT_TRUE(bank_.Store({{.item = {.id = "a", .category = "c", .content = "old"}}}, {}).has_value());
  ASSERT_EQ(Export(ExchangeFormat::kNdjson, "old.ndjson"), "1");
  ASSERT_TRUE(bank_.Store({{.item = {.id = "a", .category = "c", .content = "new"}}}, {}).has_value());
  EXPECT_EQ(Text(Import(ExchangeFormat::kNdjson, "old.ndjson")), "stored 0, updated 0, unchanged 0, kept 1");
  EXPECT_EQ(Get("a")->content, "new");
}

TEST_F(ExchangeTest, WhatTheBankRefusesIsSkippedAlone) {
  std::string lines;
  for (int i = 0; i < 20; ++i) lines += i == 7 ? R"({"id":"bad","category":"","content":"x"})" "\n" : Line(i);
  Write("a.ndjson", lines);
  EXPECT_FALSE(Import(ExchangeFormat::kNdjson, "a.ndjson").has_value());
  EXPECT_EQ(*bank_.Count({}), 0);
  const auto report = Import(ExchangeFormat::kNdjson, "a.ndjson", {.skip_wrong = true});
  EXPECT_EQ(report->stored, 19);
  EXPECT_THAT(report->problems, testing::ElementsAre(testing::HasSubstr("item 'bad'")));
}

TEST_F(ExchangeTest, ExportsPageByPage) {
  std::vector<ItemWrite> writes;
  for (int i = 0; i < 2'500; ++i) writes.push_back({.item = {.id = std::to_string(i), .category = "c", .content = "x"}});
  ASSERT_TRUE(bank_.Store(std::move(writes), {}).has_value());
  EXPECT_EQ(Export(ExchangeFormat::kNdjson, "all.ndjson"), "2500");
  EXPECT_EQ(Text(Import(ExchangeFormat::kNdjson, "all.ndjson")), "stored 0, updated 0, unchanged 2500, kept 0");
  EXPECT_EQ(Export(ExchangeFormat::kCsv, "all.csv"), "2500");
  EXPECT_EQ(Text(Import(ExchangeFormat::kCsv, "all.csv")), "stored 0, updated 0, unchanged 2500, kept 0");
}

TEST(ExchangeFormats, HaveNames) {
  for (const char* name : {"ndjson", "csv", "markdown", "mcp-memory", "basic-memory", "chroma"}) {
    ASSERT_TRUE(ParseExchangeFormat(name).has_value()) << name;
    EXPECT_STREQ(ExchangeFormatName(*ParseExchangeFormat(name)), name);
  }
  EXPECT_EQ(ParseExchangeFormat("xml"), std::nullopt);
}

}  // namespace
}  // namespace levee::memory
