#include "api/explain_text.h"

#include <cmath>
#include <vector>

#include "explain/plan_look.h"
#include "output/human_text.h"
#include "output/json_writer.h"

namespace levee::api {
namespace {

using output::GroupedNumber;

struct Count {
  std::string_view name;  // in JSON
  std::string_view words; // for people, behind the number
  std::int64_t value = 0;
  bool bytes = false;
};

struct Step {
  std::string_view name;
  std::vector<Count> counts;
  std::int64_t time_ns = -1;  // below zero: has none of its own
};

std::vector<Step> Steps(const ExplainedAnswer& answer) {
  const catalog::Explanation& explanation = answer.explanation;
  const store::ScanCounters& counters = explanation.counters;
  std::vector<Step> steps{
      {"sync", {}, explanation.sync_ns},
      {"bind", {}, explanation.bind_ns},
      {"segments",
       {{"segments", "segments", counters.segments}, {"skipped", "skipped", counters.segments_skipped}},
       -1},
      {"blocks",
       {{"blocks", "blocks", counters.blocks}, {"skipped", "skipped", counters.blocks_skipped}},
       counters.zone_ns},
      {"index",
       {{"segments", "segments by a sorted index", counters.index_segments},
        {"blocks", "blocks of it", counters.index_blocks},
        {"entries", "entries named", counters.index_entries}},
       -1},
      {"tail", {{"entries", "entries of recent commits", counters.tail_entries}}, -1},
      {"evaluate",
       {{"evaluated", "entries evaluated", counters.entries_evaluated},
        {"selected", "selected", counters.entries_selected}},
       counters.evaluate_ns},
      {"fetch",
       {{"bytesRead", "read", counters.bytes_read, true},
        {"columnBlocks", "column blocks decoded", counters.column_blocks_decoded},
        {"encodedBlocks", "looked at as stored", counters.column_blocks_encoded},
        {"cacheHits", "from the cache", counters.cache_hits}},
       counters.fetch_ns},
      {"scan", {{"files", "files", answer.files}}, explanation.scan_ns},
  };
  if (counters.index_blocks == 0) std::erase_if(steps, [](const Step& step) { return step.name == "index"; });
  return steps;
}

// What single steps take on this machine, in nanoseconds.
void WriteCosts(output::JsonWriter& json, const query::MachineCosts& costs) {
  json.Key("machineCosts").BeginObject();
  for (const auto& [name, cost] : query::kMachineCosts) {
    json.Member(name, std::round(costs.*cost * 100) / 100);
  }
  json.EndObject();
}

void WriteTables(output::JsonWriter& json, const ExplainedAnswer& answer) {
  if (answer.tables.empty()) return;
  json.Key("tables").BeginArray();
  for (const auto& [table, version] : answer.tables) {
    json.BeginObject().Member("table", table).Member("version", version).EndObject();
  }
  json.EndArray();
}

}  // namespace

std::string ExplainedQuestion(const ExplainedAnswer& answer, std::size_t width) {
  const std::string name = output::Printable(answer.table);
  const std::string text = "files of " + (width > 0 ? output::Shortened(name, width) : name);
  return answer.tables.empty() ? text + " at version " + std::to_string(answer.explanation.version) : text;
}

std::string ExplainText(const ExplainedAnswer& answer) {
  std::string out = ExplainedQuestion(answer, 0) + ": " + GroupedNumber(answer.files);
  if (answer.all_files >= 0) out += " of " + GroupedNumber(answer.all_files);
  out += "\n  predicate  " +
         (answer.explanation.predicate.empty() ? "none" : output::Printable(answer.explanation.predicate)) + '\n';
  if (answer.explanation.from_results) out += "  results    from the result cache\n";
  if (answer.explanation.from_summary) out += "  summary    answered from the summary\n";
  explain::AddPlan(out, answer.explanation.plan, answer.explanation.planning, {.times = answer.times, .rows = {}});
  for (const Step& step : Steps(answer)) {
    if (step.counts.empty() && !answer.times) continue;
    std::string line = "  " + std::string(step.name);
    line.resize(13, ' ');
    for (const Count& count : step.counts) {
      if (&count != &step.counts.front()) line += ", ";
      line += count.bytes ? output::HumanSize(count.value) : GroupedNumber(count.value);
      line += ' ';
      line += count.words;
    }
    if (answer.times && step.time_ns >= 0) {
      if (!step.counts.empty()) line += "  ";
      line += output::HumanDuration(step.time_ns);
    }
    out += line + '\n';
  }
  return out;
}

std::string ExplainJson(const ExplainedAnswer& answer) {
  std::string out;
  output::JsonWriter json(out);
  json.BeginObject()
      .Member("table", answer.table)
      .Member("version", answer.tables.empty() ? std::optional(answer.explanation.version) : std::nullopt);
  WriteTables(json, answer);
  json.Member("predicate", answer.explanation.predicate)
      .Member("files", answer.files);
  json.Key("allFiles");
  answer.all_files >= 0 ? json.Integer(answer.all_files) : json.Null();
  json.Member("fromSummary", answer.explanation.from_summary);
  if (answer.explanation.from_results) json.Member("fromResults", true);
  json.Key("steps").BeginArray();
  for (const Step& step : Steps(answer)) {
    json.BeginObject().Member("step", step.name);
    for (const Count& count : step.counts) json.Member(count.name, count.value);
    if (answer.times && step.time_ns >= 0) json.Member("ns", step.time_ns);
    json.EndObject();
  }
  json.EndArray();
  explain::WritePlan(json, answer.explanation.plan, answer.explanation.planning, {.times = answer.times, .rows = {}});
  if (!answer.explanation.plan.name.empty() && answer.explanation.costs) WriteCosts(json, *answer.explanation.costs);
  json.EndObject();
  return out + '\n';
}

}  // namespace levee::api
