// Whichever way rows are found, the answer is the same: with custom indexes and without, with any way switched off, before
// and after merges. LEVEE_MODEL_SEED repeats a history that failed.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>

#include "tests/fakes/plain_bank/plain_bank.h"
#include "tests/memory_bank/bank_under_test.h"
#include "tests/memory_bank/random_input.h"
#include "tests/memory_bank/stored_bank.h"

namespace levee::memory_bank {
namespace {

using memory::ItemRules;

struct Named {
  std::string name;
  ItemRules rules;
};

std::vector<Named> RuleSets() {
  std::vector<Named> sets{{"every way", {}}};
  constexpr std::pair<const char*, bool ItemRules::*> kRules[] = {
      {"tag lists", &ItemRules::tag_lists},   {"newest first", &ItemRules::newest_first}, {"index", &ItemRules::index},
      {"index only", &ItemRules::index_only}, {"index order", &ItemRules::index_order},   {"column order", &ItemRules::column_order},
      {"filter first", &ItemRules::filter_first}};
  Named none{"no way but columns", {}};
  for (const auto& [name, rule] : kRules) {
    sets.push_back({std::string("without ") + name, {}});
    sets.back().rules.*rule = false;
    none.rules.*rule = false;
  }
  sets.push_back(none);
  return sets;
}

const std::vector<IndexSpec>& Indexes() {
  static const std::vector<IndexSpec> kIndexes = {
      {"by n", {"metadata.n"}},         {"by s and n", {"metadata.s", "metadata.n"}}, {"by x", {"metadata.deep.x"}},
      {"by kind", {"category", "metadata.n"}}, {"by time", {"created"}},              {"by expiry", {"expires"}},
      {"by id", {"id"}},                {"by deep", {"metadata.deep"}},               {"tags", {"tags"}}};
  return kIndexes;
}

class WaysTest : public testing::Test {
 protected:
  static memory::StoreBankOptions With(const ItemRules& rules) {
    memory::StoreBankOptions options;
    options.author = "suite";
    options.replica = "here";
    options.limits.content_bytes_max = 100'000;
    options.rules = rules;
    options.build_indexes_at_once = true;
    return options;
  }

  // The ids of all pages.
  static std::vector<std::string> Pages(MemoryBank& bank, ItemQuery query) {
    std::vector<std::string> ids;
    while (ids.size() < 5'000) {
      const auto page = bank.Find(query);
      EXPECT_TRUE(page) << page.error().ToString();
      if (!page) return ids;
      for (const Found& found : page->items) ids.push_back(found.item.id);
      if (page->next.empty()) return ids;
      query.after = page->next;
    }
    return ids;
  }

  // Questions that indexes have to do with.
  ItemQuery Question(RandomInput& input) {
    ItemQuery query = input.Query(clock_.NowMicros(), times_);
    if (input.Chance(60)) query.words.clear();
    if (input.Chance(60)) query.ids.clear();
    if (query.words.empty() && query.order.starts_with("relevance")) query.order.clear();
    if (input.Chance(40)) query.order = input.Chance(50) ? "metadata.n desc" : "metadata.s, metadata.n";
    return query;
  }

  void Compare(MemoryBank& bank, MemoryBank& oracle, const std::vector<ItemQuery>& questions) {
    for (const ItemQuery& question : questions) {
      SCOPED_TRACE("metadata <" + question.metadata + "> order <" + question.order + "> words <" + question.words + ">");
      ItemQuery whole = question;
      whole.limit = 10'000;
      const auto wanted = oracle.Find(whole);
      const auto count = bank.Count(question);
      ASSERT_EQ(DetailOf(count), DetailOf(wanted));
      if (!wanted) continue;
      std::vector<std::string> ids;
      for (const Found& found : wanted->items) ids.push_back(found.item.id);
      EXPECT_EQ(*count, std::ssize(ids));
      ASSERT_EQ(Pages(bank, question), ids);
    }
  }

