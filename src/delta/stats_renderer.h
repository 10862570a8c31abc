// Statistics JSON out of typed columns, a row at a time: many columns take long, and a caller may have to stop.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "columnar/batch.h"

namespace levee::delta {

// For one thread. The batch outlives it and stays as it is.
class StatsRenderer {
 public:
  explicit StatsRenderer(const columnar::Batch& batch);
  StatsRenderer(const StatsRenderer&) = delete;
  StatsRenderer& operator=(const StatsRenderer&) = delete;
  ~StatsRenderer();

  // Appends it as the log would have it (equal after parsing); false, with nothing appended, for a row without. With
  // room in `json` it allocates next to nothing.
  bool Append(std::size_t row, std::string& json) const;

 private:
  struct Plan;
  std::unique_ptr<const Plan> plan_;
};

}  // namespace levee::delta
