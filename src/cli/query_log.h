// The queries of a file of SQL, as far as pruning is concerned: which table each reads, under which condition.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace levee::cli {

struct LoggedQuery {
  std::size_t line = 0;             // where it begins, from 1
  std::string table;                // as FROM names it, without quotes; a path where a reader's function names one
  std::vector<std::string> terms;   // of WHERE, as AND joins them, the table's alias taken off; none: it reads all
  std::string problem;              // why it cannot be told; the rest is empty then

  // The whole condition.
  std::string Where() const;
};

// Statements are separated by semicolons; comments do not count. A statement that is no SELECT of a single table has a
// problem, which names what stands in the way.
std::vector<LoggedQuery> ReadQueryLog(std::string_view text);

}  // namespace levee::cli
