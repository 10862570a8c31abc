// What a load consists of: read from a text file that benchmarks/load/load.py writes.
#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace levee::load {

struct Question {
  std::string table;
  bool count = false;  // else its list of paths
  std::string where;
};

// Commits that land in a table's log while it is asked, in this order.
struct Writer {
  std::string table;      // its folder
  std::string staged;     // folder of the commit files that are to land
  std::int64_t first = 0; // version of the first
  std::int64_t count = 0;
};

struct Plan {
  std::vector<Question> questions;
  std::vector<Writer> writers;
};

// Lines of fields with tabs between them: `list|count TABLE WHERE` and `write TABLE STAGED FIRST COUNT`. None when the
// file cannot be read or has another line.
inline std::optional<Plan> ReadPlan(const std::string& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  Plan plan;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> fields;
    for (std::size_t at = 0; at <= line.size();) {
      const std::size_t end = std::min(line.find('\t', at), line.size());
      fields.push_back(line.substr(at, end - at));
      at = end + 1;
    }
    if (fields.size() == 3 && (fields[0] == "list" || fields[0] == "count")) {
      plan.questions.push_back({fields[1], fields[0] == "count", fields[2]});
    } else if (fields.size() == 5 && fields[0] == "write") {
      plan.writers.push_back({fields[1], fields[2], std::stoll(fields[3]), std::stoll(fields[4])});
    } else {
      return std::nullopt;
    }
  }
  return plan;
}

}  // namespace levee::load
