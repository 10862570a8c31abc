// What queries look at, by column; row i is element i of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "memory/bank/row_format.h"

namespace levee::memory {

// Names are an Interner's numbers.
struct RowColumns {
  std::vector<std::uint64_t> hashes;           // Hash64 of the id
  std::vector<Operation> operation;
  std::vector<std::int64_t> version;
  std::vector<std::uint32_t> name_space, category, author;
  std::vector<std::int64_t> created, updated;
  std::vector<std::int64_t> expires;           // kNever
  std::vector<std::int64_t> written;
  std::vector<std::uint32_t> content_bytes;
  std::vector<std::uint32_t> tag_ends;         // of row i: tags[tag_ends[i - 1], tag_ends[i])
  std::vector<std::uint32_t> tags;

  std::size_t rows() const { return operation.size(); }
  std::span<const std::uint32_t> TagsOf(std::size_t row) const {
    const std::uint32_t begin = row == 0 ? 0 : tag_ends[row - 1];
    return std::span(tags).subspan(begin, tag_ends[row] - begin);
  }
  // Whether the row is an item, at a time: nobody had ended it (`ended`, kNever: not yet), nor had it expired.
  bool IsThere(std::size_t row, std::int64_t ended, std::int64_t at) const {
    return operation[row] != Operation::kDelete && written[row] <= at && ended > at && expires[row] > at;
  }
};

}  // namespace levee::memory
