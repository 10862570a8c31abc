// What requests to clouds may take, for all object stores of the process.
#pragma once

#include <cstdint>

namespace levee::objectstore {

struct HttpOptions {
  std::int64_t connect_timeout_ms = 5'000;
  std::int64_t stall_timeout_ms = 20'000;      // without a byte, either way
  std::int64_t request_timeout_ms = 300'000;   // one attempt, its body included; 0: as long as bytes come
  int attempts = 8;                            // of one request at most; 1: none is repeated
  std::int64_t retry_time_ms = 120'000;        // after so long no further attempt begins
  int parallel_requests = 16;                  // at once at most; 1: one after the other
};

// Taken up by object stores that are opened afterwards. Thread-safe, both.
void SetHttpOptions(const HttpOptions& options);
HttpOptions CurrentHttpOptions();

}  // namespace levee::objectstore
