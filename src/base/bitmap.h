// A fixed-size set of row numbers, 64 to a word; bits past the size are zero.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace levee {

class Bitmap {
 public:
  Bitmap() = default;
  explicit Bitmap(std::size_t size, bool value = false)
      : size_(size), words_((size + 63) / 64, value ? ~std::uint64_t{0} : 0) {
    ClearPastEnd();
  }

  std::size_t size() const { return size_; }
  bool Get(std::size_t row) const { return (words_[row >> 6] >> (row & 63)) & 1; }
  void Set(std::size_t row) { words_[row >> 6] |= std::uint64_t{1} << (row & 63); }
  void Clear(std::size_t row) { words_[row >> 6] &= ~(std::uint64_t{1} << (row & 63)); }
  void Assign(std::size_t row, bool value) { value ? Set(row) : Clear(row); }

  // Sets the rows [first, first + count).
  void SetRange(std::size_t first, std::size_t count) {
    for (std::size_t row = first; row < first + count;) {
      if ((row & 63) == 0 && first + count - row >= 64) {
        words_[row >> 6] = ~std::uint64_t{0};
        row += 64;
      } else {
        Set(row++);
      }
    }
  }
  // The first row of the set in [first, last); `last`: none.
  std::size_t NextIn(std::size_t first, std::size_t last) const {
    while (first < last) {
      const std::uint64_t word = words_[first >> 6] >> (first & 63);
      if (word != 0) {
        const std::size_t row = first + static_cast<std::size_t>(std::countr_zero(word));
        return row < last ? row : last;
      }
      first = (first | 63) + 1;
    }
    return last;
  }
  bool AnyIn(std::size_t first, std::size_t count) const { return NextIn(first, first + count) < first + count; }

  // Appends a row.
  void PushBack(bool value) {
    if ((size_ & 63) == 0) words_.push_back(0);
    ++size_;
    if (value) Set(size_ - 1);
  }

  void And(const Bitmap& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
  }
  void Or(const Bitmap& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }

  std::size_t Count() const {
    std::size_t count = 0;
    for (const std::uint64_t word : words_) count += std::popcount(word);
    return count;
  }
  bool None() const {
    for (const std::uint64_t word : words_) {
      if (word != 0) return false;
    }
    return true;
  }
  bool All() const { return Count() == size_; }

  // Calls visit(row) for each row in the set, in order.
  template <typename Visit>
  void ForEach(Visit&& visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint64_t word = words_[i]; word != 0; word &= word - 1) {
        visit(i * 64 + static_cast<std::size_t>(std::countr_zero(word)));
      }
    }
  }

  std::vector<std::uint64_t>& words() { return words_; }
  const std::vector<std::uint64_t>& words() const { return words_; }

  friend bool operator==(const Bitmap&, const Bitmap&) = default;

 private:
  void ClearPastEnd() {
    if ((size_ & 63) != 0 && !words_.empty()) words_.back() &= (std::uint64_t{1} << (size_ & 63)) - 1;
  }

  std::size_t size_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace levee
