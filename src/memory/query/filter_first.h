// Questions with words and conditions: which of both is looked at first, for each part by cost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "memory/query/find.h"

namespace levee::memory {

// What words alone find in a part.
struct WordsInPart {
  double postings = 0;      // of all words
  double rows_at_most = 0;  // that have what is wanted of the words
  std::size_t wanted = 0;   // so many of the best are enough; 0: all
};

struct FilteredRows {
  std::vector<std::uint32_t> rows;  // that hold the conditions, ascending
  PartUse use;
};

// None: rows that words find are asked for the conditions one by one.
Result<std::optional<FilteredRows>> FilterFirst(const Asking& asking, const std::shared_ptr<Part>& part,
                                                const Conditions& conditions, const WordsInPart& words);

}  // namespace levee::memory
