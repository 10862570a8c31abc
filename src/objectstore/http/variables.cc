#include "objectstore/http/variables.h"

#include <cctype>

namespace levee::objectstore {

std::string FirstOf(const settings::EnvironmentLookup& environment, std::initializer_list<const char*> names) {
  for (const char* const name : names) {
    if (auto value = environment(name); value && !value->empty()) return *std::move(value);
  }
  return {};
}

std::string AllOf(const settings::EnvironmentLookup& environment, std::initializer_list<const char*> names) {
  std::string all;
  for (const char* const name : names) {
    const auto value = environment(name);
    all += value ? '+' + *value + '\0' : std::string(1, '\0');
  }
  return all;
}

Result<bool> SwitchOf(const settings::EnvironmentLookup& environment, const std::string& name, bool otherwise) {
  std::string text = environment(name).value_or("");
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (text.empty()) return otherwise;
  if (text == "true" || text == "1" || text == "yes" || text == "on") return true;
  if (text == "false" || text == "0" || text == "no" || text == "off") return false;
  return Fail(ErrorCode::kInvalidArgument, name, "'" + text + "' is neither true nor false");
}

}  // namespace levee::objectstore
