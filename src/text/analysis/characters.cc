#include "text/analysis/characters.h"

#include <algorithm>
#include <iterator>

#include "text/analysis/unicode_tables.h"

namespace levee::text {
namespace {

constexpr Character kInvalid{0xfffd, 1};

bool GoesOn(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

std::uint32_t FoldRunsOf(std::uint32_t code) {
  const unicode::FoldRun* run = std::upper_bound(
      std::begin(unicode::kFoldRuns), std::end(unicode::kFoldRuns), code,
      [](std::uint32_t value, const unicode::FoldRun& candidate) { return value < candidate.first; });
  if (run == std::begin(unicode::kFoldRuns)) return code;
  --run;
  const bool inside = code <= run->last && (code - run->first) % static_cast<std::uint32_t>(run->step) == 0;
  return inside ? static_cast<std::uint32_t>(static_cast<std::int32_t>(code) + run->delta) : code;
}

}  // namespace

CharacterKind KindOf(std::uint32_t code) {
  if (code < unicode::kKindsEnd) {
    const std::size_t at = unicode::kBlockOf[code >> 7] * 32U + ((code & 127) >> 2);
    return static_cast<CharacterKind>((unicode::kKinds[at] >> ((code & 3) * 2)) & 3);
  }
  if (code >= 0xf0000) return (code & 0xffff) <= 0xfffd ? CharacterKind::kToken : CharacterKind::kSeparator;
  const bool variation = code >= 0xe0100 && code <= 0xe01ef;
  return variation ? CharacterKind::kMark : CharacterKind::kSeparator;
}

std::uint32_t FoldOf(std::uint32_t code) {
  if (code < unicode::kLowEnd) return unicode::kFoldLow[code];
  if (code >= unicode::kHighBegin && code < unicode::kHighEnd) return unicode::kFoldHigh[code - unicode::kHighBegin];
  return FoldRunsOf(code);
}

Character ReadCharacter(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return {first, 1};
  const std::uint32_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < bytes) return kInvalid;
  std::uint32_t code = first & (0x7fU >> bytes);
  for (std::uint32_t i = 1; i < bytes; ++i) {
    if (!GoesOn(text[i])) return kInvalid;
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (code < kLeast[bytes] || code > 0x10ffff || surrogate) return kInvalid;
  return {code, bytes};
}

std::uint32_t WriteCharacter(std::uint32_t code, char* out) {
  const auto put = [&](std::uint32_t index, std::uint32_t value) { out[index] = static_cast<char>(value); };
  if (code < 0x80) {
    put(0, code);
    return 1;
  }
  if (code < 0x800) {
    put(0, 0xc0 | code >> 6);
    put(1, 0x80 | (code & 0x3f));
    return 2;
  }
  if (code < 0x10000) {
    put(0, 0xe0 | code >> 12);
    put(1, 0x80 | (code >> 6 & 0x3f));
    put(2, 0x80 | (code & 0x3f));
    return 3;
  }
  put(0, 0xf0 | code >> 18);
  put(1, 0x80 | (code >> 12 & 0x3f));
  put(2, 0x80 | (code >> 6 & 0x3f));
  put(3, 0x80 | (code & 0x3f));
  return 4;
}

std::size_t CutAtCharacter(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text.size();
  std::size_t cut = limit;
  while (cut > 0 && GoesOn(text[cut])) --cut;
  return cut;
}

std::size_t CountCharacters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char byte) { return !GoesOn(byte); }));
}

}  // namespace levee::text
