// Pages: together they are what one large page is, whatever is written in between.
#include <gmock/gmock.h>

#include "tests/memory_bank/bank_under_test.h"

namespace levee::memory_bank {
namespace {

class PagingTest : public BankTest {
 protected:
  void SetUp() override {
    BankTest::SetUp();
    for (int i = 0; i < 25; ++i) {
      Item item = Note("i" + std::to_string(100 + i), i % 3 == 0 ? "late orders" : "orders of late days");
      item.category = i % 2 == 0 ? "even" : "odd";
      if (i % 4 != 0) item.metadata = "{\"n\":" + std::to_string(i % 5) + "}";
      if (i % 5 == 0) clock_.Move(10);
      bank().Store({{item}}, {}).value();
    }
  }

  // All pages of a query joined; `between` is done before each but the first.
  std::vector<std::string> Pages(ItemQuery query, std::int64_t limit,
                                 const std::function<void()>& between = {}) {
    std::vector<std::string> ids;
    query.limit = limit;
    for (int page_number = 0; page_number < 100; ++page_number) {
      const auto page = bank().Find(query);
      if (!page) return {page.error().ToString()};
      EXPECT_LE(std::ssize(page->items), limit);
      for (const Found& found : page->items) ids.push_back(found.item.id);
      if (page->next.empty()) return ids;
      query.after = page->next;
      if (between) between();
    }
    return {"pages without end"};
  }
};
LEVEE_BANK_SUITE(PagingTest);

TEST_P(PagingTest, TogetherAreTheWhole) {
  for (const char* order : {"", "id", "id desc", "updated", "category, updated desc", "metadata.n",
                            "metadata.n desc", "version, category desc", "content desc"}) {
    for (const char* words : {"", "late"}) {
      ItemQuery query{.words = words, .order = order, .limit = 100};
      const auto whole = Pages(query, 100);
      EXPECT_EQ(whole.size(), 25U) << order;
      for (const std::int64_t limit : {1, 7, 25})
        EXPECT_EQ(Pages(query, limit), whole) << order << " by " << limit;
    }
  }
  EXPECT_EQ(Pages({.words = "late", .order = "relevance desc"}, 4),
            Pages({.words = "late", .order = "relevance desc"}, 50));
}

TEST_P(PagingTest, NeitherRepeatNorHideWhenItemsCome) {
  const auto whole = Pages({.order = "id"}, 100);
  int count = 0;
  const auto pages =
      Pages({.order = "id"}, 4, [&] { Store(Note("a" + std::to_string(count++), "before all")); });
  EXPECT_EQ(pages, whole) << "what sorts before the cursor is no longer seen";
  const auto newest = Pages({}, 3, [&] { Store(Note("n" + std::to_string(count++), "newest")); });
  EXPECT_EQ(newest.size(), 25U + 6U) << "six came before the first page";
}

TEST_P(PagingTest, GoOnWhereTheLastRowIsGone) {
  const auto whole = Pages({.order = "id"}, 100);
  const auto page = bank().Find({.order = "id", .limit = 10}).value();
  bank().Delete({{page.items.back().item.id, {}}, {whole[12], {}}}, {}).value();
  const auto rest = bank().Find({.order = "id", .limit = 100, .after = page.next}).value();
  ASSERT_EQ(rest.items.size(), 14U);
  EXPECT_EQ(rest.items[0].item.id, whole[10]);
  EXPECT_EQ(rest.items[2].item.id, whole[13]);
}

TEST_P(PagingTest, ACursorOfAnotherOrderIsRefused) {
  const auto page = bank().Find({.order = "id", .limit = 10}).value();
  EXPECT_EQ(DetailOf(bank().Find({.order = "updated desc", .after = page.next})), "INVALID_QUERY");
}

TEST_P(PagingTest, ACursorLastsOverOpeningAndMerging) {
  const auto whole = Pages({.words = "late orders"}, 100);
  EXPECT_EQ(Pages({.words = "late orders"}, 6, [&] { made().Reopen(); }), whole);
  EXPECT_EQ(Pages({.words = "late orders"}, 6, [&] { bank().Maintain({}).value(); }), whole);
}

}  // namespace
}  // namespace levee::memory_bank
