// Statistics JSON out of typed columns, a row at a time: many columns take long, and a caller may have to stop.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
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

  // As the log would have it (equal after parsing); empty for a row without.
  std::optional<std::string> Row(std::size_t row) const;

 private:
  struct Plan;
  std::unique_ptr<const Plan> plan_;
};

}  // namespace levee::delta
