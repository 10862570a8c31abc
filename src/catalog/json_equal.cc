#include "catalog/json_equal.h"

#include <charconv>
#include <map>
#include <string>

#include "delta/json_text.h"

namespace levee::catalog {
namespace {

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool NumbersEqual(std::string_view a, std::string_view b, NumberPrecision precision) {
  const auto integer_a = delta::JsonInteger(a), integer_b = delta::JsonInteger(b);
  if (integer_a && integer_b) return *integer_a == *integer_b;
  double double_a = 0, double_b = 0;
  std::from_chars(a.data(), a.data() + a.size(), double_a);
  std::from_chars(b.data(), b.data() + b.size(), double_b);
  if (precision == NumberPrecision::kFloat) return static_cast<float>(double_a) == static_cast<float>(double_b);
  return double_a == double_b;
}

bool ObjectsEqual(const std::vector<delta::JsonMember>& a, const std::vector<delta::JsonMember>& b,
                  NumberPrecision precision) {
  std::map<std::string_view, std::string_view> members;
  for (const delta::JsonMember& member : a) members.insert_or_assign(member.key, member.value);
  std::map<std::string_view, std::string_view> others;
  for (const delta::JsonMember& member : b) others.insert_or_assign(member.key, member.value);
  if (members.size() != others.size()) return false;
  for (const auto& [key, value] : members) {
    const auto other = others.find(key);
    if (other == others.end() || !JsonEqual(value, other->second, precision)) return false;
  }
  return true;
}

}  // namespace

bool JsonEqual(std::string_view a, std::string_view b, NumberPrecision precision) {
  a = Trimmed(a);
  b = Trimmed(b);
  if (a == b) return true;
  if (a.empty() || b.empty()) return false;
  if (a.front() == '{') {
    const auto members = delta::JsonObjectMembers(a), others = delta::JsonObjectMembers(b);
    return members && others && ObjectsEqual(*members, *others, precision);
  }
  if (a.front() == '[') {
    const auto elements = delta::JsonArrayElements(a), others = delta::JsonArrayElements(b);
    if (!elements || !others || elements->size() != others->size()) return false;
    for (std::size_t i = 0; i < elements->size(); ++i) {
      if (!JsonEqual((*elements)[i], (*others)[i], precision)) return false;
    }
    return true;
  }
  if (a.front() == '"') {
    const auto text = delta::JsonString(a), other = delta::JsonString(b);
    return text && other && *text == *other;
  }
  return delta::IsJsonNumber(a) && delta::IsJsonNumber(b) && NumbersEqual(a, b, precision);
}

}  // namespace levee::catalog
