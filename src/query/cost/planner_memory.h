// What the planner measured of the machine, and learnt of estimates that were far off; kept in a file.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "expr/skipping.h"
#include "query/cost/machine_costs.h"

namespace levee::query {

// A predicate without its literals, on one table: what estimates are remembered by. Tables are told apart by
// `table`, of any text.
std::uint64_t ShapeOf(const expr::SkippingNode& predicate, std::string_view table);

// Thread-safe. The file is read at the first question that needs it. One that is not there, damaged, or of
// another machine counts as empty; one that cannot be written is let be.
class PlannerMemory {
 public:
  // `file` may be empty: then nothing outlives the process.
  explicit PlannerMemory(std::string file) : file_(std::move(file)) {}

  // Measured at the first call on this machine.
  MachineCosts Costs();

  // By what to multiply the part of the files that such a predicate is estimated to keep; empty: nothing was
  // learnt.
  std::optional<double> CorrectionOf(std::uint64_t shape);
  // Compares an estimate, as corrected, with what came: files, of all that there are. One off by ten or more is
  // remembered, and one that a correction made worse is forgotten. The oldest go beyond 1,024.
  void Learn(std::uint64_t shape, double estimated, double actual);

 private:
  struct Correction {
    double factor = 1;
    std::uint64_t age = 0;  // counts up with each that is learnt
  };

  void Load();   // with mutex_ held, as the next
  void Save() const;

  const std::string file_;
  std::mutex mutex_;
  // Guarded by mutex_.
  bool loaded_ = false;
  std::optional<MachineCosts> costs_;
  std::map<std::uint64_t, Correction> corrections_;
  std::uint64_t age_ = 0;
};

}  // namespace levee::query
