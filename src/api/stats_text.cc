#include "api/stats_text.h"

#include <optional>
#include <string>

#include "delta/entry_batch_builder.h"
#include "output/file_fields.h"

namespace levee::api {

void AddStatsText(columnar::Batch& batch) {
  columnar::BatchColumn column{output::StatsTextKey(), {}};
  column.values.physical = types::PhysicalType::kString;
  for (const std::optional<std::string>& text : delta::RenderStats(batch)) {
    text ? column.values.PushString(*text) : column.values.PushNull();
  }
  batch.columns.push_back(std::move(column));
}

}  // namespace levee::api
