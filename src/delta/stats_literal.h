// A text that is looked for at a place again and again.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace levee::delta {

// Compares up to 16 bytes as two words, which overlap when the text is shorter.
class StatsLiteral {
 public:
  explicit StatsLiteral(std::string_view text) : text_(text) {
    char first[kWord] = {};
    std::memcpy(first, text.data(), text.size() < kWord ? text.size() : kWord);
    std::memcpy(&head_, first, kWord);
    if (text.size() < kWord) {
      head_mask_ = (std::uint64_t{1} << (8 * text.size())) - 1;
    } else {
      std::memcpy(&tail_, text.data() + text.size() - kWord, kWord);
    }
  }

  std::size_t size() const { return text_.size(); }

  bool IsAt(const char* at, const char* end) const {
    const auto room = static_cast<std::size_t>(end - at);
    if (room < kWord || text_.size() > 2 * kWord) {
      return room >= text_.size() && std::memcmp(at, text_.data(), text_.size()) == 0;
    }
    if (((Load(at) ^ head_) & head_mask_) != 0) return false;
    if (text_.size() <= kWord) return true;
    return room >= text_.size() && Load(at + text_.size() - kWord) == tail_;
  }

  friend bool operator==(const StatsLiteral& a, const StatsLiteral& b) { return a.text_ == b.text_; }

 private:
  static constexpr std::size_t kWord = 8;
  static std::uint64_t Load(const char* at) {
    std::uint64_t word;
    std::memcpy(&word, at, kWord);
    return word;
  }

  std::string text_;
  std::uint64_t head_ = 0;  // the first bytes
  std::uint64_t head_mask_ = ~std::uint64_t{0};
  std::uint64_t tail_ = 0;  // the last 8 bytes
};

}  // namespace levee::delta
