// Random histories and random questions: every bank against the plain one. LEVEE_MODEL_SEED repeats a history
// that failed, LEVEE_MODEL_HISTORIES asks for more of them.
#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>

#include "tests/fakes/plain_bank/plain_bank.h"
#include "tests/memory_bank/bank_under_test.h"
#include "tests/memory_bank/random_input.h"

namespace levee::memory_bank {
namespace {

constexpr int kSteps = 80, kHistories = 30;
constexpr double kScoreError = 1e-9;

std::int64_t FromEnvironment(const char* name, std::int64_t otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? std::strtoll(text, nullptr, 10) : otherwise;
}

// What a query asks, for the message of a failure.
std::string Describe(const ItemQuery& query) {
  const auto list = [](const char* name, const std::vector<std::string>& values) {
    std::string text;
    for (const std::string& value : values) text += (text.empty() ? "" : ",") + value;
    return values.empty() ? "" : std::string(" ") + name + "=[" + text + "]";
  };
  const auto number = [](const char* name, std::optional<std::int64_t> value) {
    return value ? std::string(" ") + name + "=" + std::to_string(*value) : "";
  };
  return "words=<" + query.words + "> metadata=<" + query.metadata + "> order=<" + query.order + ">" +
         list("ids", query.ids) + list("namespaces", query.namespaces) +
         list("categories", query.categories) + list("tags", query.tags) + list("any_tags", query.any_tags) +
         list("no_tags", query.no_tags) + number("since", query.since) + number("until", query.until) +
         number("created_since", query.created_since) + number("created_until", query.created_until) +
         number("as_of", query.as_of) + number("limit", query.limit) +
         " any_word=" + std::to_string(query.any_word) +
         (query.typos ? " typos=" + std::to_string(*query.typos) : "");
}

class ModelTest : public BankTest {
 protected:
  void Restart(std::uint64_t seed) {
    Open({});
    input_ = std::make_unique<RandomInput>(seed);
    oracle_ = std::make_unique<fakes::PlainBank>(
        fakes::PlainBankOptions{.replica = "here", .author = "suite", .content_limit = 100'000}, clock_);
    times_.clear();
  }

  void Step() {
    const std::int64_t dice = input_->Below(100);
    clock_.Move(1 + input_->Below(200'000));
    times_.push_back(clock_.NowMicros());
    if (dice < 35) return StoreSome();
    if (dice < 48) return UpdateSome();
    if (dice < 55) return DeleteSome();
    if (dice < 60) return made().Reopen();
    if (dice < 65) return void(bank().Maintain({}).value());
    if (dice < 68) return SetSomeQuota();
    if (dice < 72) return SwitchIndex();
    if (dice < 82) return CompareItem(input_->Id());
    CompareQuery(input_->Query(clock_.NowMicros(), times_));
  }

  void CompareEverything() {
    for (int i = 0; i < 50; ++i) CompareItem("i" + std::to_string(i));
    for (int i = 0; i < 5; ++i) CompareQuery(input_->Query(clock_.NowMicros(), times_));
    CompareQuery({.order = "id", .limit = 10'000, .with_embedding = true});
    const auto stats = bank().Stats().value(), wanted = oracle_->Stats().value();
    EXPECT_EQ(stats.items, wanted.items);
    EXPECT_EQ(stats.content_bytes, wanted.content_bytes);
    const auto verified = bank().Verify();
    ASSERT_TRUE(verified) << verified.error().ToString();
    EXPECT_THAT(verified->problems, testing::IsEmpty());
    CompareNamespaces();
  }

 private:
  void StoreSome() {
    std::vector<ItemWrite> writes;
    for (std::int64_t i = input_->Chance(10) ? input_->Below(60) : input_->Below(6); i >= 0; --i) {
      writes.push_back(input_->Write(clock_.NowMicros()));
    }
    const WriteOptions options = input_->Options();
    EXPECT_EQ(Text(bank().Store(writes, options)), Text(oracle_->Store(writes, options)));
  }
  void UpdateSome() {
    std::vector<ItemChange> changes;
    for (std::int64_t i = input_->Below(4); i >= 0; --i)
      changes.push_back(input_->Change(clock_.NowMicros()));
    const WriteOptions options = input_->Options();
    EXPECT_EQ(Text(bank().Update(changes, options)), Text(oracle_->Update(changes, options)));
  }
  void DeleteSome() {
    std::vector<ItemRemoval> removals;
    for (std::int64_t i = input_->Below(4); i >= 0; --i) removals.push_back(input_->Removal());
    const WriteOptions options = input_->Options();
    EXPECT_EQ(Text(bank().Delete(removals, options)), Text(oracle_->Delete(removals, options)));
  }
  void SetSomeQuota() {
    Quota quota;
    if (input_->Chance(40)) quota.max_items = 3 + input_->Below(10);
    if (input_->Chance(20)) quota.max_bytes = 100 + input_->Below(1000);
    const std::string name = input_->Namespace();
    EXPECT_TRUE(bank().SetQuota(name, quota));
    EXPECT_TRUE(oracle_->SetQuota(name, quota));
  }
  void SwitchIndex() {
    const IndexSpec index = input_->Index();
    if (!oracle_->DropIndex(index.name)) {
      EXPECT_TRUE(oracle_->AddIndex(index));
      const auto added = bank().AddIndex(index);
      EXPECT_TRUE(added) << added.error().ToString();
    } else {
      EXPECT_TRUE(bank().DropIndex(index.name));
    }
  }

  static void ExpectSame(const Item& got, const Item& wanted) {
    const auto text = [](const Item& item) {
      return item.id + " version " + std::to_string(item.version) + " '" + item.content + "' " +
             item.metadata + " created " + std::to_string(item.created) + " updated " +
             std::to_string(item.updated) + " clock " + fakes::ClockText(item.vector_clock);
    };
    EXPECT_EQ(got, wanted) << text(got) << "\nwanted " << text(wanted);
  }

  void CompareItem(const std::string& id) {
    SCOPED_TRACE("item " + id);
    ItemVersionChoice choice;
    if (input_->Chance(20)) choice.version = 1 + input_->Below(6);
    if (!choice.version && input_->Chance(30)) {
      choice.as_of = times_[static_cast<std::size_t>(input_->Below(std::ssize(times_)))];
    }
    const auto got = bank().Get(id, choice), wanted = oracle_->Get(id, choice);
    ASSERT_TRUE(got) << got.error().ToString();
    ASSERT_EQ(got->has_value(), wanted->has_value())
        << "version " << choice.version.value_or(-1) << ", as of " << choice.as_of.value_or(-1);
    if (*got) ExpectSame(**got, **wanted);
    const auto versions = bank().History(id, {}), expected = oracle_->History(id, {});
    ASSERT_TRUE(versions) << versions.error().ToString();
    ASSERT_EQ(versions->size(), expected->size());
    for (std::size_t i = 0; i < versions->size(); ++i) {
      SCOPED_TRACE("entry " + std::to_string(i) + " of the history");
      EXPECT_EQ((*versions)[i].operation, (*expected)[i].operation);
      EXPECT_EQ((*versions)[i].written, (*expected)[i].written);
      EXPECT_EQ((*versions)[i].author, (*expected)[i].author);
      ExpectSame((*versions)[i].item, (*expected)[i].item);
    }
  }

  void CompareNamespaces() {
    const auto texts = [](const std::vector<NamespaceInfo>& list) {
      std::vector<std::string> lines;
      for (const NamespaceInfo& info : list) {
        lines.push_back(info.name + " " + std::to_string(info.items) + " " +
                        std::to_string(info.content_bytes));
      }
      return lines;
    };
    EXPECT_EQ(texts(bank().Namespaces().value()), texts(oracle_->Namespaces().value()));
  }

  void CompareQuery(ItemQuery query) {
    SCOPED_TRACE(Describe(query));
    ItemQuery whole = query;
    whole.limit = 10'000;
    const auto wanted = oracle_->Find(whole);
    const auto first = bank().Find(query);
    ASSERT_EQ(DetailOf(first), DetailOf(wanted));
    const auto count = bank().Count(query);
    ASSERT_EQ(DetailOf(count), DetailOf(wanted));
    if (!wanted) return;
    EXPECT_EQ(*count, std::ssize(wanted->items));
    std::vector<Found> found = first->items;
    for (std::string next = first->next; !next.empty() && found.size() <= wanted->items.size();) {
      query.after = next;
      const auto page = bank().Find(query);
      ASSERT_TRUE(page) << page.error().ToString();
      found.insert(found.end(), page->items.begin(), page->items.end());
      next = page->next;
    }
    ExpectSameList(found, wanted->items);
    for (const auto field :
         {FacetField::kCategory, FacetField::kNamespace, FacetField::kTag, FacetField::kDay}) {
      const auto facets = bank().Facets(whole, field, 4), expected = oracle_->Facets(whole, field, 4);
      ASSERT_TRUE(facets) << facets.error().ToString();
      ASSERT_EQ(facets->size(), expected->size());
      for (std::size_t i = 0; i < facets->size(); ++i) {
        EXPECT_EQ((*facets)[i].value, (*expected)[i].value);
        EXPECT_EQ((*facets)[i].items, (*expected)[i].items);
      }
    }
  }

  // Scores that differ in the last bits alone may change places.
  static void ExpectSameList(const std::vector<Found>& found, const std::vector<Found>& wanted) {
    std::map<std::string, const Found*> by_id;
    std::string ids, wanted_ids;
    for (const Found& one : wanted) {
      by_id[one.item.id] = &one;
      wanted_ids += one.item.id + ":" + std::to_string(one.score) + " ";
    }
    for (const Found& one : found) ids += one.item.id + ":" + std::to_string(one.score) + " ";
    ASSERT_EQ(found.size(), wanted.size()) << "found " << ids << "\nwanted " << wanted_ids;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto there = by_id.find(found[i].item.id);
      ASSERT_NE(there, by_id.end()) << "found " << ids << "\nwanted " << wanted_ids;
      EXPECT_NEAR(found[i].score, there->second->score, kScoreError) << found[i].item.id;
      ExpectSame(found[i].item, there->second->item);
      if (found[i].item.id != wanted[i].item.id) {
        EXPECT_TRUE(found[i].score > 0 && std::abs(wanted[i].score - there->second->score) < kScoreError)
            << "at " << i << ": found " << ids << "\nwanted " << wanted_ids;
        return;
      }
    }
  }

  std::unique_ptr<RandomInput> input_;
  std::unique_ptr<fakes::PlainBank> oracle_;
  std::vector<std::int64_t> times_;  // of every step
};
LEVEE_BANK_SUITE(ModelTest);

TEST_P(ModelTest, RandomHistories) {
  const std::int64_t histories = FromEnvironment("LEVEE_MODEL_HISTORIES", kHistories);
  const std::int64_t first = FromEnvironment("LEVEE_MODEL_SEED", 1);
  for (std::int64_t seed = first; seed < first + histories && !HasFailure(); ++seed) {
    SCOPED_TRACE("LEVEE_MODEL_HISTORIES=1 LEVEE_MODEL_SEED=" + std::to_string(seed));
    Restart(static_cast<std::uint64_t>(seed));
    for (int step = 0; step < kSteps && !HasFailure(); ++step) {
      SCOPED_TRACE("step " + std::to_string(step));
      Step();
    }
    if (!HasFailure()) CompareEverything();
    made().Reopen();
    if (!HasFailure()) CompareEverything();
  }
}

}  // namespace
}  // namespace levee::memory_bank
