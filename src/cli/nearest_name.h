// Suggestions for mistyped names.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace levee::cli {

// The name with the fewest edits to `given`, if it is near enough to be meant; else empty.
std::string_view NearestName(std::string_view given, std::span<const std::string_view> names);

// "did you mean PREFIXname?", or `otherwise` when nothing is near.
std::string NearestHint(std::string_view given, std::span<const std::string_view> names,
                        std::string_view otherwise, std::string_view prefix = {});

}  // namespace levee::cli
