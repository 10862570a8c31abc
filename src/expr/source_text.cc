#include "expr/source_text.h"

#include <algorithm>

namespace levee::expr {

std::unexpected<Error> SourceText::FailAt(std::size_t offset, std::string why, std::string hint) const {
  // Bytes 10xxxxxx go on with a character of UTF-8.
  const auto starts_character = [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; };
  const auto position = 1 + std::ranges::count_if(text.substr(0, offset), starts_character);
  return Fail(ErrorCode::kInvalidArgument, "predicate", "position " + std::to_string(position) + ": " + why,
              std::move(hint));
}

}  // namespace levee::expr
