#include "memory/markdown/safe_name.h"

#include <algorithm>
#include <array>

namespace levee::memory {
namespace {

// Separators, what shells and Windows treat as patterns or streams, and what ends a link of Obsidian.
constexpr std::string_view kForbidden = "/\\:*?\"<>|#^[]";

unsigned char ByteAt(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

// The length of the valid UTF-8 character beyond ASCII at `at`; 0: there is none.
std::size_t CharacterLength(std::string_view text, std::size_t at) {
  const unsigned char lead = ByteAt(text, at);
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() - at < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((ByteAt(text, at + i) & 0xc0) != 0x80) return 0;
  }
  const unsigned char second = ByteAt(text, at + 1);
  if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f)) return 0;
  if ((lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f)) return 0;
  return length;
}

// C1 controls, and what changes the direction of a text or is not seen (U+200B..200F, U+2028..202E, U+2060..206F, U+FEFF): names
// that look alike and are not.
bool IsUnseen(std::string_view character) {
  if (character.size() == 2) return character[0] == '\xc2' && ByteAt(character, 1) < 0xa0;
  if (character.size() != 3) return false;
  const unsigned last = ByteAt(character, 2);
  if (character.starts_with("\xe2\x80")) return (last >= 0x8b && last <= 0x8f) || (last >= 0xa8 && last <= 0xae);
  if (character.starts_with("\xe2\x81")) return last >= 0xa0 && last <= 0xaf;
  return character == "\xef\xbb\xbf";
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool IsDevice(std::string_view name) {
  constexpr std::array<std::string_view, 4> kDevices = {"con", "prn", "aux", "nul"};
  std::string stem(name.substr(0, name.find('.')));
  stem.erase(stem.find_last_not_of(' ') + 1);
  std::ranges::transform(stem, stem.begin(), Lower);
  if (std::ranges::find(kDevices, stem) != kDevices.end()) return true;
  return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem[3] >= '0' && stem[3] <= '9';
}

std::string Replaced(std::string_view text) {
  std::string name;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (ByteAt(text, at) < 0x80) {
      const bool bad = ByteAt(text, at) < 0x20 || c == 0x7f || kForbidden.find(c) != std::string_view::npos;
      name += bad ? '-' : c;
      ++at;
      continue;
    }
    const std::size_t length = CharacterLength(text, at);
    const std::string_view character = text.substr(at, std::max<std::size_t>(length, 1));
    if (length == 0 || IsUnseen(character)) {
      name += '-';
    } else {
      name += character;
    }
    at += character.size();
  }
  return name;
}

// Two bytes of UTF-8 in lower case: capital letters of these alphabets lie a fixed way before the small ones.
unsigned LowerCodePoint(unsigned code) {
  if ((code >= 0xc0 && code <= 0xde && code != 0xd7) || (code >= 0x391 && code <= 0x3a9) || (code >= 0x410 && code <= 0x42f)) {
    return code + 0x20;
  }
  if (code >= 0x400 && code <= 0x40f) return code + 0x50;
  return code;
}

}  // namespace

std::string_view CutBytes(std::string_view text, std::size_t limit_bytes) {
  if (text.size() <= limit_bytes) return text;
  while (limit_bytes > 0 && (ByteAt(text, limit_bytes) & 0xc0) == 0x80) --limit_bytes;
  return text.substr(0, limit_bytes);
}

std::string SafeName(std::string_view text, std::size_t limit_bytes) {
  // Long texts are not looked at beyond what can stay.
  std::string name = Replaced(CutBytes(text, limit_bytes * 4));
  name.erase(0, std::min(name.find_first_not_of(". "), name.size()));
  // What Levee calls its own files by.
  for (std::size_t at = name.find(".conflict-"); at != std::string::npos; at = name.find(".conflict-")) name[at] = '-';
  if (IsDevice(name)) name.insert(0, "_");
  name = CutBytes(name, limit_bytes);
  name.erase(name.find_last_not_of(". ") + 1);
  return name.empty() ? "_" : name;
}

std::string Slug(std::string_view text, std::size_t limit_bytes) {
  const std::string folded = CaseFolded(CutBytes(text, limit_bytes * 4));
  std::string slug;
  bool word = false;
  for (std::size_t at = 0; at < folded.size();) {
    const std::size_t length = ByteAt(folded, at) < 0x80 ? 1 : std::max<std::size_t>(CharacterLength(folded, at), 1);
    const std::string_view character = std::string_view(folded).substr(at, length);
    const char c = character[0];
    const bool beyond_ascii = length > 1 && !IsUnseen(character) && !character.starts_with("\xe2\x80");
    const bool belongs = beyond_ascii || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (belongs && !word && !slug.empty()) slug += '-';
    if (belongs) slug += character;
    word = belongs;
    at += length;
  }
  slug = CutBytes(slug, limit_bytes);
  slug.erase(slug.find_last_not_of('-') + 1);
  return slug;
}

std::string CaseFolded(std::string_view path) {
  std::string folded;
  folded.reserve(path.size());
  for (std::size_t at = 0; at < path.size(); ++at) {
    const unsigned char lead = ByteAt(path, at);
    if (lead < 0x80) {
      folded += Lower(path[at]);
    } else if (lead >= 0xc2 && lead < 0xe0 && at + 1 < path.size()) {
      const unsigned code = LowerCodePoint((lead & 0x1fu) << 6 | (ByteAt(path, at + 1) & 0x3fu));
      folded += static_cast<char>(0xc0 | code >> 6);
      folded += static_cast<char>(0x80 | (code & 0x3f));
      ++at;
    } else {
      folded += path[at];
    }
  }
  return folded;
}

}  // namespace levee::memory
