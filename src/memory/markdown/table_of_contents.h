// A table of contents at the start of a file's body, between two markers; it is no part of the item's content.
#pragma once

#include <string>
#include <string_view>

namespace levee::memory {

inline constexpr std::string_view kContentsBegin = "<!-- levee:contents -->\n";
inline constexpr std::string_view kContentsEnd = "<!-- /levee:contents -->\n";

// The block for the headings ("# a", "## b"; none in fenced code) of the content, markers included; a list with links as
// GitHub and Obsidian have them. Without headings just the markers.
std::string TableOfContents(std::string_view content);

// The body without the block it begins with; all of it where it begins with none, or one without an end.
std::string_view WithoutTableOfContents(std::string_view body);

}  // namespace levee::memory
