// Search against scoring everything the plain way, over random parts.
#include "text/query/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "text/chunks_test_bed.h"
#include "text/part_reader.h"
#include "text/part_writer.h"
#include "text/query/edit_distance.h"
#include "text/query/search_test_bed.h"

namespace levee::text {
namespace {

// Parts as the search wants them, made of plain ones.
struct Built {
  std::vector<std::shared_ptr<const Part>> parts, gone_documents;
  std::vector<Bitmap> gone;
  std::vector<std::vector<std::uint32_t>> allowed;
  std::vector<PartInput> inputs;
};

std::shared_ptr<const Part> BuildPart(const std::vector<TestDocument>& documents) {
  const auto part = MemoryPart::Make({.analyzer = *Analyzer::Make({}), .fields = {true, true, true}});
  for (const TestDocument& document : documents) EXPECT_TRUE(part->Add(document.view()));
  return part->Snapshot();
}

std::shared_ptr<const Part> StorePart(const std::shared_ptr<const Part>& part) {
  std::vector<std::uint32_t> rows(part->rows());
  std::iota(rows.begin(), rows.end(), 0);
  const MergeInput input{part.get(), rows};
  const auto chunks = std::make_shared<TestChunks>();
  const auto directory = MergeParts({&input, 1}, {.rows = part->rows(), .fields = {true, true, true}}, *chunks);
  return *OpenPart(*directory, chunks);
}

Built Build(const std::vector<PlainPart>& plain, TestRandom& random) {
  Built built;
  for (const PlainPart& part : plain) {
    built.parts.push_back(BuildPart(part.documents));
    if (random() % 2 == 0) built.parts.back() = StorePart(built.parts.back());
    std::vector<TestDocument> gone_documents;
    Bitmap gone(part.documents.size());
    std::vector<std::uint32_t> allowed;
    for (std::uint32_t row = 0; row < part.documents.size(); ++row) {
      if (part.allowed(row)) allowed.push_back(row);
      if (!part.gone.contains(row)) continue;
      gone.Set(row);
      gone_documents.push_back(part.documents[row]);
    }
    built.gone.push_back(std::move(gone));
    built.allowed.push_back(std::move(allowed));
    built.gone_documents.push_back(BuildPart(gone_documents));
  }
  for (std::size_t i = 0; i < plain.size(); ++i) {
    PartInput input{.part = built.parts[i].get(), .gone = &built.gone[i]};
    if (random() % 2 == 0) input.gone_documents = built.gone_documents[i].get();
    if (plain[i].gone.empty() && random() % 2 == 0) input.gone = nullptr;
    if (random() % 2 == 0) {
      input.listed = built.allowed[i];
    } else {
      input.accept = plain[i].allowed;
    }
    built.inputs.push_back(std::move(input));
  }
  return built;
}

std::vector<PlainPart> RandomParts(TestRandom& random) {
  std::vector<PlainPart> parts(1 + random() % 3);
  for (PlainPart& part : parts) {
    const std::size_t rows = random() % 4 == 0 ? 600 : random() % 40;
    for (std::size_t row = 0; row < rows; ++row) {
      part.documents.push_back(RandomDocument(random));
      if (random() % 5 == 0) part.gone.insert(static_cast<std::uint32_t>(row));
    }
    if (random() % 2 == 0) part.allowed = [](std::uint32_t row) { return row % 3 != 1; };
  }
  return parts;
}

void Compare(const std::vector<PlainPart>& plain, const Built& built, const Query& query, const FieldWeights& weights) {
  const PlainSearch reference(plain, query, weights);
  const std::vector<Hit> wanted = reference.Find();
  const auto search = Search::Prepare(query, built.inputs, weights);
  ASSERT_TRUE(search);
  for (const std::size_t limit : {std::size_t{1}, std::size_t{3}, std::size_t{10}, std::size_t{5000}}) {
    const auto found = search->Best(limit);
    ASSERT_TRUE(found);
    const auto count = static_cast<std::ptrdiff_t>(std::min(limit, wanted.size()));
    const std::vector<Hit> best(wanted.begin(), wanted.begin() + count);
    ASSERT_EQ(found->size(), best.size()) << query.text;
    for (std::size_t i = 0; i < best.size(); ++i) {
      ASSERT_EQ((*found)[i].score, best[i].score) << query.text << " hit " << i << " of " << limit;
      ASSERT_EQ((*found)[i].part, best[i].part) << query.text << " hit " << i << " of " << limit;
      ASSERT_EQ((*found)[i].row, best[i].row) << query.text << " hit " << i << " of " << limit;
      ASSERT_EQ(*search->Score(best[i].part, best[i].row), best[i].score);
    }
  }
  std::set<std::pair<std::uint32_t, std::uint32_t>> rows, matched;
  for (const Hit& hit : wanted) rows.emplace(hit.part, hit.row);
  for (std::uint32_t part = 0; part < plain.size(); ++part) {
    search->Matches(part)->ForEach([&](std::size_t row) { matched.emplace(part, static_cast<std::uint32_t>(row)); });
  }
  ASSERT_EQ(matched, rows) << query.text;
  std::vector<Hit> scored;
  for (std::uint32_t part = 0; part < plain.size(); ++part) {
    std::ranges::copy(*search->ScoredMatches(part), std::back_inserter(scored));
  }
  std::ranges::stable_sort(scored, std::greater(), &Hit::score);
  ASSERT_EQ(scored, wanted) << query.text;
}

TEST(SearchTest, AgreesWithScoringEverything) {
  TestRandom random(3);
  int asked = 0;
  for (int round = 0; round < 60; ++round) {
    const std::vector<PlainPart> plain = RandomParts(random);
    const Built built = Build(plain, random);
    for (int question = 0; question < 20; ++question) {
      const FieldWeights weights = random() % 2 == 0 ? kDefaultWeights : FieldWeights{1, 2.5, random() % 2 == 0 ? 0.5 : 0};
      ParseOptions options{.any_word = random() % 2 == 0, .typos = {random() % 2 == 0, static_cast<int>(random() % 3)}};
      for (std::size_t field = 0; field < kFields; ++field) options.fields[field] = weights[field] > 0;
      const auto query = ParseQuery(RandomQuery(random), PlainAnalyzer(), options);
      if (!query) continue;
      ++asked;
      ASSERT_NO_FATAL_FAILURE(Compare(plain, built, *query, weights));
    }
  }
  EXPECT_GT(asked, 800);
}

// Lists of many blocks, few of which are good enough.
TEST(SearchTest, PassesOverBlocksWithoutMissingAny) {
  TestRandom random(4);
  for (int round = 0; round < 6; ++round) {
    std::vector<PlainPart> plain(2);
    for (PlainPart& part : plain) {
      for (std::uint32_t row = 0; row < 5000; ++row) {
        TestDocument document{.content = RandomText(random, 1 + random() % 6)};
        if (random() % 300 == 0) document.content += " order order order late lake lake";
        if (random() % 30 == 0) document.content = "x y1 " + document.content;
        part.documents.push_back(std::move(document));
        if (random() % 8 == 0) part.gone.insert(row);
      }
    }
    Built built = Build(plain, random);
    for (PartInput& input : built.inputs) {
      input.listed.reset();
      input.accept = nullptr;
    }
    for (PlainPart& part : plain) part.allowed = [](std::uint32_t) { return true; };
    for (const std::string_view text : {"order late lake", "x y1 lake", "order", "lake AND order", "order AND late AND lake",
                                        "x AND y1", "rare1 x", "the late mondays zebra abcd", "+order late -lake"}) {
      const auto query = ParseQuery(text, PlainAnalyzer(), {});
      ASSERT_NO_FATAL_FAILURE(Compare(plain, built, *query, kDefaultWeights));
    }
  }
}

class SearchCaseTest : public testing::Test {
 protected:
  void Add(std::string content) { documents_.push_back({.content = std::move(content)}); }
  std::vector<Hit> Find(std::string_view text, const HitOrder& order = {}) {
    part_ = BuildPart(documents_);
    inputs_ = {{.part = part_.get()}, {.part = part_.get()}};
    query_ = *ParseQuery(text, PlainAnalyzer(), {});
    search_ = *Search::Prepare(query_, inputs_, kDefaultWeights);
    return *search_->Best(3, order);
  }

