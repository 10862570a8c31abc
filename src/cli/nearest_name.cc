#include "cli/nearest_name.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace levee::cli {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Insertions, deletions, replacements (Levenshtein), case aside.
std::size_t Edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (Lower(a[i - 1]) == Lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view NearestName(std::string_view given, std::span<const std::string_view> names) {
  std::string_view nearest;
  // A third of the letters may be wrong, two in short names.
  std::size_t fewest = std::max<std::size_t>(2, given.size() / 3) + 1;
  for (const std::string_view name : names) {
    const std::size_t edits = Edits(given, name);
    if (edits < fewest && edits < name.size()) {
      fewest = edits;
      nearest = name;
    }
  }
  return nearest;
}

std::string NearestHint(std::string_view given, std::span<const std::string_view> names,
                        std::string_view otherwise, std::string_view prefix) {
  const std::string_view nearest = NearestName(given, names);
  if (nearest.empty()) return std::string(otherwise);
  return "did you mean " + std::string(prefix) + std::string(nearest) + '?';
}

}  // namespace levee::cli
