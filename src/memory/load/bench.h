// What each operation of a bank takes, one kind after the other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "levee/memory.h"
#include "memory/load/load_times.h"
#include "memory/load/made_items.h"

namespace levee::memory {

struct BenchOptions {
  MadeItems kind;
  std::int64_t items = 20'000;   // stored in batches before anything is asked; at least 1
  std::int64_t batch = 1'000;
  std::int64_t writes = 500;     // of single items
  std::int64_t writers = 16;     // threads that write single items at once, as many in all as one alone
  std::int64_t reads = 10'000;
  std::int64_t queries = 500;    // of each kind
};

// What the requirements ask of one operation (REQUIREMENTS C1); 0: they name no such figure.
struct LoadGoal {
  double per_s = 0;
  double mean_ms = 0;  // at most
};

struct BenchRow {
  std::string operation, what;  // "retrieve", "by id, at random"
  LoadTimes times;              // of calls
  std::int64_t done = 0;        // items written, or questions answered: what the rate counts
  double seconds = 0;           // from the first call to the last; making items and checking answers left out
  LoadGoal goal;

  double per_s() const { return seconds <= 0 ? 0 : static_cast<double>(done) / seconds; }
};

// Stores made items, then gets and finds them: "batch", "store", "writers", "retrieve", "query", "complex", "text". A call that
// fails and an answer that is wrong are errors of their row. `markdown`: the goals are those of a bank in files. Errors of the
// bank's own are counted, not returned; kCancelled is.
Result<std::vector<BenchRow>> RunBench(MemoryBank& bank, Clock& clock, const BenchOptions& options, bool markdown);

}  // namespace levee::memory
