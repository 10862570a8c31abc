// Tags that stand in a text, as Obsidian has them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace levee::memory {

// "#lake", "#team/x": after a blank or at a line's start, of letters, digits, '_', '-', '/' and what is beyond ASCII, with
// something else than digits; none within code. In the order of the text, each once.
std::vector<std::string> InlineTags(std::string_view content);

}  // namespace levee::memory
