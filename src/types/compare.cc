#include <cmath>

#include "types/value.h"

namespace levee::types {
namespace {

template <typename T>
int Sign(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

int CompareDoubles(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return Sign(std::isnan(a), std::isnan(b));
  return Sign(a, b);
}

}  // namespace

int ComparePhysical(const PhysicalValue& a, const PhysicalValue& b) {
  if (const auto* left = std::get_if<std::int64_t>(&a)) return Sign(*left, std::get<std::int64_t>(b));
  if (const auto* left = std::get_if<double>(&a)) return CompareDoubles(*left, std::get<double>(b));
  return Sign(std::get<std::string>(a).compare(std::get<std::string>(b)), 0);
}

}  // namespace levee::types
