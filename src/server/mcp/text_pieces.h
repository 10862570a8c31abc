// Pieces of texts: by bytes, but never through a character; and as parts of URIs.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace levee::mcp {

// The part of valid UTF-8 from about `offset` on, of at most `bytes`: both ends lie between characters.
std::string_view Piece(std::string_view text, std::size_t offset, std::size_t bytes);

// Everything but letters, digits, '-', '.', '_' and '~' as "%2F".
std::string PercentEncoded(std::string_view text);
// Nothing: a '%' without two hexadecimal digits.
std::optional<std::string> PercentDecoded(std::string_view text);

}  // namespace levee::mcp
