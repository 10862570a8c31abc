// Many threads that do everything at once, and check what they get.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "levee/memory.h"
#include "memory/load/load_times.h"
#include "memory/load/made_items.h"

namespace levee::memory {

enum class StressKind : std::uint8_t { kGet, kFind, kSearch, kStore, kUpdate, kDelete };
inline constexpr std::array<std::string_view, 6> kStressNames{"get", "find", "search", "store", "update", "delete"};

// How often each kind is done against the others, in the order of kStressNames.
using StressWeights = std::array<std::int64_t, kStressNames.size()>;
// "get=50,store=20": kinds that are not named are not done. VALIDATION_ERROR.
Result<StressWeights> ParseStressWeights(std::string_view text);

struct StressOptions {
  MadeItems kind;
  std::int64_t items = 5'000;       // that are there from the start and stay; at least 1
  std::int64_t concurrency = 8;     // threads
  std::int64_t duration_ms = 10'000;
  std::int64_t delay_ms = 0;        // between a thread's operations
  StressWeights weights{50, 15, 10, 15, 8, 2};
  std::uint64_t seed = 1;
};

struct StressRow {
  std::string_view operation;
  LoadTimes times;         // errors: calls that failed
  std::int64_t wrong = 0;  // calls that answered, but not what is there
  double per_s = 0, success = 0;  // success: a share of the calls, 1 where there were none
};

struct StressReport {
  std::vector<StressRow> rows;  // of the kinds that have a weight
  StressRow all{.operation = "all"};
  double seconds = 0;
  std::string first_wrong;      // what it was; empty: nothing
};

// Every answer is checked: content, tags and metadata byte for byte; a version is never older than one that any thread had
// been told of before it asked; an item that was stored is there, one that was deleted is not; what is found holds the
// condition. kCancelled; an error of the bank while the first items are stored.
Result<StressReport> RunStress(MemoryBank& bank, Clock& clock, const StressOptions& options);

}  // namespace levee::memory
