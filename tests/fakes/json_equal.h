// Whether two JSON texts say the same.
#pragma once

#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "delta/json_text.h"
#include "types/value.h"

namespace levee::fakes {

// Numbers are equal as numbers, objects whatever the order of their members, and strings also when both
// are times that denote the same instant.
inline bool JsonEqual(std::string_view a, std::string_view b) {
  if (a == b) return true;
  if (const auto x = delta::JsonObjectMembers(a), y = delta::JsonObjectMembers(b); x && y) {
    std::map<std::string, std::string_view> left, right;
    for (const auto& member : *x) left[member.key] = member.value;
    for (const auto& member : *y) right[member.key] = member.value;
    if (left.size() != right.size()) return false;
    for (const auto& [key, value] : left) {
      const auto found = right.find(key);
      if (found == right.end() || !JsonEqual(value, found->second)) return false;
    }
    return true;
  }
  if (const auto x = delta::JsonArrayElements(a), y = delta::JsonArrayElements(b); x && y) {
    if (x->size() != y->size()) return false;
    for (std::size_t i = 0; i < x->size(); ++i) {
      if (!JsonEqual((*x)[i], (*y)[i])) return false;
    }
    return true;
  }
  if (const auto x = delta::JsonString(a), y = delta::JsonString(b); x && y) {
    if (*x == *y) return true;
    const auto left = types::ParseTimestamp(*x), right = types::ParseTimestamp(*y);
    return left && right && left->micros == right->micros && left->has_zone == right->has_zone;
  }
  if (!delta::IsJsonNumber(a) || !delta::IsJsonNumber(b)) return false;
  return std::strtod(std::string(a).c_str(), nullptr) == std::strtod(std::string(b).c_str(), nullptr);
}

}  // namespace levee::fakes
