#include "settings/byte_size.h"

#include <charconv>
#include <string>

namespace levee::settings {
namespace {

constexpr std::int64_t kLargest = std::int64_t{1} << 50;

// The power of 1,024, or -1.
int Exponent(std::string_view unit) {
  std::string name;
  for (const char c : unit) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  if (name.empty() || name == "B") return 0;
  constexpr std::string_view kLetters = "KMGT";
  const std::size_t at = kLetters.find(name.front());
  const std::string_view rest = std::string_view(name).substr(1);
  if (at == std::string_view::npos || !(rest.empty() || rest == "B" || rest == "IB")) return -1;
  return static_cast<int>(at) + 1;
}

}  // namespace

Result<std::int64_t> ParseByteSize(std::string_view text) {
  std::int64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  if (unit.starts_with(' ')) unit.remove_prefix(1);
  const int exponent = Exponent(unit);
  if (error != std::errc() || count < 0 || exponent < 0 || count > (kLargest >> (10 * exponent))) {
    return Fail(ErrorCode::kInvalidArgument, "size '" + std::string(text) + "'",
                "it is not a whole number of bytes, KB, MB, GB or TB", "for example 256MB");
  }
  return count << (10 * exponent);
}

}  // namespace levee::settings
