#include "cli/explain_text.h"

#include <array>
#include <vector>

#include "output/human_text.h"
#include "output/json_writer.h"

namespace levee::cli {
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
  return {
      {"sync", {}, explanation.sync_ns},
      {"bind", {}, explanation.bind_ns},
      {"segments",
       {{"segments", "segments", counters.segments}, {"skipped", "skipped", counters.segments_skipped}},
       -1},
      {"blocks",
       {{"blocks", "blocks", counters.blocks}, {"skipped", "skipped", counters.blocks_skipped}},
       counters.zone_ns},
      {"tail", {{"entries", "entries of recent commits", counters.tail_entries}}, -1},
      {"evaluate",
       {{"evaluated", "entries evaluated", counters.entries_evaluated},
        {"selected", "selected", counters.entries_selected}},
       counters.evaluate_ns},
      {"fetch",
       {{"bytesRead", "read", counters.bytes_read, true},
        {"columnBlocks", "column blocks decoded", counters.column_blocks_decoded},
        {"cacheHits", "from the cache", counters.cache_hits}},
       counters.fetch_ns},
      {"scan", {{"files", "files", answer.files}}, explanation.scan_ns},
  };
}

}  // namespace

std::string ExplainText(const ExplainedAnswer& answer) {
  std::string out = "files of " + output::Printable(answer.table) + " at version " +
                    std::to_string(answer.explanation.version) + ": " + GroupedNumber(answer.files);
  if (answer.all_files >= 0) out += " of " + GroupedNumber(answer.all_files);
  out += "\n  predicate  " +
         (answer.explanation.predicate.empty() ? "none" : output::Printable(answer.explanation.predicate)) + '\n';
  if (answer.explanation.from_summary) out += "  summary    answered from the summary\n";
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
      .Member("version", answer.explanation.version)
      .Member("predicate", answer.explanation.predicate)
      .Member("files", answer.files);
  json.Key("allFiles");
  answer.all_files >= 0 ? json.Integer(answer.all_files) : json.Null();
  json.Member("fromSummary", answer.explanation.from_summary);
  json.Key("steps").BeginArray();
  for (const Step& step : Steps(answer)) {
    json.BeginObject().Member("step", step.name);
    for (const Count& count : step.counts) json.Member(count.name, count.value);
    if (answer.times && step.time_ns >= 0) json.Member("ns", step.time_ns);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return out + '\n';
}

}  // namespace levee::cli
