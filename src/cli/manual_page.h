// The manual page levee(1), made from the commands' specifications.
#pragma once

#include <string>

namespace levee::cli {

// Source for man(7): every command, option, exit code and environment variable.
std::string ManualPage();

}  // namespace levee::cli
