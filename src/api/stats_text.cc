#include "api/stats_text.h"

#include <optional>
#include <string>

#include "base/cancellation.h"
#include "delta/stats_renderer.h"
#include "output/file_fields.h"

namespace levee::api {

Status AddStatsText(columnar::Batch& batch) {
  columnar::BatchColumn column{output::StatsTextKey(), {}};
  column.values.physical = types::PhysicalType::kString;
  const delta::StatsRenderer renderer(batch);
  for (std::size_t row = 0; row < batch.rows; ++row) {
    // With a thousand columns a row takes a tenth of a millisecond.
    if (row % 64 == 0) LEVEE_RETURN_IF_ERROR(CheckCancelled());
    const std::optional<std::string> text = renderer.Row(row);
    text ? column.values.PushString(*text) : column.values.PushNull();
  }
  batch.columns.push_back(std::move(column));
  return {};
}

}  // namespace levee::api