  StandingClock clock_;
  std::vector<std::int64_t> times_;
};

TEST_F(WaysTest, AnswerTheSame) {
  const char* const seed_text = std::getenv("LEVEE_MODEL_SEED");
  const std::uint64_t first = seed_text != nullptr ? std::strtoull(seed_text, nullptr, 10) : 1;
  for (std::uint64_t seed = first; seed < first + (seed_text != nullptr ? 1 : 6); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomInput input(seed);
    times_.clear();
    StoredBank bank(clock_, With({}));
    fakes::PlainBank oracle({.replica = "here", .author = "suite", .content_limit = 100'000}, clock_);
    for (int step = 0; step < 60; ++step) {
      clock_.Move(1 + input.Below(200'000));
      times_.push_back(clock_.NowMicros());
      std::vector<ItemWrite> writes;
      for (std::int64_t i = input.Below(12); i >= 0; --i) writes.push_back(input.Write(clock_.NowMicros()));
      const WriteOptions options = input.Options();
      ASSERT_EQ(DetailOf(bank->Store(writes, options)), DetailOf(oracle.Store(writes, options)));
      if (!input.Chance(15)) continue;
      ASSERT_TRUE(bank->Maintain({}));
    }
    std::vector<ItemQuery> questions;
    for (int i = 0; i < 60; ++i) questions.push_back(Question(input));
    Compare(*bank, oracle, questions);
    for (const IndexSpec& index : Indexes()) ASSERT_TRUE(bank->AddIndex(index));
    for (const Named& set : RuleSets()) {
      SCOPED_TRACE(set.name);
      bank.Open(With(set.rules));
      Compare(*bank, oracle, questions);
      if (HasFatalFailure()) return;
    }
    memory::StoreBankOptions as_paid = With({});
    as_paid.build_indexes_at_once = false;  // a question may change its way in the middle of a part
    for (int round = 0; round < 2; ++round) {
      bank.Open(as_paid);
      Compare(*bank, oracle, questions);
      std::reverse(questions.begin(), questions.end());
    }
    bank.Open(With({}));
    ASSERT_TRUE(bank->Maintain({}));
    Compare(*bank, oracle, questions);
    for (const IndexSpec& index : Indexes()) ASSERT_TRUE(bank->DropIndex(index.name));
    Compare(*bank, oracle, questions);
  }
}

class IndexUseTest : public WaysTest {
 protected:
  void SetUp() override {
    std::vector<ItemWrite> writes;
    for (int i = 0; i < 600; ++i) {
      clock_.Move(1'000);
      Item item = Note("i" + std::to_string(i), "content " + std::to_string(i));
      item.metadata = "{\"n\": " + std::to_string(i % 50) + ", \"s\": \"v" + std::to_string(i % 7) + "\"}";
      item.updated = clock_.NowMicros();
      writes.push_back({.item = std::move(item), .expected_version = {}});
    }
    ASSERT_TRUE(bank_->Store(std::move(writes), {}));
    ASSERT_TRUE(bank_->Maintain({}));
  }
  std::string Explained(const ItemQuery& query) { return bank_->Explain(query, ExplainFormat::kText, true).value(); }

  StoredBank bank_{clock_, With({})};
};

TEST_F(IndexUseTest, AnIndexIsUsedWhileItIsThere) {
  const ItemQuery question{.metadata = "n = 7", .limit = 5};
  const auto before = Pages(*bank_, question);
  EXPECT_EQ(before.size(), 12u);
  EXPECT_THAT(Explained(question), testing::Not(testing::HasSubstr("index by n")));
  ASSERT_TRUE(bank_->AddIndex({.name = "by n", .keys = {"metadata.n"}}));
  EXPECT_THAT(Explained(question), testing::HasSubstr("> index by n"));
  EXPECT_EQ(Pages(*bank_, question), before);
  ASSERT_TRUE(bank_->DropIndex("by n"));
  EXPECT_THAT(Explained(question), testing::Not(testing::HasSubstr("index by n")));
  EXPECT_EQ(Pages(*bank_, question), before);
}

TEST_F(IndexUseTest, RowsThatEndedStandApartFromThoseThatAreThere) {
  const std::int64_t before = clock_.NowMicros();
  for (int round = 0; round < 10; ++round) {
    clock_.Move(1'000'000);
    std::vector<ItemChange> changes;
    for (int i = 0; i < 600; ++i) {
      changes.push_back({.id = "i" + std::to_string(i), .expected_version = {}, .content = "round " + std::to_string(round)});
    }
    ASSERT_TRUE(bank_->Update(std::move(changes), {}));
    if (round % 3 != 0) continue;
    ASSERT_TRUE(bank_->Maintain({}));
  }
  ASSERT_TRUE(bank_->Maintain({}));
  EXPECT_EQ(bank_->Stats()->versions, 6'600);
  EXPECT_EQ(bank_->Stats()->segments, 2);
  const std::string plan = Explained({.tags = {}, .limit = 5});
  EXPECT_THAT(plan, testing::HasSubstr("newest first of 600 rows"));
  EXPECT_THAT(plan, testing::Not(testing::HasSubstr("6,000 rows")));
  EXPECT_THAT(Explained({.words = "round", .limit = 5}), testing::HasSubstr("top_k"));
  EXPECT_EQ(bank_->Count({.words = "round"}).value(), 600);
  EXPECT_EQ(bank_->Count({.words = "content", .as_of = before}).value(), 600);
  EXPECT_EQ(bank_->Count({.words = "content"}).value(), 0);
  EXPECT_THAT(Explained({.as_of = before}), testing::HasSubstr("of 6,000 rows"));
  EXPECT_EQ(bank_->Find({.as_of = before, .limit = 1}).value().items.front().item.content, "content 599");
}

TEST_F(IndexUseTest, AnIndexFindsRangesAndExistenceAndGivesAnOrder) {
  ASSERT_TRUE(bank_->AddIndex({.name = "by n", .keys = {"metadata.n"}}));
  for (const char* condition : {"n >= 48", "n < 2 AND s = 'v1'", "n IN (3, 4)", "n BETWEEN 3 AND 4", "7 = n", "n IS NULL"}) {
    EXPECT_THAT(Explained({.metadata = condition}), testing::HasSubstr("> index by n")) << condition;
  }
  EXPECT_THAT(Explained({.order = "metadata.n desc", .limit = 3}), testing::HasSubstr("> index by n in order"));
  EXPECT_THAT(Pages(*bank_, {.metadata = "n IS NULL"}), testing::IsEmpty());
  EXPECT_EQ(Pages(*bank_, {.metadata = "n IS NOT NULL", .limit = 100}).size(), 600u);
}

TEST_F(IndexUseTest, ConditionsThatLeaveFewRowsAreLookedAtBeforeWords) {
  ASSERT_TRUE(bank_->AddIndex({.name = "by n", .keys = {"metadata.n"}}));
  // "content" is in every item.
  const ItemQuery by_id{.words = "content", .ids = {"i3", "i5", "none"}};
  EXPECT_THAT(Explained(by_id), testing::AllOf(testing::HasSubstr("keys: keys of 3 rows"), testing::HasSubstr("item_filter_first"),
                                               testing::Not(testing::HasSubstr("postings of"))));
  EXPECT_EQ(bank_->Count(by_id).value(), 2);
  const ItemQuery by_index{.words = "content", .metadata = "n = 7"};
  EXPECT_THAT(Explained(by_index), testing::HasSubstr("> index by n"));
  EXPECT_EQ(bank_->Count(by_index).value(), 12);
  // One item alone has the number: of it the condition is asked.
  EXPECT_THAT(Explained({.words = "123", .categories = {"note"}}), testing::HasSubstr("postings of 600 rows"));
}

TEST_F(IndexUseTest, ItemsThatWereWrittenSinceAreFoundToo) {
  ASSERT_TRUE(bank_->AddIndex({.name = "by n", .keys = {"metadata.n"}}));
  EXPECT_EQ(bank_->Count({.metadata = "n = 7"}).value(), 12);
  Item item = Note("new", "new");
  item.metadata = R"({"n": 7})";
  ASSERT_TRUE(bank_->Store({{.item = item, .expected_version = {}}}, {}));
  ASSERT_TRUE(bank_->Delete({{.id = "i7"}}, {}));
  EXPECT_EQ(bank_->Count({.metadata = "n = 7"}).value(), 12);
  EXPECT_EQ(Pages(*bank_, {.metadata = "n = 7", .limit = 1}).front(), "new");
}

}  // namespace
}  // namespace levee::memory_bank
