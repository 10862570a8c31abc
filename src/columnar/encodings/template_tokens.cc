#include "columnar/encodings/template_tokens.h"

#include <bit>
#include <cstring>

namespace levee::columnar {
namespace {

enum CharClass : std::uint8_t { kOther = 0, kDigit = 1, kHexLetter = 2, kLetter = 4 };

constexpr std::array<std::uint8_t, 256> kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (int c = '0'; c <= '9'; ++c) classes[static_cast<std::size_t>(c)] = kDigit;
  for (int c = 'a'; c <= 'z'; ++c) classes[static_cast<std::size_t>(c)] = c <= 'f' ? kHexLetter : kLetter;
  for (int c = 'A'; c <= 'Z'; ++c) classes[static_cast<std::size_t>(c)] = kLetter;
  return classes;
}();

std::uint8_t ClassOf(char c) { return kClasses[static_cast<std::uint8_t>(c)]; }

// True if each byte is a decimal digit or one of a to f.
bool AreHexDigits(std::uint64_t word) {
  constexpr std::uint64_t kEachByte = 0x0101010101010101;
  constexpr std::uint64_t kHighBits = 0x80 * kEachByte;
  // Adding 0x80 - c sets the high bit of the bytes that are at least c.
  const std::uint64_t from_0 = word + (0x80 - '0') * kEachByte;
  const std::uint64_t above_9 = word + (0x80 - '9' - 1) * kEachByte;
  const std::uint64_t from_a = word + (0x80 - 'a') * kEachByte;
  const std::uint64_t above_f = word + (0x80 - 'f' - 1) * kEachByte;
  return (((from_0 & ~above_9) | (from_a & ~above_f)) & ~word & kHighBits) == kHighBits;
}

std::uint64_t WordAt(const char* text) {
  std::uint64_t word;
  std::memcpy(&word, text, sizeof(word));
  return word;
}

bool IsUuid(const char* text) {
  if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return false;
  // Turns the dash at a place of a word, known to be there, to a 0.
  const auto dash = [](int at) { return std::uint64_t{'-' ^ '0'} << (8 * at); };
  static_assert(std::endian::native == std::endian::little);
  return AreHexDigits(WordAt(text)) && AreHexDigits(WordAt(text + 9) ^ dash(4)) &&
         AreHexDigits(WordAt(text + 17) ^ dash(1) ^ dash(6)) && AreHexDigits(WordAt(text + 24)) &&
         AreHexDigits(WordAt(text + 28));
}

// Collects tokens; text pieces that touch become one.
class TokenList {
 public:
  TokenList(std::string_view text, Tokens& tokens) : text_(text), tokens_(tokens) {
    tokens_.count = 0;
    tokens_.shape = 1;
  }

  // A number or UUID at [begin, end); what stands before it and is in no token yet is text.
  bool Add(TokenKind kind, std::size_t begin, std::size_t end) {
    if (begin > taken_ && !Push(TokenKind::kText, begin)) return false;
    return Push(kind, end);
  }
  bool Finish() { return taken_ == text_.size() || Push(TokenKind::kText, text_.size()); }

 private:
  bool Push(TokenKind kind, std::size_t end) {
    if (tokens_.count == kTokensMax) return false;
    tokens_.texts[tokens_.count] = text_.substr(taken_, end - taken_);
    tokens_.kinds[tokens_.count++] = kind;
    tokens_.shape = tokens_.shape << 2 | static_cast<std::uint64_t>(kind);
    taken_ = end;
    return true;
  }

  std::string_view text_;
  Tokens& tokens_;
  std::size_t taken_ = 0;
};

// Adds the number that the word [begin, end) ends in, if its other characters are no digits: hashes
// and the like, digits and letters mixed, would only make shapes that no other row has.
bool AddWord(std::string_view text, std::size_t begin, std::size_t end, TokenList& list) {
  std::size_t digits = end;
  while (digits > begin && ClassOf(text[digits - 1]) == kDigit) --digits;
  if (digits == end || end - digits > kNumberDigitsMax) return true;
  for (std::size_t i = begin; i < digits; ++i) {
    if (ClassOf(text[i]) == kDigit) return true;
  }
  return list.Add(TokenKind::kNumber, digits, end);
}

bool TryTokenize(std::string_view text, Tokens& tokens) {
  TokenList list(text, tokens);
  std::size_t at = 0;
  while (at < text.size()) {
    if (ClassOf(text[at]) == kOther) {
      ++at;
      continue;
    }
    if (text.size() - at >= kUuidTextSize && IsUuid(text.data() + at)) {
      if (!list.Add(TokenKind::kUuid, at, at + kUuidTextSize)) return false;
      at += kUuidTextSize;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && ClassOf(text[at]) != kOther) ++at;
    if (!AddWord(text, begin, at, list)) return false;
  }
  return list.Finish();
}

}  // namespace

void Tokenize(std::string_view text, Tokens& tokens) {
  if (TryTokenize(text, tokens)) return;
  tokens.count = 1;
  tokens.texts[0] = text;
  tokens.kinds[0] = TokenKind::kText;
  tokens.shape = 1 << 2 | static_cast<std::uint64_t>(TokenKind::kText);
}

}  // namespace levee::columnar
