// The plainest YAML, read line by line: what Levee itself writes, and most of what people do.
#pragma once

#include <optional>
#include <string_view>

#include "memory/markdown/front_matter.h"

namespace levee::memory {

// Lines "key: value" with a plain key and a value that is JSON on one line, a plain scalar, or a list of such between
// brackets. Empty: there is something else in it, which needs a reader of all of YAML.
std::optional<FrontMembers> ReadYamlLines(std::string_view text);

}  // namespace levee::memory
