#include "api/explain_text.h"

#include <cmath>
#include <vector>

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

// How a node of the plan is printed.
struct PlanLook {
  int depth = 0;
  bool times = false;
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

void AddNode(std::string& out, const query::PlanReport& node, const PlanLook& look) {
  std::string line(4 + 2 * static_cast<std::size_t>(look.depth), ' ');
  line += node.name;
  if (!node.detail.empty()) line += "  " + output::Printable(node.detail);
  if (const std::string text = AmountText(node.estimated); !text.empty()) line += "  est. " + text;
  if (node.corrected_from) {
    line += " (corrected from " + GroupedNumber(std::llround(*node.corrected_from)) + ')';
  }
  if (look.times) {
    const std::string text = AmountText(node.actual);
    line += text.empty() ? "; not run" : "; " + text + "  " + output::HumanDuration(node.ns);
  }
  out += line + '\n';
  for (const query::Alternative& way : node.alternatives) {
    out += std::string(6 + 2 * static_cast<std::size_t>(look.depth), ' ') + (way.chosen ? "> " : "- ") + way.name;
    out += "  cost " + output::HumanDuration(std::llround(way.cost_ns)) + '\n';
  }
  for (const query::PlanReport& input : node.inputs) AddNode(out, input, {look.depth + 1, look.times});
}

void AddPlan(std::string& out, const ExplainedAnswer& answer) {
  const catalog::Explanation& explanation = answer.explanation;
  if (explanation.plan.name.empty()) return;
  out += "  plan\n";
  AddNode(out, explanation.plan, {0, answer.times});
  out += "  rules      ";
  for (const query::RuleUse& use : explanation.planning.uses) {
    if (&use != &explanation.planning.uses.front()) out += ", ";
    out += use.rule;
    if (answer.times) out += " " + output::HumanDuration(use.ns);
  }
  if (explanation.planning.uses.empty()) out += "none";
  out += '\n';
}

void WriteAmount(output::JsonWriter& json, std::string_view key, const query::Amount& amount) {
  const auto whole = [](const std::optional<double>& value) {
    return value ? std::optional<std::int64_t>(std::llround(*value)) : std::nullopt;
  };
  json.Key(key).BeginObject();
  json.Member("files", whole(amount.files)).Member("bytes", whole(amount.bytes)).EndObject();
}

void WriteAlternatives(output::JsonWriter& json, const std::vector<query::Alternative>& alternatives) {
  json.Key("alternatives").BeginArray();
  for (const query::Alternative& way : alternatives) {
    json.BeginObject().Member("name", std::string_view(way.name));
    json.Member("costNs", std::int64_t{std::llround(way.cost_ns)}).Member("chosen", way.chosen).EndObject();
  }
  json.EndArray();
}

// What single steps take on this machine, in nanoseconds.
void WriteCosts(output::JsonWriter& json, const query::MachineCosts& costs) {
  json.Key("machineCosts").BeginObject();
  for (const auto& [name, cost] : query::kMachineCosts) {
    json.Member(name, std::round(costs.*cost * 100) / 100);
  }
  json.EndObject();
}

void WriteNode(output::JsonWriter& json, const query::PlanReport& node, bool times) {
  json.BeginObject().Member("name", node.name).Member("detail", std::string_view(node.detail));
  WriteAmount(json, "estimated", node.estimated);
  WriteAmount(json, "actual", node.actual);
  if (times) json.Member("ns", node.ns);
  if (node.corrected_from) json.Member("correctedFrom", std::int64_t{std::llround(*node.corrected_from)});
  if (!node.alternatives.empty()) WriteAlternatives(json, node.alternatives);
  json.Key("inputs").BeginArray();
  for (const query::PlanReport& input : node.inputs) WriteNode(json, input, times);
  json.EndArray().EndObject();
}

void WriteTables(output::JsonWriter& json, const ExplainedAnswer& answer) {
  if (answer.tables.empty()) return;
  json.Key("tables").BeginArray();
  for (const auto& [table, version] : answer.tables) {
    json.BeginObject().Member("table", table).Member("version", version).EndObject();
  }
  json.EndArray();
}

void WritePlan(output::JsonWriter& json, const ExplainedAnswer& answer) {
  const catalog::Explanation& explanation = answer.explanation;
  if (explanation.plan.name.empty()) return;
  json.Key("plan");
  WriteNode(json, explanation.plan, answer.times);
  json.Key("rules").BeginArray();
  for (const query::RuleUse& use : explanation.planning.uses) {
    json.BeginObject().Member("rule", use.rule).Member("rounds", use.rounds);
    if (answer.times) json.Member("ns", use.ns);
    json.EndObject();
  }
  json.EndArray().Key("planning").BeginObject().Member("cached", explanation.planning.cached);
  if (answer.times) json.Member("ns", explanation.planning.ns);
  json.EndObject();
  if (explanation.costs) WriteCosts(json, *explanation.costs);
}

}  // namespace

std::string AmountText(const query::Amount& amount) {
  if (!amount.files) return {};
  const auto files = std::llround(*amount.files);
  std::string text = GroupedNumber(files) + (files == 1 ? " file" : " files");
  if (amount.bytes) text += ", " + output::HumanSize(std::llround(*amount.bytes));
  return text;
}

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
  AddPlan(out, answer);
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
  WritePlan(json, answer);
  json.EndObject();
  return out + '\n';
}

}  // namespace levee::api
