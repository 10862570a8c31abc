#include "expr/nearest_name.h"

#include <algorithm>
#include <numeric>

namespace levee::expr {
namespace {

// Longer names are cut: a table may have many, and their ends rarely decide.
constexpr std::size_t kMaxLength = 128;

std::string Lower(std::string_view text) {
  std::string lower(text.substr(0, kMaxLength));
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return lower;
}

// Insertions, deletions, replacements, and swaps of neighbours that come for one.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::vector<std::size_t> next(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      next[j] = std::min({row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) next[j] = std::min(next[j], before[j - 2] + 1);
    }
    std::swap(before, row);
    std::swap(row, next);
  }
  return row[b.size()];
}

}  // namespace

std::vector<std::string> NearestNames(std::string_view wanted, const std::vector<std::string>& names,
                                      std::size_t limit) {
  const std::string target = Lower(wanted);
  const std::size_t max_distance = target.size() < 5 ? 1 : std::max<std::size_t>(2, target.size() / 3);
  std::vector<std::pair<std::size_t, std::size_t>> ranked;  // distance, index
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name = Lower(names[i]);
    const bool prefix =
        target.size() >= 2 && name.size() >= 2 && (name.starts_with(target) || target.starts_with(name));
    const std::size_t distance = EditDistance(target, name);
    if (distance <= max_distance && distance < target.size()) {
      ranked.emplace_back(distance, i);
    } else if (prefix) {
      ranked.emplace_back(max_distance + 1, i);
    }
  }
  std::ranges::sort(ranked);
  std::vector<std::string> nearest;
  for (const auto& [distance, index] : ranked) {
    if (nearest.size() == limit) break;
    nearest.push_back(names[index]);
  }
  return nearest;
}

}  // namespace levee::expr
