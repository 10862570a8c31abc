#include "api/explain_svg.h"

#include <algorithm>

#include "explain/plan_picture.h"
#include "output/human_text.h"

namespace levee::api {
namespace {

using output::GroupedNumber;

std::vector<explain::PicturedStep> StepsOf(const ExplainedAnswer& answer) {
  const catalog::Explanation& explanation = answer.explanation;
  const store::ScanCounters& counters = explanation.counters;
  std::vector<explain::PicturedStep> steps;
  if (answer.times) steps.push_back({"sync", "", explanation.sync_ns});
  steps.push_back({"bind, plan", explanation.planning.cached ? "planned before" : "", explanation.bind_ns});
  steps.push_back({"zone maps",
                   GroupedNumber(counters.segments) + " segments, " + GroupedNumber(counters.segments_skipped) + " skipped; " +
                       GroupedNumber(counters.blocks) + " blocks, " + GroupedNumber(counters.blocks_skipped) + " skipped",
                   counters.zone_ns});
  steps.push_back({"evaluate",
                   GroupedNumber(counters.entries_evaluated) + " entries, " + GroupedNumber(counters.entries_selected) +
                       " selected; " + GroupedNumber(counters.tail_entries) + " of recent commits",
                   counters.evaluate_ns});
  steps.push_back({"fetch",
                   output::HumanSize(counters.bytes_read) + " read, " + GroupedNumber(counters.cache_hits) + " from the cache",
                   counters.fetch_ns});
  return steps;
}

}  // namespace

std::string ExplainSvg(const ExplainedAnswer& answer) {
  const catalog::Explanation& explanation = answer.explanation;
  std::string found = GroupedNumber(answer.files);
  if (answer.all_files >= 0) found += " of " + GroupedNumber(answer.all_files);
  return explain::DrawPlan({.title = ExplainedQuestion(answer, 48),
                            .found = found + " files",
                            .predicate = explanation.predicate.empty() ? "no predicate" : explanation.predicate,
                            .plan = explanation.plan,
                            .planning = explanation.planning,
                            .steps = StepsOf(answer),
                            .longest_ns = std::max({explanation.sync_ns, explanation.bind_ns, explanation.scan_ns}),
                            .times = answer.times});
}

}  // namespace levee::api
