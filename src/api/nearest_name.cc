#include "api/nearest_name.h"

#include <vector>

#include "expr/nearest_name.h"

namespace levee::api {

std::string NearestHint(std::string_view given, std::span<const std::string_view> names,
                        std::string_view otherwise, std::string_view prefix) {
  const std::vector<std::string> nearest = expr::NearestNames(given, {names.begin(), names.end()}, 1);
  if (nearest.empty()) return std::string(otherwise);
  return "did you mean " + std::string(prefix) + nearest.front() + '?';
}

}  // namespace levee::api
