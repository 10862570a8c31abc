// Distinct texts and their codes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace levee::columnar {

// Gives each distinct text a code, 0 and up in order of first appearance. Texts are not copied:
// they must outlive the table.
class TextTable {
 public:
  // The text's code. Neighbours in a sorted column are mostly alike, so the last one is tried first.
  std::uint32_t CodeOf(std::string_view text) {
    if (!texts_.empty() && texts_[last_] == text) return last_;
    return last_ = Find(text);
  }

  std::size_t size() const { return texts_.size(); }
  std::size_t total_bytes() const { return total_bytes_; }
  const std::vector<std::string_view>& texts() const { return texts_; }
  void Clear();

 private:
  std::uint32_t Find(std::string_view text);
  void Rehash();

  std::vector<std::string_view> texts_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> slots_;  // code + 1; 0: free. The size is a power of two.
  std::uint32_t last_ = 0;
  std::size_t total_bytes_ = 0;
};

}  // namespace levee::columnar
