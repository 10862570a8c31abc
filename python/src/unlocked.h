// Work that others need not wait for.
#pragma once

#include <nanobind/nanobind.h>

#include <utility>

#include "errors.h"

namespace levee::python {

// The value of the Result that `work` gives, or an exception; the interpreter's lock is not held while it runs.
template <typename Work>
auto Unlocked(Work&& work) {
  auto result = [&] {
    const nanobind::gil_scoped_release released;
    return std::forward<Work>(work)();
  }();
  return ValueOrRaise(std::move(result));
}

}  // namespace levee::python
