#include "memory/model/each_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "memory/model/errors.h"
#include "tests/fakes/plain_bank/plain_bank.h"

namespace levee::memory {
namespace {

using testing::ElementsAre;

class EachPageTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* id : {"c", "a", "e", "b", "d"}) {
      ASSERT_TRUE(bank_.Store({{.item = {.id = id, .name_space = std::string("of-") + id, .category = "c", .content = id}}}, {}).has_value());
    }
  }
  // The ids of each page, with commas between.
  Status Walk(ItemQuery query, std::size_t pages_max = 100) {
    return EachPage(bank_, std::move(query), [&](const std::vector<Found>& items) -> Status {
      std::string ids;
      for (const Found& found : items) ids.append(ids.empty() ? "" : ",").append(found.item.id);
      pages_.push_back(std::move(ids));
      if (pages_.size() == pages_max) return StorageFailure("the sink", "is full");
      return {};
    });
  }

  fakes::PlainBank bank_{fakes::PlainBankOptions(), SystemClock()};
  std::vector<std::string> pages_;
};

TEST_F(EachPageTest, ComesByIdWhateverTheQuerySays) {
  ASSERT_TRUE(Walk({.order = "content desc", .limit = 2, .after = "nowhere"}));
  EXPECT_THAT(pages_, ElementsAre("a,b", "c,d", "e"));
}

TEST_F(EachPageTest, EndsWithTheFirstFailure) {
  const Status walked = Walk({.limit = 2}, 2);
  ASSERT_FALSE(walked);
  EXPECT_EQ(walked.error().detail, "STORAGE_ERROR");
  EXPECT_THAT(pages_, ElementsAre("a,b", "c,d"));
}

TEST_F(EachPageTest, AllItemsAreOfEveryNamespace) {
  ASSERT_TRUE(Walk(AllItems()));
  EXPECT_THAT(pages_, ElementsAre("a,b,c,d,e"));
}

}  // namespace
}  // namespace levee::memory
