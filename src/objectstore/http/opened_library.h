// Shared libraries that are opened when they are needed, by a table of their functions.
#pragma once

#include <dlfcn.h>

#include <mutex>

#include "base/status.h"

namespace levee::objectstore {

// False when the library lacks the symbol.
template <typename Function>
bool FindSymbol(void* module, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(module, name));
  return function != nullptr;
}

// What `load` answers, once it answers one; a failure is tried anew by the next caller. One place a `Library` in the process.
template <typename Library>
Result<const Library*> LoadedOnce(Result<Library> (*load)()) {
  static std::mutex mutex;
  static Library loaded;  // guarded by mutex until it is handed out
  static bool is_loaded = false;
  const std::lock_guard lock(mutex);
  if (!is_loaded) {
    LEVEE_ASSIGN(loaded, load());
    is_loaded = true;
  }
  return &loaded;
}

}  // namespace levee::objectstore
