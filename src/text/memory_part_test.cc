// A growing part against lists made by hand.
#include "text/memory_part.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <thread>

namespace levee::text {
namespace {

using testing::ElementsAre;

std::shared_ptr<MemoryPart> MakePart(ByField<bool> fields = {true, true, true}) {
  return MemoryPart::Make({.analyzer = *Analyzer::Make({}), .fields = fields});
}

Postings Read(const Part& part, Field field, std::string_view token) {
  Postings postings;
  const auto place = part.Find(field, token);
  if (place && *place) {
    EXPECT_TRUE(part.Read(field, **place, true, postings));
    EXPECT_EQ((*place)->documents, postings.rows.size());
  }
  return postings;
}

TEST(MemoryPartTest, FindsRowsCountsAndPositions) {
  const auto part = MakePart();
  const std::vector<std::string> tags = {"late orders", "late"};
  ASSERT_EQ(*part->Add({.content = "a b a", .tags = tags, .category = "note"}), 0U);
  ASSERT_EQ(*part->AddEmpty(), 1U);
  ASSERT_EQ(*part->Add({.content = "a"}), 2U);
  const auto view = part->Snapshot();
  const Postings a = Read(*view, Field::kContent, "a");
  EXPECT_THAT(a.rows, ElementsAre(0, 2));
  EXPECT_THAT(a.counts, ElementsAre(2, 1));
  EXPECT_THAT(a.positions, ElementsAre(0, 2, 0));
  // Between tags there is a gap.
  EXPECT_THAT(Read(*view, Field::kTags, "late").positions, ElementsAre(0, 3));
  EXPECT_THAT(Read(*view, Field::kCategory, "note").rows, ElementsAre(0));
  EXPECT_TRUE(Read(*view, Field::kContent, "note").rows.empty());
  EXPECT_EQ(view->tokens(Field::kContent), 4U);
  EXPECT_EQ(view->lengths(Field::kContent)[0], 3U);
  EXPECT_EQ(view->lengths(Field::kContent)[1], 0U);
  EXPECT_EQ(view->lengths(Field::kTags)[0], 3U);
}

TEST(MemoryPartTest, ASnapshotStaysAsItWas) {
  const auto part = MakePart();
  ASSERT_TRUE(part->Add({.content = "a b"}));
  const auto before = part->Snapshot();
  ASSERT_TRUE(part->Add({.content = "a c"}));
  EXPECT_EQ(before->rows(), 1U);
  EXPECT_EQ(before->tokens(Field::kContent), 2U);
  EXPECT_THAT(Read(*before, Field::kContent, "a").rows, ElementsAre(0));
  EXPECT_FALSE(before->Find(Field::kContent, "c")->has_value());
  std::vector<std::string> tokens;
  for (const auto all = before->Tokens(Field::kContent, ""); all->Next();) tokens.emplace_back(all->token());
  EXPECT_THAT(tokens, ElementsAre("a", "b"));
}

TEST(MemoryPartTest, TokensComeInOrder) {
  const auto part = MakePart();
  ASSERT_TRUE(part->Add({.content = "pear apple plum"}));
  const auto view = part->Snapshot();
  const auto from = view->Tokens(Field::kContent, "b");
  ASSERT_TRUE(from->Next());
  EXPECT_EQ(from->token(), "pear");
  // Those that came later are sorted in.
  ASSERT_TRUE(part->Add({.content = "peach banana"}));
  const auto later = part->Snapshot();
  const auto all = later->Tokens(Field::kContent, "");
  ASSERT_TRUE(all->Next());
  ASSERT_TRUE(all->Next());
  EXPECT_EQ(all->token(), "banana");
  ASSERT_TRUE(all->Next());
  EXPECT_EQ(all->token(), "peach");
  all->SkipPrefix(2);
  ASSERT_TRUE(all->Next());
  EXPECT_EQ(all->token(), "plum");
  EXPECT_FALSE(all->Next());
}

TEST(MemoryPartTest, LeavesOutFieldsThatAreNotIndexed) {
  const auto part = MakePart({true, false, false});
  const std::vector<std::string> tags = {"late"};
  ASSERT_TRUE(part->Add({.content = "a", .tags = tags}));
  EXPECT_FALSE(part->Snapshot()->has(Field::kTags));
  EXPECT_EQ(part->Snapshot()->tokens(Field::kTags), 0U);
}

TEST(MemoryPartTest, RefusesMoreRowsThanAPartTakes) {
  const auto part = MakePart();
  for (std::uint32_t row = 0; row < kPartRowsMax; ++row) ASSERT_TRUE(part->Add({.content = "a"}));
  const auto refused = part->Add({.content = "a"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(Read(*part->Snapshot(), Field::kContent, "a").rows.size(), kPartRowsMax);
}

// Tokens of all lengths, rows far apart and long texts, against a map.
TEST(MemoryPartTest, AgreesWithAMap) {
  std::mt19937 random(11);
  std::vector<std::string> vocabulary;
  for (int i = 0; i < 3000; ++i) vocabulary.push_back(std::string(1 + random() % 64, 'a') + std::to_string(i));
  for (std::string& word : vocabulary) word = word.substr(word.size() > 64 ? word.size() - 64 : 0);
  std::map<std::string, std::map<std::uint32_t, std::vector<std::uint32_t>>> wanted;
  const auto part = MakePart({true, false, false});
  for (std::uint32_t row = 0; row < 500; ++row) {
    std::string text;
    const std::uint32_t count = random() % 20 == 0 ? 5000 : random() % 50;
    for (std::uint32_t position = 0; position < count; ++position) {
      const std::string& word = vocabulary[random() % 2 == 0 ? random() % 4 : random() % vocabulary.size()];
      text += word + ' ';
      wanted[word][row].push_back(position);
    }
    ASSERT_TRUE(part->Add({.content = text}));
  }
  const auto view = part->Snapshot();
  const auto all = view->Tokens(Field::kContent, "");
  for (const auto& [word, rows] : wanted) {
    ASSERT_TRUE(all->Next());
    ASSERT_EQ(all->token(), word);
    Postings found = Read(*view, Field::kContent, word);
    std::size_t at = 0, position = 0;
    ASSERT_EQ(found.rows.size(), rows.size());
    for (const auto& [row, positions] : rows) {
      ASSERT_EQ(found.rows[at], row);
      ASSERT_EQ(found.counts[at++], positions.size());
      for (const std::uint32_t wanted_position : positions) ASSERT_EQ(found.positions[position++], wanted_position);
    }
  }
  EXPECT_FALSE(all->Next());
}

TEST(MemoryPartTest, IsReadWhileItGrows) {
  const auto part = MakePart({true, false, false});
  std::jthread reader([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto view = part->Snapshot();
      const Postings found = Read(*view, Field::kContent, "always");
      ASSERT_EQ(found.rows.size(), view->rows());
      std::uint64_t tokens = 0;
      for (std::uint32_t row = 0; row < view->rows(); ++row) tokens += view->lengths(Field::kContent)[row];
      ASSERT_EQ(tokens, view->tokens(Field::kContent));
    }
  });
  for (int row = 0; row < 3000; ++row) ASSERT_TRUE(part->Add({.content = "always word" + std::to_string(row)}));
}

}  // namespace
}  // namespace levee::text
