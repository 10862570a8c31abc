#include "settings/shown_value.h"

#include <algorithm>
#include <array>

namespace levee::settings {
namespace {

constexpr std::string_view kBlot = "***";
constexpr std::array<std::string_view, 5> kNames{"password=", "passwd=", "pwd=", "token=", "secret="};

void BlotUserPart(std::string& text) {
  const std::size_t scheme = text.find("//");
  if (scheme == std::string::npos) return;
  const std::size_t first = scheme + 2;
  // A password may hold '@' unescaped, and '/' and '?' too: the last '@' ends it, so rather too much goes.
  const std::size_t at = text.rfind('@');
  const std::size_t colon = text.find(':', first);
  if (at == std::string::npos || colon == std::string::npos || colon > at) return;
  text.replace(colon + 1, at - colon - 1, kBlot);
}

void BlotNamed(std::string& text) {
  for (const std::string_view name : kNames) {
    std::string lower;
    for (const char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    for (std::size_t at = lower.find(name); at != std::string::npos;
         at = lower.find(name, at + name.size())) {
      const std::size_t first = at + name.size();
      const std::size_t end = std::min(lower.find_first_of("&; \t", first), lower.size());
      text.replace(first, end - first, kBlot);
      lower.replace(first, end - first, kBlot);
    }
  }
}

}  // namespace

std::string ShownValue(const Definition& definition, std::string_view text) {
  std::string shown(text);
  if (!definition.may_hold_password) return shown;
  BlotUserPart(shown);
  BlotNamed(shown);
  return shown;
}

}  // namespace levee::settings
