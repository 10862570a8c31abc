// Parts written, merged and read again: they say what the parts in memory say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "text/chunks_test_bed.h"
#include "text/part_reader.h"
#include "text/part_writer.h"
#include "text/query/search_test_bed.h"
#include "text/stored/block_codec.h"
#include "text/stored/block_list.h"

namespace levee::text {
namespace {

constexpr ByField<bool> kAll = {true, true, true};

std::shared_ptr<const Part> InMemory(const std::vector<TestDocument>& documents) {
  const auto part = MemoryPart::Make({.analyzer = *Analyzer::Make({}), .fields = kAll});
  for (const TestDocument& document : documents) EXPECT_TRUE(part->Add(document.view()));
  return part->Snapshot();
}

std::vector<std::uint32_t> Identity(std::uint32_t rows) {
  std::vector<std::uint32_t> map(rows);
  std::iota(map.begin(), map.end(), 0);
  return map;
}

struct Stored {
  std::shared_ptr<TestChunks> chunks = std::make_shared<TestChunks>();
  Bytes directory;
  std::shared_ptr<const Part> part;
};

Stored Store(std::span<const MergeInput> inputs, std::uint32_t rows) {
  Stored stored;
  stored.directory = *MergeParts(inputs, {.rows = rows, .fields = kAll}, *stored.chunks);
  stored.part = *OpenPart(stored.directory, stored.chunks);
  return stored;
}

Stored Store(const Part& part) {
  const std::vector<std::uint32_t> map = Identity(part.rows());
  const MergeInput input{&part, map};
  return Store({&input, 1}, part.rows());
}

void ExpectSame(const Part& wanted, const Part& found) {
  ASSERT_EQ(found.rows(), wanted.rows());
  for (const Field field : kAllFields) {
    ASSERT_EQ(found.tokens(field), wanted.tokens(field));
    for (std::uint32_t row = 0; row < wanted.rows(); ++row) ASSERT_EQ(found.lengths(field)[row], wanted.lengths(field)[row]);
    const auto wanted_tokens = wanted.Tokens(field, ""), found_tokens = found.Tokens(field, "");
    Postings a, b;
    while (wanted_tokens->Next()) {
      ASSERT_TRUE(found_tokens->Next()) << found_tokens->status().error().ToString();
      ASSERT_EQ(found_tokens->token(), wanted_tokens->token());
      ASSERT_TRUE(wanted.Read(field, wanted_tokens->place(), true, a));
      ASSERT_TRUE(found.Read(field, found_tokens->place(), true, b));
      ASSERT_EQ(a.rows, b.rows);
      ASSERT_EQ(a.counts, b.counts);
      ASSERT_EQ(a.positions, b.positions);
      const auto place = found.Find(field, wanted_tokens->token());
      ASSERT_TRUE(place && *place) << wanted_tokens->token();
      ASSERT_EQ((*place)->documents, a.rows.size());
    }
    ASSERT_FALSE(found_tokens->Next());
    ASSERT_TRUE(found_tokens->status());
  }
}

// Words of which some are everywhere, some nowhere else, some many times in one text.
std::vector<TestDocument> ManyDocuments(std::size_t count, TestRandom& random) {
  std::vector<TestDocument> documents;
  for (std::size_t i = 0; i < count; ++i) {
    TestDocument document = RandomDocument(random);
    for (std::size_t word = random() % 20; word > 0; --word) {
      const std::uint64_t range = std::uint64_t{1} << random() % 14;
      document.content += " w" + std::to_string(random() % range);
    }
    if (random() % 100 == 0) {
      for (int word = 0; word < 700; ++word) document.content += " again";
    }
    documents.push_back(std::move(document));
  }
  return documents;
}

TEST(StoredPartTest, SaysWhatThePartInMemorySays) {
  TestRandom random(1);
  for (const std::size_t count : {0, 1, 5, 128, 129, 3000}) {
    const auto memory = InMemory(ManyDocuments(count, random));
    ASSERT_NO_FATAL_FAILURE(ExpectSame(*memory, *Store(*memory).part));
  }
}

TEST(StoredPartTest, MergesAsIfIndexedAtOnce) {
  TestRandom random(2);
  for (int round = 0; round < 6; ++round) {
    const std::size_t inputs = 1 + random() % 4;
    std::vector<std::vector<TestDocument>> documents;
    std::vector<std::pair<std::size_t, std::uint32_t>> kept;  // input and row
    for (std::size_t i = 0; i < inputs; ++i) {
      documents.push_back(ManyDocuments(random() % 2000, random));
      for (std::uint32_t row = 0; row < documents[i].size(); ++row) {
        if (random() % 4 != 0) kept.emplace_back(i, row);
      }
    }
    if (round % 2 == 0) std::ranges::shuffle(kept, random);
    std::vector<std::vector<std::uint32_t>> maps;
    for (const auto& part : documents) maps.emplace_back(part.size(), kDroppedRow);
    std::vector<TestDocument> merged;
    for (const auto& [input, row] : kept) {
      maps[input][row] = static_cast<std::uint32_t>(merged.size());
      merged.push_back(documents[input][row]);
    }
    // Some of the inputs are stored, some in memory.
    std::vector<std::shared_ptr<const Part>> parts;
    std::vector<MergeInput> merge;
    for (std::size_t i = 0; i < inputs; ++i) {
      parts.push_back(InMemory(documents[i]));
      if (random() % 2 == 0) parts.back() = Store(*parts.back()).part;
      merge.push_back({parts.back().get(), maps[i]});
    }
    const Stored stored = Store(merge, static_cast<std::uint32_t>(merged.size()));
    const auto at_once = InMemory(merged);
    ASSERT_NO_FATAL_FAILURE(ExpectSame(*at_once, *stored.part));
    // To the byte.
    const Stored again = Store(*at_once);
    ASSERT_EQ(again.directory, stored.directory);
    for (std::size_t i = 0; i < stored.chunks->chunks.size(); ++i) {
      ASSERT_EQ(*again.chunks->chunks[i], *stored.chunks->chunks[i]);
    }
  }
}

TEST(StoredPartTest, TakesFullPartsAndLongTexts) {
  const auto part = MemoryPart::Make({.analyzer = *Analyzer::Make({}), .fields = kAll});
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "many ";
  ASSERT_TRUE(part->Add({.content = text}));
  for (std::uint32_t row = 1; row < kPartRowsMax; ++row) {
    ASSERT_TRUE(part->Add({.content = row % 3 == 0 ? "a b many" : "a c"}));
  }
  const auto view = part->Snapshot();
  const Stored stored = Store(*view);
  ASSERT_NO_FATAL_FAILURE(ExpectSame(*view, *stored.part));
  EXPECT_EQ((*stored.part->Find(Field::kContent, "a"))->documents, kPartRowsMax - 1);
}

TEST(StoredPartTest, WalksTheDictionaryFromAnywhere) {
  TestRandom random(4);
  std::vector<std::string> words;
  for (int i = 0; i < 40'000; ++i) {
    std::string word;
    for (std::size_t letters = 1 + random() % 9; letters > 0; --letters) word += static_cast<char>('a' + random() % 4);
    words.push_back(std::move(word));
  }
  TestDocument document;
  for (const std::string& word : words) document.content += word + " ";
  std::ranges::sort(words);
  words.erase(std::ranges::unique(words).begin(), words.end());
  const Stored stored = Store(*InMemory({document}));
  ASSERT_GT(stored.chunks->chunks.size(), 3U);
  for (int round = 0; round < 500; ++round) {
    std::string from = words[random() % words.size()];
    if (random() % 2 == 0) from.resize(random() % (from.size() + 1));
    if (random() % 3 == 0) from += static_cast<char>('a' + random() % 26);
    auto wanted = std::ranges::lower_bound(words, from);
    const auto tokens = stored.part->Tokens(Field::kContent, from);
    for (int step = 0; step < 30 && wanted != words.end(); ++step) {
      ASSERT_TRUE(tokens->Next());
      ASSERT_EQ(tokens->token(), *wanted);
      const std::string prefix = wanted->substr(0, 1 + random() % 9);
      if (random() % 3 != 0) {
        ++wanted;
        continue;
      }
      tokens->SkipPrefix(prefix.size());
      while (wanted != words.end() && wanted->starts_with(prefix)) ++wanted;
    }
    if (wanted == words.end()) {
      ASSERT_FALSE(tokens->Next());
    }
  }
  EXPECT_FALSE(stored.part->Find(Field::kContent, "zzz")->has_value());
  EXPECT_FALSE(stored.part->Find(Field::kContent, "")->has_value());
}

TEST(StoredPartTest, QueriesWithoutPhrasesReadNoPositions) {
  TestRandom random(5);
  const Stored stored = Store(*InMemory(ManyDocuments(3000, random)));
  stored.chunks->reads = 0;
  const auto place = *stored.part->Find(Field::kContent, "the");
  ASSERT_TRUE(stored.part->Blocks(Field::kContent, *place)->has_value());
  EXPECT_EQ(stored.chunks->reads, 2U);  // a chunk of the dictionary, one of postings
}

TEST(StoredPartTest, RefusesRowMapsThatAreNone) {
  const auto part = InMemory(std::vector<TestDocument>(3, TestDocument{.content = "a"}));
  TestChunks chunks;
  const auto merge = [&](std::vector<std::uint32_t> map, std::uint32_t rows) {
    const MergeInput input{part.get(), map};
    const auto merged = MergeParts({&input, 1}, {.rows = rows}, chunks);
    return merged ? ErrorCode::kInternal : merged.error().code;
  };
  EXPECT_EQ(merge({0, 1}, 3), ErrorCode::kInvalidArgument);
  EXPECT_EQ(merge({0, 1, 1}, 3), ErrorCode::kInvalidArgument);
  EXPECT_EQ(merge({0, 1, 3}, 3), ErrorCode::kInvalidArgument);
  EXPECT_EQ(merge({0, 1, 2}, kPartRowsMax + 1), ErrorCode::kInvalidArgument);
}

TEST(StoredPartTest, PassesOnWhatTheSinkSays) {
  TestRandom random(6);
  const auto memory = InMemory(ManyDocuments(2000, random));
  const std::vector<std::uint32_t> map = Identity(memory->rows());
  const MergeInput input{memory.get(), map};
  const std::size_t chunks = Store(*memory).chunks->chunks.size();
  for (std::size_t full_at = 0; full_at < chunks; ++full_at) {
    TestChunks full;
    full.full_at = full_at;
    const auto merged = MergeParts({&input, 1}, {.rows = memory->rows(), .fields = kAll}, full);
    ASSERT_FALSE(merged.has_value());
    EXPECT_EQ(merged.error().code, ErrorCode::kIo);
  }
}

// Reads all there is; what it says does not matter.
bool ReadAll(const Part& part) {
  bool good = true;
  for (const Field field : kAllFields) {
    if (!part.has(field)) continue;
    const auto tokens = part.Tokens(field, "");
    Postings postings;
    while (tokens->Next()) {
      good = part.Read(field, tokens->place(), true, postings).has_value() && good;
      good = part.Blocks(field, tokens->place()).has_value() && good;
    }
    good = tokens->status().has_value() && good;
  }
  return good;
}

TEST(StoredPartTest, SurvivesFlippedBits) {
  TestRandom random(8);
  const Stored stored = Store(*InMemory(ManyDocuments(400, random)));
  int refused = 0;
  for (int round = 0; round < 3000; ++round) {
    const auto chunks = std::make_shared<TestChunks>();
    for (const auto& chunk : stored.chunks->chunks) chunks->chunks.push_back(std::make_shared<Bytes>(*chunk));
    Bytes directory = stored.directory;
    Bytes& bytes = round % 3 == 0 ? directory : *chunks->chunks[random() % chunks->chunks.size()];
    for (std::size_t flips = 1 + random() % 3; flips > 0; --flips) {
      bytes[random() % bytes.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
    }
    if (random() % 10 == 0) bytes.resize(random() % bytes.size());
    const auto part = OpenPart(directory, chunks);
    refused += !part || !ReadAll(**part) ? 1 : 0;
  }
  EXPECT_GT(refused, 600);
}

TEST(BlockCodecTest, GivesBackWhatItWasGiven) {
  TestRandom random(9);
  for (unsigned width = 0; width <= 32; ++width) {
    for (const std::size_t count : {std::size_t{1}, std::size_t{7}, std::size_t{127}, std::size_t{128}}) {
      std::vector<std::uint32_t> values(count), found(count);
      for (std::uint32_t& value : values) value = static_cast<std::uint32_t>(random() & ((std::uint64_t{1} << width) - 1));
      ByteWriter out;
      PutPacked(values.data(), count, width, out);
      ASSERT_EQ(out.size(), PackedBytes(count, width));
      ReadPacked(out.bytes().data(), count, width, found.data());
      ASSERT_EQ(found, values) << width;
    }
  }
}

TEST(BoundCollectorTest, CoversEveryPosting) {
  TestRandom random(10);
  for (int round = 0; round < 500; ++round) {
    BoundCollector collector;
    std::vector<PostingBound> all;
    for (std::size_t i = 1 + random() % 128; i > 0; --i) {
      all.push_back({static_cast<std::uint32_t>(1 + random() % (random() % 5 == 0 ? 400 : 9)),
                     static_cast<std::uint32_t>(random() % 300)});
      collector.Add(all.back().count, all.back().length);
    }
    const std::size_t limit = 1 + random() % 7;
    const std::vector<PostingBound> bounds = collector.Take(limit);
    ASSERT_LE(bounds.size(), limit);
    for (const PostingBound& posting : all) {
      ASSERT_TRUE(std::ranges::any_of(bounds, [&](const PostingBound& bound) {
        return (bound.count == kCountUnknown || posting.count <= bound.count) && posting.length >= bound.length;
      }));
    }
  }
}

}  // namespace
}  // namespace levee::text
