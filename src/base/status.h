// Making and passing on errors.
#pragma once

#include <string>
#include <utility>

#include "levee/status.h"

namespace levee {

// An Error ready to be returned from a function that returns Status or Result.
inline std::unexpected<Error> Fail(ErrorCode code, std::string what, std::string why,
                                   std::string hint = {}) {
  return std::unexpected<Error>(
      Error{code, std::move(what), std::move(why), std::move(hint)});
}

}  // namespace levee

#define LEVEE_CONCAT_INNER(a, b) a##b
#define LEVEE_CONCAT(a, b) LEVEE_CONCAT_INNER(a, b)

// Returns the error of `expression`, if it has one.
#define LEVEE_RETURN_IF_ERROR(expression)                          \
  do {                                                             \
    if (auto levee_status = (expression); !levee_status) {         \
      return std::unexpected(std::move(levee_status).error());     \
    }                                                              \
  } while (false)

// Declares or assigns `target` from the value of `expression`, or returns its error.
#define LEVEE_ASSIGN(target, expression) \
  LEVEE_ASSIGN_INNER(LEVEE_CONCAT(levee_result_, __LINE__), target, expression)
#define LEVEE_ASSIGN_INNER(name, target, expression)               \
  auto name = (expression);                                        \
  if (!name) return std::unexpected(std::move(name).error());      \
  target = std::move(*name)
