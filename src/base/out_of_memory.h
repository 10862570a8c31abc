// Where std::bad_alloc ends: docs/memory.md.
#pragma once

#include <new>
#include <type_traits>
#include <utility>

#include "base/status.h"

namespace levee {

// Short texts, which take no memory of their own.
inline std::unexpected<Error> OutOfMemory() {
  return std::unexpected<Error>(Error{ErrorCode::kResourceExhausted, "memory", "none was left", {}});
}

// What `work` returns, a Status or Result; kResourceExhausted when the system had no memory to give. For the outermost
// functions of the engine, for destructors and for callbacks that C code calls: what is between them lets it pass.
template <typename Work>
std::invoke_result_t<Work> CatchOutOfMemory(Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const std::bad_alloc&) {
    return OutOfMemory();
  }
}

}  // namespace levee
