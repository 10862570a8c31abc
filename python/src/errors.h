// Errors of Levee as Python exceptions.
#pragma once

#include "levee/status.h"

namespace levee::python {

// Raises the class of levee.exceptions that stands for the error's code. The GIL must be held.
[[noreturn]] void Raise(const Error& error);

// The value, or an exception. The GIL must be held.
template <typename T>
T ValueOrRaise(Result<T> result) {
  if (!result) Raise(result.error());
  return std::move(*result);
}
inline void OkOrRaise(const Status& status) {
  if (!status) Raise(status.error());
}

}  // namespace levee::python
