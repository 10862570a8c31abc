// Names of files and folders that are the same one name on every system, and nothing but a name.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace levee::memory {

// The text as one component of a path, of 1 to `limit_bytes` bytes (at least 8): what separates, escapes or hides (slashes,
// colons, control characters, bytes that are no UTF-8, leading dots, dots and blanks at the end), what Windows forbids and what
// Obsidian cannot link to becomes '-' or goes; names of Windows' devices get a '_'. Never ".", "..", empty.
std::string SafeName(std::string_view text, std::size_t limit_bytes);

// Words in lower case with '-' between them: "Late orders, again!" -> "late-orders-again". Letters beyond ASCII stay.
// At most `limit_bytes`, cut between characters; may be empty.
std::string Slug(std::string_view text, std::size_t limit_bytes);

// Equal for paths that a file system without upper and lower case takes for one (ASCII, Latin-1, Greek, Cyrillic).
std::string CaseFolded(std::string_view path);

// The text cut to so many bytes, between two characters.
std::string_view CutBytes(std::string_view text, std::size_t limit_bytes);

}  // namespace levee::memory
