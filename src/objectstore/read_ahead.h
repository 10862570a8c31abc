// Whole objects read before they are asked for, several at once.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/deferred.h"
#include "base/memory_budget.h"
#include "objectstore/forwarding_object_store.h"

namespace levee::objectstore {

struct ExpectedRead {
  std::string path;
  std::uint64_t size_bytes = 0;  // as the list has it
};

// Reads of `expected`, which come in that order, find their object fetched, or on its way: `requests_max` of them, and
// 8 MB, ahead at most. All else is passed on. Thread-safe; ends once the requests that were begun have.
class ReadAhead final : public ForwardingObjectStore {
 public:
  ReadAhead(ObjectStore& store, std::vector<ExpectedRead> expected, int requests_max);

  Result<std::string> Read(std::string_view path) override;

 private:
  // Sends further requests, as long as there is room. The lock is held.
  void Advance();

  const std::vector<ExpectedRead> expected_;
  const std::size_t requests_max_;
  MemoryHold held_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::size_t next_ = 0;
  std::uint64_t ahead_bytes_ = 0;
  struct Pending {
    std::uint64_t size_bytes = 0;
    Deferred<Result<std::string>> content;
  };
  std::map<std::string, Pending, std::less<>> pending_;  // goes first: it uses the store
};

}  // namespace levee::objectstore
