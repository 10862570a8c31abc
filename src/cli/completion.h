// Scripts that complete command lines of levee in a shell, made from the commands' specifications.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/options.h"

namespace levee::cli {

// What may stand as an option's value.
struct OfferedValues {
  std::vector<std::string> words;
  bool files = false;
};
OfferedValues ValuesOf(const OptionSpec& option);
// "show|set ..." begins with one of several words; empty for "TABLE".
std::vector<std::string> WordsOfArguments(std::string_view arguments);

// For `complete -F`; needs bash 4, and nothing of the package bash-completion.
std::string BashCompletion();
// A function of zsh's completion system, for a file `_levee` in $fpath.
std::string ZshCompletion();

}  // namespace levee::cli
