#include "columnar/encodings/text_table.h"

#include <algorithm>

#include "base/hash.h"

namespace levee::columnar {
namespace {

constexpr std::size_t kSlotsMin = 64;

}  // namespace

void TextTable::Clear() {
  // Emptying 2,048 slots for a handful of texts would cost more than the texts.
  if (texts_.size() * 8 < slots_.size() && slots_.size() > kSlotsMin) {
    slots_.assign(kSlotsMin, 0);
  } else {
    std::fill(slots_.begin(), slots_.end(), 0);
  }
  texts_.clear();
  hashes_.clear();
  last_ = 0;
  total_bytes_ = 0;
}

std::uint32_t TextTable::Find(std::string_view text) {
  if (texts_.size() * 2 >= slots_.size()) Rehash();
  const std::uint64_t hash = Hash64(text);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    if (slots_[at] == 0) {
      slots_[at] = static_cast<std::uint32_t>(texts_.size() + 1);
      texts_.push_back(text);
      hashes_.push_back(hash);
      total_bytes_ += text.size();
      return slots_[at] - 1;
    }
    const std::uint32_t code = slots_[at] - 1;
    if (hashes_[code] == hash && texts_[code] == text) return code;
  }
}

void TextTable::Rehash() {
  slots_.assign(std::max(kSlotsMin, slots_.size() * 2), 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t code = 0; code < hashes_.size(); ++code) {
    std::size_t at = hashes_[code] & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = static_cast<std::uint32_t>(code + 1);
  }
}

}  // namespace levee::columnar
