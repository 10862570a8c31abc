// The text of a predicate, and errors that point into it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/status.h"

namespace levee::expr {

struct SourceText {
  std::string_view text;

  // kInvalidArgument "predicate: position N: WHY (HINT)"; `offset` is a byte, N a character from 1.
  std::unexpected<Error> FailAt(std::size_t offset, std::string why, std::string hint = {}) const;
};

}  // namespace levee::expr
