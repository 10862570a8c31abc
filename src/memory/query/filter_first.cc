#include "memory/query/filter_first.h"

#include <algorithm>
#include <cmath>

#include "query/cost/machine_costs.h"

namespace levee::memory {
namespace {

constexpr double kRandomRow = 4;  // the columns of a row that a list names are in no cache of the processor

// How many of the rows that words find are asked for the conditions: those that would be among the best so far.
double RowsAsked(const WordsInPart& words, double kept) {
  const auto wanted = static_cast<double>(words.wanted);
  if (words.wanted == 0 || words.rows_at_most * kept <= wanted) return words.rows_at_most;
  return std::min(words.rows_at_most, wanted / kept * (1 + std::log(words.rows_at_most * kept / wanted)));
}

}  // namespace

Result<std::optional<FilteredRows>> FilterFirst(const Asking& asking, const std::shared_ptr<Part>& part,
                                                const Conditions& conditions, const WordsInPart& words) {
  if (words.rows_at_most == 0) return std::nullopt;
  const query::MachineCosts costs;
  LEVEE_ASSIGN(PartWay way, ChooseWay(asking, part, conditions, {}));
  const double kept = way.matched / std::max(1.0, static_cast<double>(part->rows()));
  const double asked = RowsAsked(words, kept);
  const double records = conditions.needs_record() ? asked * std::min(1.0, kept / kKeptByMetadata) : 0;
  const double words_ns = words.postings * costs.evaluate + asked * costs.evaluate * kRandomRow + records * kReadRecordNs;
  way.cost_ns += way.matched * costs.probe_key;
  if (words_ns <= way.cost_ns) return std::nullopt;
  FilteredRows filtered{.rows = {}, .use = PartUse::Of(*part, way)};
  for (query::Alternative& each : filtered.use.alternatives) each.cost_ns += way.matched * costs.probe_key;
  filtered.use.alternatives.push_back({.name = "postings", .cost_ns = words_ns, .chosen = false});
  filtered.use.rules.push_back("item_filter_first");
  way.records_max = PartWay::kNoLimit;  // what all of them cost was considered
  const std::int64_t begin_ns = asking.clock.MonotonicNanos();
  LEVEE_RETURN_IF_ERROR(ScanRows(*part, conditions, way, filtered.use.count, [&](std::uint32_t row) {
    filtered.rows.push_back(row);
    return true;
  }));
  TellCost(asking, part, way, filtered.use.count.records);
  filtered.use.ns = asking.clock.MonotonicNanos() - begin_ns;
  return filtered;
}

}  // namespace levee::memory
