#include <gmock/gmock.h>

// Items and queries that are refused: each by its code, and nothing of the batch is stored.
#include "tests/memory_bank/bank_under_test.h"

namespace levee::memory_bank {
namespace {

class RejectionTest : public BankTest {
 protected:
  void SetUp() override { Open({.content_limit = 1000}); }

  // Whether a batch with such an item between two sound ones is refused, and leaves nothing.
  void Refused(const std::function<void(Item&)>& spoil) {
    Item item = Note("bad", "x");
    spoil(item);
    const auto written = bank().Store({{Note("good", "x")}, {item}, {Note("good2", "x")}}, {});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().detail, "VALIDATION_ERROR");
    EXPECT_EQ(written.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(written.error().ToString().find("number 2 of 3"), std::string::npos) << written.error().ToString();
    EXPECT_EQ(bank().Count({}).value(), 0);
  }
  void Taken(const std::function<void(Item&)>& change) {
    Item item = Note("odd", "x");
    change(item);
    const auto written = bank().Store({{item}}, {});
    ASSERT_TRUE(written) << written.error().ToString();
    EXPECT_EQ((*bank().Get(item.id, {}))->content, item.content);
  }
};
LEVEE_BANK_SUITE(RejectionTest);

TEST_P(RejectionTest, Ids) {
  Refused([](Item& item) { item.id = std::string(513, 'i'); });
  Refused([](Item& item) { item.id = "\xFF"; });
  Refused([](Item& item) { item.id = std::string("a\0b", 3); });
  Taken([](Item& item) { item.id = std::string(512, 'i'); });
  Taken([](Item& item) { item.id = "'; DROP TABLE item; --"; });
  Taken([](Item& item) { item.id = "../../etc/passwd"; });
}

TEST_P(RejectionTest, NamespacesAndCategories) {
  Refused([](Item& item) { item.name_space = ""; });
  Refused([](Item& item) { item.name_space = std::string(256, 'n'); });
  Refused([](Item& item) { item.name_space = "\xC0\x80"; });
  Refused([](Item& item) { item.category = ""; });
  Refused([](Item& item) { item.category = std::string(256, 'c'); });
  Refused([](Item& item) { item.category = "\xED\xA0\x80"; });
  Taken([](Item& item) { item.name_space = item.category = std::string(255, 'c'); });
}

TEST_P(RejectionTest, Contents) {
  Refused([](Item& item) { item.content = ""; });
  Refused([](Item& item) { item.content = std::string(1001, 'x'); });
  Refused([](Item& item) { item.content = "a\x80"; });
  Refused([](Item& item) { item.content = "\xF4\x90\x80\x80"; });
  Taken([](Item& item) { item.content = std::string(1000, 'x'); });
  Taken([](Item& item) { item.content = std::string("nul \0 inside", 12); });
}

TEST_P(RejectionTest, Tags) {
  Refused([](Item& item) { item.tags = {"a", "b", "a"}; });
  Refused([](Item& item) { item.tags = {""}; });
  Refused([](Item& item) { item.tags = {"\xFE"}; });
  Refused([](Item& item) { item.tags = {std::string("\0", 1)}; });
  Taken([](Item& item) { item.tags = {"a", "A", "a ", "' OR 1=1 --"}; });
}

TEST_P(RejectionTest, Metadata) {
  for (const char* text : {"", "[]", "1", "null", "{", R"({"a":})", "{'a':1}", R"({"a":1}})", R"({"a":01})",
                           R"({"a":NaN})", R"("{}")"}) {
    Refused([&](Item& item) { item.metadata = text; });
  }
  Refused([](Item& item) { item.metadata = "{\"a\":\"\xFF\"}"; });
  Taken([](Item& item) { item.metadata = " {\"a\" : {\"b\": [1, {}]}} "; });
}

TEST_P(RejectionTest, ChangesThatMakeAnItemWrong) {
  Store(Note("a", "x"));
  for (const ItemChange& change :
       {ItemChange{.id = "a", .content = ""}, ItemChange{.id = "a", .category = ""},
        ItemChange{.id = "a", .metadata = "[]"}, ItemChange{.id = "a", .tags = {{"t", "t"}}},
        ItemChange{.id = "a", .add_tags = {""}}, ItemChange{.id = "a", .content = std::string(1001, 'x')}}) {
    EXPECT_EQ(Text(bank().Update({{.id = "a", .content = "changed"}, change}, {})), "VALIDATION_ERROR");
  }
  EXPECT_EQ((*bank().Get("a", {}))->content, "x");
  EXPECT_EQ((*bank().Get("a", {}))->version, 1);
}

TEST_P(RejectionTest, Queries) {
  Store(Note("a", "some words here"));
  for (const ItemQuery& query :
       {ItemQuery{.limit = 0}, ItemQuery{.limit = -1}, ItemQuery{.limit = 10'001},
        ItemQuery{.words = "x", .typos = 3}, ItemQuery{.words = "x", .typos = -1},
        ItemQuery{.order = "nothing"}, ItemQuery{.order = "updated sideways"}, ItemQuery{.order = "updated,"},
        ItemQuery{.after = "garbage"}, ItemQuery{.metadata = "a ="}, ItemQuery{.metadata = "a = 1 AND"},
        ItemQuery{.metadata = "(a = 1"}, ItemQuery{.metadata = "a = 'x"},
        ItemQuery{.metadata = "a = 1; DROP TABLE item"}, ItemQuery{.words = "\xFF"}}) {
    EXPECT_EQ(DetailOf(bank().Find(query)), "INVALID_QUERY")
        << query.order << query.metadata << query.words << query.after;
  }
  EXPECT_EQ(DetailOf(bank().Facets({}, FacetField::kTag, 0)), "INVALID_QUERY");
}

TEST_P(RejectionTest, Words) {
  Store(Note("a", "some words here"));
  std::string many, deep = "x";
  for (int i = 0; i < 257; ++i) many += "w" + std::to_string(i) + " ";
  for (int i = 0; i < 70; ++i) deep = "(" + deep + ")";
  const std::vector<std::string> wrong = {"NOT some", "-some", "\"some words", "(some", "some)", "some AND",
                                          "OR some",  "s*",    "some~3",       many,    deep};
  for (const std::string& words : wrong) {
    EXPECT_EQ(DetailOf(bank().Find({.words = words})), "INVALID_QUERY") << words;
    EXPECT_EQ(DetailOf(bank().Count({.words = words})), "INVALID_QUERY") << words;
  }
}

}  // namespace
}  // namespace levee::memory_bank
