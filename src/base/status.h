// Making and passing on errors.
#pragma once

#include <expected>
#include <string_view>
#include <utility>

#include "levee/status.h"

namespace levee {

// An Error ready to be returned from a function that returns Status or Result.
std::unexpected<Error> Fail(ErrorCode code, std::string_view what, std::string_view why, std::string_view hint = {});

// The error of an outcome that is given up, on its way into the outcome that is returned. Through std::unexpected it would be moved
// twice, in code that stands at every call.
template <typename E>
struct PassedOn {
  E& error;

  // NOLINTBEGIN(google-explicit-constructor): it is returned as what the function returns
  template <typename T>
  operator Result<T>() && {
    return Result<T>(std::unexpect, std::move(error));
  }
  template <typename T, typename F>
  operator std::expected<T, F>() && {
    return std::expected<T, F>(std::unexpect, std::move(error));
  }
  // NOLINTEND(google-explicit-constructor)
};

}  // namespace levee

#define LEVEE_CONCAT_INNER(a, b) a##b
#define LEVEE_CONCAT(a, b) LEVEE_CONCAT_INNER(a, b)

// Returns the error of `expression`, if it has one.
#define LEVEE_RETURN_IF_ERROR(expression)                          \
  do {                                                             \
    if (auto levee_status = (expression); !levee_status) {         \
      return ::levee::PassedOn{levee_status.error()};              \
    }                                                              \
  } while (false)

// Declares or assigns `target` from the value of `expression`, or returns its error.
#define LEVEE_ASSIGN(target, expression) \
  LEVEE_ASSIGN_INNER(LEVEE_CONCAT(levee_result_, __LINE__), target, expression)
#define LEVEE_ASSIGN_INNER(name, target, expression)               \
  auto name = (expression);                                        \
  if (!name) return ::levee::PassedOn{name.error()};               \
  target = std::move(*name)
