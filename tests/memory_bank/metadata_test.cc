// Conditions on metadata.
#include "tests/memory_bank/bank_under_test.h"

namespace levee::memory_bank {
namespace {

class MetadataTest : public BankTest {
 protected:
  void SetUp() override {
    BankTest::SetUp();
    int i = 0;
    for (const char* text :
         {R"({"n": 1, "s": "alpha", "b": true})",
          R"({"n": 2.5, "s": "beta", "b": false, "deep": {"er": {"x": 7}}})", R"({"n": "1", "s": null})",
          R"({"n": [1], "s": {"x": 1}})", R"({"n": -3, "s": "al_ha%", "odd key": 1, "é": 2})",
          R"({"n": 9007199254740993, "s": "it's"})", "{}"}) {
      Item item = Note("m" + std::to_string(i++), "x");
      item.metadata = text;
      Store(item);
    }
  }
  std::string Where(std::string condition) { return Ids({.metadata = std::move(condition), .order = "id"}); }
};
LEVEE_BANK_SUITE(MetadataTest);

TEST_P(MetadataTest, Comparisons) {
  EXPECT_EQ(Where("n = 1"), "m0");
  EXPECT_EQ(Where("n = 1.0"), "m0");
  EXPECT_EQ(Where("n = '1'"), "m2");
  EXPECT_EQ(Where("n <> 1"), "m1 m4 m5");
  EXPECT_EQ(Where("n != 1"), "m1 m4 m5");
  EXPECT_EQ(Where("n < 2"), "m0 m4");
  EXPECT_EQ(Where("n <= 2.5"), "m0 m1 m4");
  EXPECT_EQ(Where("n > 2.5"), "m5");
  EXPECT_EQ(Where("n >= -3 AND n < 0"), "m4");
  EXPECT_EQ(Where("2 > n"), "m0 m4");
  EXPECT_EQ(Where("s = 'alpha'"), "m0");
  EXPECT_EQ(Where("s > 'alpha'"), "m1 m5");
  EXPECT_EQ(Where("s = 'it''s'"), "m5");
  EXPECT_EQ(Where("b = TRUE"), "m0");
  EXPECT_EQ(Where("b = false"), "m1");
  EXPECT_EQ(Where("deep.er.x = 7"), "m1");
  EXPECT_EQ(Where("deep.er = 7"), "");
}

TEST_P(MetadataTest, LargeIntegersAreExact) {
  EXPECT_EQ(Where("n = 9007199254740993"), "m5");
  EXPECT_EQ(Where("n = 9007199254740992"), "");
  EXPECT_EQ(Where("n > 9007199254740992"), "m5");
}

TEST_P(MetadataTest, WhatIsMissingOrOfAnotherTypeIsUnknown) {
  EXPECT_EQ(Where("NOT n = 1"), "m1 m4 m5");
  EXPECT_EQ(Where("NOT (n = 1 OR s = 'beta')"), "m4 m5");
  EXPECT_EQ(Where("NOT (n = 1 AND s = 'zz')"), "m0 m1 m4 m5");
  EXPECT_EQ(Where("n = NULL"), "");
  EXPECT_EQ(Where("nothing = 1 OR n = 1"), "m0");
  EXPECT_EQ(Where("nothing <> 1"), "");
}

TEST_P(MetadataTest, Existence) {
  EXPECT_EQ(Where("s IS NULL"), "m2 m6");
  EXPECT_EQ(Where("s IS NOT NULL"), "m0 m1 m3 m4 m5");
  EXPECT_EQ(Where("deep.er.x IS NOT NULL"), "m1");
  EXPECT_EQ(Where("deep IS NOT NULL"), "m1");
  EXPECT_EQ(Where("NOT n IS NULL"), "m0 m1 m2 m3 m4 m5");
}

TEST_P(MetadataTest, Lists) {
  EXPECT_EQ(Where("n IN (1, 2.5, 'x')"), "m0 m1");
  EXPECT_EQ(Where("n NOT IN (1, 2.5)"), "m4 m5");
  EXPECT_EQ(Where("n NOT IN (1, NULL)"), "");
  EXPECT_EQ(Where("n BETWEEN -3 AND 1"), "m0 m4");
  EXPECT_EQ(Where("n NOT BETWEEN -3 AND 1"), "m1 m5");
  EXPECT_EQ(Where("s BETWEEN 'alpha' AND 'beta'"), "m0 m1");
}

TEST_P(MetadataTest, Patterns) {
  EXPECT_EQ(Where("s LIKE 'al%'"), "m0 m4");
  EXPECT_EQ(Where("s LIKE '%a'"), "m0 m1");
  EXPECT_EQ(Where("s LIKE 'al_ha'"), "m0");
  EXPECT_EQ(Where("s LIKE 'al\\_ha\\%'"), "m4");
  EXPECT_EQ(Where("s NOT LIKE '%a%'"), "m5");
  EXPECT_EQ(Where("n LIKE '1'"), "m2");
}

TEST_P(MetadataTest, QuotedNames) {
  EXPECT_EQ(Where("\"odd key\" = 1"), "m4");
  EXPECT_EQ(Where("`odd key` = 1"), "m4");
  EXPECT_EQ(Where("\"é\" = 2"), "m4");
  EXPECT_EQ(Where("\"deep\".\"er\".x = 7"), "m1");
}

TEST_P(MetadataTest, Precedence) {
  EXPECT_EQ(Where("n = 1 OR n = 2.5 AND s = 'none'"), "m0");
  EXPECT_EQ(Where("(n = 1 OR n = 2.5) AND s = 'beta'"), "m1");
  EXPECT_EQ(Where("NOT n = 1 AND s = 'beta'"), "m1");
  EXPECT_EQ(Where("n = 1 and not s = 'beta' or b = false"), "m0 m1");
}

TEST_P(MetadataTest, AnswersTheSameWithAnIndex) {
  const auto before = Where("n > 0 AND s < 'c'");
  ASSERT_TRUE(bank().AddIndex({.name = "by_n", .keys = {"metadata.n"}}));
  EXPECT_EQ(Where("n > 0 AND s < 'c'"), before);
  EXPECT_EQ(Where("n = 1"), "m0");
  EXPECT_EQ(Where("n = '1'"), "m2");
  EXPECT_EQ(Where("NOT n = 1"), "m1 m4 m5");
  bank().Maintain({}).value();
  Store(Note("m0", "no metadata any more"));
  EXPECT_EQ(Where("n > 0 AND s < 'c'"), "m1");
}

}  // namespace
}  // namespace levee::memory_bank
