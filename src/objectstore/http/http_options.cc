#include "objectstore/http/http_options.h"

#include <mutex>

namespace levee::objectstore {
namespace {

std::mutex mutex;
HttpOptions current;  // guarded by mutex

}  // namespace

void SetHttpOptions(const HttpOptions& options) {
  const std::lock_guard lock(mutex);
  current = options;
}

HttpOptions CurrentHttpOptions() {
  const std::lock_guard lock(mutex);
  return current;
}

}  // namespace levee::objectstore
