#include "text/query/edit_distance.h"

#include <algorithm>

#include "text/analysis/characters.h"

namespace levee::text {

int EditsOfLength(std::size_t letters) { return letters >= 9 ? 2 : letters >= 5 ? 1 : 0; }

EditDistance::EditDistance(std::string_view word, int limit) : limit_(limit) {
  while (!word.empty()) {
    const Character character = ReadCharacter(word);
    word_.push_back(character.code);
    word.remove_prefix(character.bytes);
  }
  cells_.resize(word_.size() + 1);
  for (std::size_t i = 0; i <= word_.size(); ++i) cells_[i] = static_cast<std::uint8_t>(std::min<std::size_t>(i, 255));
}

// False: all cells are beyond the limit. A swap reaches over a row, but from a cell below the limit, which leaves one at
// most at the limit in between.
bool EditDistance::FillRow(std::size_t row) {
  cells_.resize((row + 1) * (word_.size() + 1));
  const char32_t character = token_[row - 1];
  std::uint8_t* const here = Row(row);
  const std::uint8_t* const above = Row(row - 1);
  here[0] = static_cast<std::uint8_t>(std::min<std::size_t>(row, 255));
  int best = here[0];
  for (std::size_t i = 1; i <= word_.size(); ++i) {
    int cell = std::min({above[i] + 1, here[i - 1] + 1, above[i - 1] + (word_[i - 1] == character ? 0 : 1)});
    const bool swapped = row > 1 && i > 1 && word_[i - 1] == token_[row - 2] && word_[i - 2] == character;
    if (swapped) cell = std::min(cell, Row(row - 2)[i - 2] + 1);
    here[i] = static_cast<std::uint8_t>(std::min(cell, 255));
    best = std::min(best, cell);
  }
  return best <= limit_;
}

int EditDistance::Measure(std::string_view token) {
  const auto shared_end = std::ranges::mismatch(bytes_, token).in2;
  const auto shared = static_cast<std::size_t>(shared_end - token.begin());
  std::size_t keep = 0;
  while (keep < filled_ && ends_[keep] <= shared) ++keep;
  filled_ = keep;
  token_.resize(keep);
  ends_.resize(keep);
  bytes_ = token;
  dead_bytes_ = 0;
  for (std::size_t at = keep == 0 ? 0 : ends_[keep - 1]; at < token.size();) {
    const Character character = ReadCharacter(token.substr(at));
    at += character.bytes;
    token_.push_back(character.code);
    ends_.push_back(at);
    if (!FillRow(++filled_)) {
      dead_bytes_ = at;
      return limit_ + 1;
    }
  }
  return Row(filled_)[word_.size()];
}

}  // namespace levee::text
