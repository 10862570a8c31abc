// Hints for mistyped names.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace levee::api {

// "did you mean PREFIXname?", or `otherwise` when no name is like the given one.
std::string NearestHint(std::string_view given, std::span<const std::string_view> names,
                        std::string_view otherwise, std::string_view prefix = {});

}  // namespace levee::api
