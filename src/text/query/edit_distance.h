// How far tokens are from a word: letters too many, too few, other ones, and neighbours swapped (optimal string alignment).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace levee::text {

// How many edits a word of so many letters bears: 1 from 5 on, 2 from 9.
int EditsOfLength(std::size_t letters);

// Tokens in order share beginnings: what was computed for them is kept. For one thread.
class EditDistance {
 public:
  // `limit` is at least 0; what is farther is not told apart.
  EditDistance(std::string_view word, int limit);

  // The edits to `token`; above `limit`: that many or more. Then dead_bytes() says how much of its beginning is too far
  // already, whatever follows; 0: none of it.
  int Measure(std::string_view token);
  std::size_t dead_bytes() const { return dead_bytes_; }

 private:
  // Of the first `row` characters of the token to each beginning of the word.
  std::uint8_t* Row(std::size_t row) { return cells_.data() + row * (word_.size() + 1); }
  bool FillRow(std::size_t row);

  std::u32string word_;
  const int limit_;
  std::u32string token_;              // the last one's characters,
  std::vector<std::size_t> ends_;     // where each ends in its bytes,
  std::size_t filled_ = 0;            // and how many of them have a row
  std::vector<std::uint8_t> cells_;
  std::string bytes_;
  std::size_t dead_bytes_ = 0;
};

}  // namespace levee::text