  std::vector<TestDocument> documents_;
  std::shared_ptr<const Part> part_;
  std::vector<PartInput> inputs_;
  Query query_;
  std::optional<Search> search_;
};

TEST_F(SearchCaseTest, TiesFollowTheCallersOrder) {
  for (int i = 0; i < 4; ++i) Add("a");
  const auto rows = [](const std::vector<Hit>& hits) {
    std::vector<std::pair<int, int>> pairs;
    for (const Hit& hit : hits) pairs.emplace_back(hit.part, hit.row);
    return pairs;
  };
  EXPECT_THAT(rows(Find("a")), testing::ElementsAre(testing::Pair(0, 0), testing::Pair(0, 1), testing::Pair(0, 2)));
  // By row, then the later part.
  const HitOrder by_row = [](const Hit& a, const Hit& b) { return a.row != b.row ? a.row < b.row : a.part > b.part; };
  EXPECT_THAT(rows(Find("a", by_row)), testing::ElementsAre(testing::Pair(1, 0), testing::Pair(0, 0), testing::Pair(1, 1)));
}

// Rows of a part that stand in no order, as those that came one by one: the best of all equal ones are found.
TEST(SearchTest, RowsInNoOrderAreAskedForTheirs) {
  TestRandom random(12);
  std::vector<TestDocument> documents;
  for (int row = 0; row < 3000; ++row) documents.push_back({.content = RandomText(random, 2)});
  const auto part = StorePart(BuildPart(documents));
  const PartInput input{.part = part.get(), .rows_in_order = false};
  const HitOrder order = [](const Hit& a, const Hit& b) { return a.row * 7919 % 3001 < b.row * 7919 % 3001; };
  for (const std::string_view text : {"order", "order late", "order AND late", "the lake x"}) {
    const auto query = ParseQuery(text, PlainAnalyzer(), {});
    const auto search = Search::Prepare(*query, {&input, 1}, kDefaultWeights);
    std::vector<Hit> wanted = *search->ScoredMatches(0);
    std::ranges::sort(wanted, [&](const Hit& a, const Hit& b) {
      return a.score != b.score ? a.score > b.score : order(a, b);
    });
    wanted.resize(std::min<std::size_t>(wanted.size(), 10));
    EXPECT_EQ(*search->Best(10, order), wanted) << text;
  }
}

TEST_F(SearchCaseTest, TellsWhatEachLeafGives) {
  Add("late orders");
  Add("late");
  const std::vector<Hit> hits = Find("late orders");
  const std::vector<double> scores = *search_->LeafScores(0, hits[0].row);
  ASSERT_EQ(scores.size(), 2U);
  EXPECT_GT(scores[1], scores[0]);
  EXPECT_DOUBLE_EQ(scores[0] + scores[1], hits[0].score);
  EXPECT_EQ(search_->documents(1), 2U);
}

TEST_F(SearchCaseTest, AWordWrittenTwiceCountsTwice) {
  Add("late orders");
  const double once = Find("late")[0].score;
  EXPECT_DOUBLE_EQ(Find("late late")[0].score, 2 * once);
}

TEST_F(SearchCaseTest, BearsTypingErrors) {
  Add("integration of orders");
  EXPECT_EQ(Find("integratoin").size(), 2U);
  EXPECT_THAT(search_->tokens(0), testing::Contains("integration"));
  EXPECT_TRUE(Find("ordesr~0").empty());
  EXPECT_TRUE(Find("off").empty());  // too short
  EXPECT_EQ(Find("ordres").size(), 2U);
}

TEST_F(SearchCaseTest, SuggestsTheNearestKnownWords) {
  Add("orders late late");
  Add("lake");
  Add("lake");
  EXPECT_TRUE(Find("lare~0 AND orderz~0").empty());
  // Both are one edit away; more documents have "lake".
  EXPECT_EQ(*SuggestQuery(query_, inputs_, kDefaultWeights), "lake~0 AND orders~0");
  // What is known stays, however common its neighbours are.
  Find("late AND orderz~0");
  EXPECT_EQ(*SuggestQuery(query_, inputs_, kDefaultWeights), "late AND orders~0");
  Find("nowhere near");
  EXPECT_EQ(*SuggestQuery(query_, inputs_, kDefaultWeights), "");
}

TEST(EditDistanceTest, AgreesWithTheTextbook) {
  TestRandom random(5);
  for (int round = 0; round < 300; ++round) {
    const auto word = [&] {
      std::string text(random() % 8, 'a');
      for (char& letter : text) letter = static_cast<char>('a' + random() % 3);
      return text;
    };
    const std::string pattern = word();
    std::set<std::string> tokens;
    for (int i = 0; i < 60; ++i) tokens.insert(word());
    for (int limit = 0; limit <= 2; ++limit) {
      EditDistance distance(pattern, limit);
      for (const std::string& token : tokens) {
        const int wanted = PlainDistance(pattern, token), found = distance.Measure(token);
        ASSERT_EQ(std::min(found, limit + 1), std::min(wanted, limit + 1)) << pattern << " " << token;
        // Whatever begins so is too far.
        for (const std::string& other : tokens) {
          const bool is_dead = distance.dead_bytes() > 0 && other.starts_with(token.substr(0, distance.dead_bytes()));
          if (!is_dead) continue;
          ASSERT_GT(PlainDistance(pattern, other), limit);
        }
      }
    }
  }
}

TEST(EditDistanceTest, CountsCharactersNotBytes) {
  EXPECT_EQ(EditDistance("größe", 2).Measure("grosse"), 3);
  EXPECT_EQ(EditDistance("größe", 2).Measure("größer"), 1);
  EXPECT_EQ(EditDistance("привет", 2).Measure("првиет"), 1);
}

}  // namespace
}  // namespace levee::text
