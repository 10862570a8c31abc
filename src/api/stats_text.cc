#include "api/stats_text.h"

#include <string>

#include "base/cancellation.h"
#include "delta/stats_renderer.h"
#include "output/file_fields.h"

namespace levee::api {

Status AddStatsText(columnar::Batch& batch) {
  columnar::BatchColumn column{output::StatsTextKey(), {}};
  column.values.physical = types::PhysicalType::kString;
  const delta::StatsRenderer renderer(batch);
  std::string json;
  for (std::size_t row = 0; row < batch.rows; ++row) {
    // With a thousand columns a row takes a tenth of a millisecond.
    if (row % 64 == 0) LEVEE_RETURN_IF_ERROR(CheckCancelled());
    json.clear();
    renderer.Append(row, json) ? column.values.PushString(json) : column.values.PushNull();
  }
  batch.columns.push_back(std::move(column));
  return {};
}

}  // namespace levee::api
