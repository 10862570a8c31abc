#include "text/analysis/tokenizer.h"

#include <algorithm>
#include <array>
#include <bit>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "text/analysis/characters.h"

namespace levee::text {
namespace {

constexpr std::size_t kStep = 64;  // bytes a word of letters stands for

// Of ASCII what it folds to; 0: it parts tokens.
constexpr std::array<char, 128> kAscii = [] {
  std::array<char, 128> table{};
  for (char c = '0'; c <= '9'; ++c) table[c] = c;
  for (char c = 'a'; c <= 'z'; ++c) table[c] = table[c - 32] = c;
  return table;
}();

// Writes `text` in lower case to `lower` and marks its letters and digits. False: not all is ASCII, nothing is promised.
// `lower` has room for a whole step more than the text.
#if defined(__SSE2__)
bool MarkAscii(std::string_view text, char* lower, std::uint64_t* letters) {
  const auto within = [](__m128i bytes, char low, char high) {
    return _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(static_cast<char>(low - 1))),
                         _mm_cmplt_epi8(bytes, _mm_set1_epi8(static_cast<char>(high + 1))));
  };
  const auto mark = [&](const char* from, char* to, unsigned& beyond) -> std::uint64_t {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    beyond |= static_cast<unsigned>(_mm_movemask_epi8(bytes));
    const __m128i upper = within(bytes, 'A', 'Z');
    const __m128i folded = _mm_or_si128(bytes, _mm_and_si128(upper, _mm_set1_epi8(32)));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), folded);
    const __m128i token = _mm_or_si128(within(folded, 'a', 'z'), within(folded, '0', '9'));
    return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(token)));
  };
  unsigned beyond = 0;
  const auto mark_step = [&](const char* from, char* to) {
    return mark(from, to, beyond) | mark(from + 16, to + 16, beyond) << 16 | mark(from + 32, to + 32, beyond) << 32 |
           mark(from + 48, to + 48, beyond) << 48;
  };
  std::size_t at = 0;
  for (; at + kStep <= text.size(); at += kStep) {
    *letters++ = mark_step(text.data() + at, lower + at);
    if (beyond != 0) return false;
  }
  std::array<char, kStep> rest{};
  std::copy(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), rest.begin());
  *letters = mark_step(rest.data(), lower + at);
  return beyond == 0;
}
#else
bool MarkAscii(std::string_view text, char* lower, std::uint64_t* letters) {
  for (std::size_t at = 0; at <= text.size(); at += kStep) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < std::min(kStep, text.size() - at); ++i) {
      if ((text[at + i] & 0x80) != 0) return false;
      lower[at + i] = kAscii[static_cast<std::size_t>(text[at + i])];
      word |= static_cast<std::uint64_t>(lower[at + i] != 0) << i;
    }
    *letters++ = word;
  }
  return true;
}
#endif

// Every change from separator to token and back is a bit of `letters ^ letters << 1`.
void TakeMarked(std::string_view lower, const std::vector<std::uint64_t>& letters, std::vector<Token>& tokens) {
  std::uint64_t carry = 0;
  std::uint32_t begin = 0, position = 0;
  bool inside = false;
  const auto end_token = [&](std::uint32_t end) {
    const std::uint32_t size = std::min<std::uint32_t>(end - begin, kTokenBytesMax);
    tokens.push_back({lower.data() + begin, size, position++, begin, end});
  };
  for (std::size_t word = 0; word * kStep <= lower.size(); ++word) {
    const std::uint64_t mask = letters[word];
    for (std::uint64_t edges = mask ^ (mask << 1 | carry); edges != 0; edges &= edges - 1) {
      const auto at = static_cast<std::uint32_t>(word * kStep + static_cast<std::size_t>(std::countr_zero(edges)));
      if (inside) {
        end_token(at);
      } else {
        begin = at;
      }
      inside = !inside;
    }
    carry = mask >> 63;
  }
  if (inside) end_token(static_cast<std::uint32_t>(lower.size()));
}

// Character by character, for texts that are not all ASCII. Folding may lengthen a character: two bytes become three at
// most ("Ⱥ"), so that twice the text is room enough.
void TakeUnicode(std::string_view text, char* folded, std::vector<Token>& tokens) {
  std::uint32_t position = 0;
  const char* from = text.data();
  const char* const end = from + text.size();
  while (from != end) {
    const char* const begin = from;
    char* const token = folded;
    const char* token_end = from;
    while (from != end) {
      const auto byte = static_cast<unsigned char>(*from);
      if (byte < 0x80) [[likely]] {
        if (kAscii[byte] == 0) break;
        *folded++ = kAscii[byte];
        token_end = ++from;
        continue;
      }
      const Character character = ReadCharacter({from, static_cast<std::size_t>(end - from)});
      const CharacterKind kind = KindOf(character.code);
      // A mark goes on with a token, and starts none.
      if (kind == CharacterKind::kSeparator || (kind == CharacterKind::kMark && folded == token)) break;
      if (kind == CharacterKind::kToken) folded += WriteCharacter(FoldOf(character.code), folded);
      token_end = from += character.bytes;
    }
    if (folded != token) {
      const auto size = static_cast<std::uint32_t>(
          CutAtCharacter({token, static_cast<std::size_t>(folded - token)}, kTokenBytesMax));
      tokens.push_back({token, size, position++, static_cast<std::uint32_t>(begin - text.data()),
                        static_cast<std::uint32_t>(token_end - text.data())});
    }
    if (from != end) from += ReadCharacter({from, static_cast<std::size_t>(end - from)}).bytes;
  }
}

}  // namespace

void Tokenize(std::string_view text, const TokenSpace& out) {
  out.tokens.clear();
  const std::size_t room = text.size() * 2 + kStep;
  if (out.bytes.size() < room) out.bytes.resize(room);
  if (out.letters.size() < text.size() / kStep + 1) out.letters.resize(text.size() / kStep + 1);
  if (MarkAscii(text, out.bytes.data(), out.letters.data())) {
    return TakeMarked({out.bytes.data(), text.size()}, out.letters, out.tokens);
  }
  TakeUnicode(text, out.bytes.data(), out.tokens);
}

}  // namespace levee::text
