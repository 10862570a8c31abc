// Settings by the names that they have elsewhere: docs/memory-settings.md lists them.
#pragma once

#include <span>
#include <string_view>

namespace levee::settings {

struct Alias {
  std::string_view name, key;
};
std::span<const Alias> Aliases();

// The key that a name stands for; the name itself where it stands for none.
std::string_view KeyOfName(std::string_view name);

}  // namespace levee::settings
