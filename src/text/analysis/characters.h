// What a code point is to the tokenizer and what it folds to: docs/text-search.md#tokens.
#pragma once

#include <cstdint>
#include <string_view>

namespace levee::text {

enum class CharacterKind : std::uint8_t {
  kSeparator,  // parts tokens
  kToken,      // letters, numbers and private use
  kMark,       // combining: goes on with a token, and is dropped
};

CharacterKind KindOf(std::uint32_t code);

// Lower case, Latin letters without diacritics. Never longer than three bytes of UTF-8 more than `code` itself.
std::uint32_t FoldOf(std::uint32_t code);

// A code point of UTF-8 and how many bytes it takes, at least 1. What is no UTF-8 is U+FFFD of one byte, a separator.
struct Character {
  std::uint32_t code;
  std::uint32_t bytes;
};
// `text` is not empty.
Character ReadCharacter(std::string_view text);

// Writes at most 4 bytes, and returns how many.
std::uint32_t WriteCharacter(std::uint32_t code, char* out);

// How many bytes of `text`, at most `limit`, are whole characters.
std::size_t CutAtCharacter(std::string_view text, std::size_t limit);

// Characters of valid UTF-8.
std::size_t CountCharacters(std::string_view text);

}  // namespace levee::text
