// Namespaces, quotas, indexes, statistics, copies.
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/memory_bank/bank_under_test.h"

namespace levee::memory_bank {
namespace {

class NamespacesTest : public BankTest {
 protected:
  static Item In(std::string name_space, std::string id, std::string content) {
    Item item = Note(std::move(id), std::move(content));
    item.name_space = std::move(name_space);
    return item;
  }
  std::string Texts() {
    std::string text;
    const auto namespaces = bank().Namespaces();
    for (const NamespaceInfo& info : namespaces.value()) {
      text += (text.empty() ? "" : " ") + info.name + ":" + std::to_string(info.items) + ":" +
              std::to_string(info.content_bytes) +
              (info.quota.max_items ? "<" + std::to_string(*info.quota.max_items) : "");
    }
    return text;
  }
};
LEVEE_BANK_SUITE(NamespacesTest);

TEST_P(NamespacesTest, AreListedWithWhatTheyHold) {
  EXPECT_EQ(Texts(), "");
  Store(In("b", "1", "xxx"));
  Store(In("a", "2", "yy"));
  Store(In("b", "3", "z"));
  EXPECT_EQ(Texts(), "a:1:2 b:2:4");
  bank().Update({{.id = "1", .name_space = "c"}}, {}).value();
  bank().Delete({{"2", {}}}, {}).value();
  EXPECT_EQ(Texts(), "b:1:1 c:1:3");
  made().Reopen();
  bank().Maintain({}).value();
  EXPECT_EQ(Texts(), "b:1:1 c:1:3");
}

TEST_P(NamespacesTest, AQuotaOfItems) {
  ASSERT_TRUE(bank().SetQuota("a", {.max_items = 2}));
  Store(In("a", "1", "x"));
  EXPECT_EQ(Text(bank().Store({{In("a", "2", "x")}, {In("b", "3", "x")}, {In("a", "4", "x")}}, {})),
            "NAMESPACE_ERROR");
  EXPECT_EQ(Ids({}), "1") << "nothing of the batch";
  Store(In("a", "2", "x"));
  EXPECT_EQ(Text(bank().Store({{In("a", "1", "another")}}, {})), "1 updated 2") << "it is there already";
  Store(In("b", "3", "x"));
  EXPECT_EQ(Text(bank().Update({{.id = "3", .name_space = "a"}}, {})), "NAMESPACE_ERROR");
  made().Reopen();
  EXPECT_EQ(Text(bank().Store({{In("a", "4", "x")}}, {})), "NAMESPACE_ERROR");
  bank().Delete({{"1", {}}}, {}).value();
  EXPECT_EQ(Text(bank().Store({{In("a", "4", "x")}}, {})), "4 stored 1");
  EXPECT_EQ(Texts(), "a:2:2<2 b:1:1");
  ASSERT_TRUE(bank().SetQuota("a", {}));
  Store(In("a", "5", "x"));
  EXPECT_EQ(Texts(), "a:3:3 b:1:1");
}

TEST_P(NamespacesTest, WhatHasExpiredTakesNoRoom) {
  ASSERT_TRUE(bank().SetQuota("a", {.max_items = 1}));
  Item expired = In("a", "1", "x");
  expired.expires = clock_.NowMicros();
  EXPECT_EQ(Text(bank().Store({{expired}, {In("a", "2", "x")}}, {})), "1 stored 1, 2 stored 1");
  expired.id = "3";
  EXPECT_EQ(Text(bank().Store({{expired}}, {})), "3 stored 1");
  EXPECT_EQ(Text(bank().Store({{In("a", "4", "x")}}, {})), "NAMESPACE_ERROR");
}

TEST_P(NamespacesTest, AQuotaOfBytes) {
  ASSERT_TRUE(bank().SetQuota("a", {.max_bytes = 10}));
  Store(In("a", "1", "12345"));
  EXPECT_EQ(Text(bank().Store({{In("a", "2", "123456")}}, {})), "NAMESPACE_ERROR");
  Store(In("a", "2", "12345"));
  EXPECT_EQ(Text(bank().Update({{.id = "2", .content = "123456"}}, {})), "NAMESPACE_ERROR");
  EXPECT_EQ(Text(bank().Update({{.id = "2", .content = "1"}}, {})), "2 updated 2");
  EXPECT_EQ(DetailOf(bank().SetQuota("a", {.max_items = -1})), "VALIDATION_ERROR");
  EXPECT_EQ(DetailOf(bank().SetQuota("", {.max_items = 1})), "VALIDATION_ERROR");
}

TEST_P(NamespacesTest, IndexesAreListedAddedAndDropped) {
  Store(In("a", "1", "x"));
  ASSERT_TRUE(bank().AddIndex({.name = "by_category", .keys = {"category", "updated"}}));
  ASSERT_TRUE(bank().AddIndex({.name = "by_source", .keys = {"metadata.source"}}));
  const auto again = bank().AddIndex({.name = "by_source", .keys = {"category"}});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(again.error().detail, "INDEX_ERROR");
  for (const IndexSpec& wrong : {IndexSpec{"x", {}}, IndexSpec{"", {"category"}}, IndexSpec{"x", {"nothing"}},
                                 IndexSpec{"x", {"metadata."}}, IndexSpec{"x", {"tags", "category"}}}) {
    EXPECT_EQ(DetailOf(bank().AddIndex(wrong)), "INDEX_ERROR");
  }
  made().Reopen();
  EXPECT_EQ(bank().Indexes().value().size(), 2U);
  ASSERT_TRUE(bank().DropIndex("by_source"));
  const auto gone = bank().DropIndex("by_source");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::kNotFound);
  ASSERT_EQ(bank().Indexes().value().size(), 1U);
  EXPECT_THAT(bank().Indexes().value()[0].keys, testing::ElementsAre("category", "updated"));
}

TEST_P(NamespacesTest, StatisticsCountWhatIsThere) {
  Store(In("a", "1", "xxx"));
  Store(In("b", "2", "yy"));
  Store(In("a", "1", "xxxxx"));
  const auto stats = bank().Stats().value();
  EXPECT_EQ(stats.items, 2);
  EXPECT_EQ(stats.versions, 3);
  EXPECT_EQ(stats.namespaces, 2);
  EXPECT_EQ(stats.content_bytes, 7);
  const auto verified = bank().Verify().value();
  EXPECT_EQ(verified.items, 2);
  EXPECT_THAT(verified.problems, testing::IsEmpty());
}

TEST_P(NamespacesTest, ACopyHoldsEverything) {
  Store(In("a", "1", "one"));
  Store(In("a", "1", "two"));
  const std::string path = testing::TempDir() + "/levee_bank_copy_" + GetParam().name + ".db";
  std::filesystem::remove(path);
  const auto copied = bank().Backup(path);
  if (!copied && copied.error().code == ErrorCode::kUnsupported) GTEST_SKIP() << copied.error().ToString();
  ASSERT_TRUE(copied) << copied.error().ToString();
  Store(In("a", "1", "three"));
  const auto copy = made().OpenBackup(path);
  ASSERT_TRUE(copy);
  EXPECT_EQ(copy->Get("1", {}).value()->content, "two");
  EXPECT_EQ(copy->History("1", {}).value().size(), 2U);
  const auto again = bank().Backup(path);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace levee::memory_bank
