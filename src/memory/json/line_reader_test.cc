#include "memory/json/line_reader.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "memory/model/errors.h"

namespace levee::memory {
namespace {

// Gives the text in pieces of at most `piece` bytes and counts what was taken.
ReadBytes Pieces(std::string_view text, std::size_t piece, std::size_t& taken) {
  return [text, piece, &taken](std::span<char> buffer) mutable -> Result<std::size_t> {
    const std::size_t size = text.copy(buffer.data(), std::min(buffer.size(), piece));
    text.remove_prefix(size);
    taken += size;
    return size;
  };
}

TEST(LineReader, GivesLinesWithTheirNumbers) {
  LineReader lines(ReadText("a\n\n  \r\nb\r\nc"), 10);
  std::vector<std::pair<std::int64_t, std::string>> read;
  for (auto line = lines.Next(); line.has_value() && *line; line = lines.Next()) read.emplace_back((*line)->number, (*line)->text);
  EXPECT_EQ(read, (std::vector<std::pair<std::int64_t, std::string>>{{1, "a"}, {4, "b"}, {5, "c"}}));
  EXPECT_EQ(*lines.Next(), std::nullopt);
}

TEST(LineReader, GivesTheSameLinesWhateverThePieces) {
  std::mt19937 random(3);
  std::string text;
  std::vector<std::string> expected;
  for (int i = 0; i < 300; ++i) {
    expected.emplace_back(1 + random() % (i % 10 == 0 ? 200'000 : 200), static_cast<char>('a' + i % 26));
    text += expected.back() + "\n";
  }
  for (const std::size_t piece : {1u, 7u, 4096u, 1u << 30}) {
    std::size_t taken = 0;
    LineReader lines(Pieces(text, piece, taken), 1u << 20);
    std::vector<std::string> read;
    for (auto line = lines.Next(); line.has_value() && *line; line = lines.Next()) read.emplace_back((*line)->text);
    EXPECT_EQ(read, expected) << piece;
  }
}

TEST(LineReader, RefusesALineAboveTheLimitWithoutReadingIt) {
  const std::string text = "short\n" + std::string(50u << 20, 'x') + "\nshort\n";
  std::size_t taken = 0;
  LineReader lines(Pieces(text, 1u << 30, taken), 1000);
  EXPECT_EQ((*lines.Next())->text, "short");
  const auto refused = lines.Next();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().what, "line 2");
  EXPECT_EQ(refused.error().detail, "VALIDATION_ERROR");
  EXPECT_LT(taken, 1u << 20);
  EXPECT_EQ(*lines.Next(), std::nullopt);
}

TEST(LineReader, PassesOnTheErrorOfTheSource) {
  LineReader lines([](std::span<char>) -> Result<std::size_t> { return StorageFailure("pipe", "broken"); }, 10);
  EXPECT_EQ(lines.Next().error().detail, "STORAGE_ERROR");
  EXPECT_EQ(*lines.Next(), std::nullopt);
}

TEST(LineReader, AnEmptyStreamHasNoLine) { EXPECT_EQ(*LineReader(ReadText(""), 10).Next(), std::nullopt); }

}  // namespace
}  // namespace levee::memory
