#include "explain/plan_look.h"

#include <cmath>
#include <optional>

#include "output/human_text.h"

namespace levee::explain {
namespace {

using output::GroupedNumber;

void AddNode(std::string& out, const query::PlanReport& node, const PlanLook& look, std::size_t depth) {
  std::string line(4 + 2 * depth, ' ');
  line += node.name;
  if (!node.detail.empty()) line += "  " + output::Printable(node.detail);
  if (const std::string text = AmountText(node.estimated, look.rows); !text.empty()) line += "  est. " + text;
  if (node.corrected_from) {
    line += " (corrected from " + GroupedNumber(std::llround(*node.corrected_from)) + ')';
  }
  if (look.times) {
    const std::string text = AmountText(node.actual, look.rows);
    line += text.empty() ? "; not run" : "; " + text + "  " + output::HumanDuration(node.ns);
  }
  out += line + '\n';
  for (const query::Alternative& way : node.alternatives) {
    out += std::string(6 + 2 * depth, ' ') + (way.chosen ? "> " : "- ") + way.name;
    out += "  cost " + output::HumanDuration(std::llround(way.cost_ns)) + '\n';
  }
  for (const query::PlanReport& input : node.inputs) AddNode(out, input, look, depth + 1);
}

void WriteAmount(output::JsonWriter& json, std::string_view key, const query::Amount& amount, const RowName& rows) {
  const auto whole = [](const std::optional<double>& value) {
    return value ? std::optional<std::int64_t>(std::llround(*value)) : std::nullopt;
  };
  json.Key(key).BeginObject();
  json.Member(rows.many, whole(amount.files)).Member("bytes", whole(amount.bytes)).EndObject();
}

void WriteAlternatives(output::JsonWriter& json, const std::vector<query::Alternative>& alternatives) {
  json.Key("alternatives").BeginArray();
  for (const query::Alternative& way : alternatives) {
    json.BeginObject().Member("name", std::string_view(way.name));
    json.Member("costNs", std::int64_t{std::llround(way.cost_ns)}).Member("chosen", way.chosen).EndObject();
  }
  json.EndArray();
}

void WriteNode(output::JsonWriter& json, const query::PlanReport& node, const PlanLook& look) {
  json.BeginObject().Member("name", node.name).Member("detail", std::string_view(node.detail));
  WriteAmount(json, "estimated", node.estimated, look.rows);
  WriteAmount(json, "actual", node.actual, look.rows);
  if (look.times) json.Member("ns", node.ns);
  if (node.corrected_from) json.Member("correctedFrom", std::int64_t{std::llround(*node.corrected_from)});
  if (!node.alternatives.empty()) WriteAlternatives(json, node.alternatives);
  json.Key("inputs").BeginArray();
  for (const query::PlanReport& input : node.inputs) WriteNode(json, input, look);
  json.EndArray().EndObject();
}

}  // namespace

std::string AmountText(const query::Amount& amount, const RowName& rows) {
  if (!amount.files) return {};
  const auto files = std::llround(*amount.files);
  std::string text = GroupedNumber(files) + ' ' + std::string(files == 1 ? rows.one : rows.many);
  if (amount.bytes) text += ", " + output::HumanSize(std::llround(*amount.bytes));
  return text;
}

void AddPlan(std::string& out, const query::PlanReport& plan, const query::PlanningReport& planning, const PlanLook& look) {
  if (plan.name.empty()) return;
  out += "  plan\n";
  AddNode(out, plan, look, 0);
  out += "  rules      ";
  for (const query::RuleUse& use : planning.uses) {
    if (&use != &planning.uses.front()) out += ", ";
    out += use.rule;
    if (look.times && use.ns > 0) out += " " + output::HumanDuration(use.ns);
  }
  if (planning.uses.empty()) out += "none";
  out += '\n';
}

void WritePlan(output::JsonWriter& json, const query::PlanReport& plan, const query::PlanningReport& planning,
               const PlanLook& look) {
  if (plan.name.empty()) return;
  json.Key("plan");
  WriteNode(json, plan, look);
  json.Key("rules").BeginArray();
  for (const query::RuleUse& use : planning.uses) {
    json.BeginObject().Member("rule", use.rule).Member("rounds", use.rounds);
    if (look.times) json.Member("ns", use.ns);
    json.EndObject();
  }
  json.EndArray().Key("planning").BeginObject().Member("cached", planning.cached);
  if (look.times) json.Member("ns", planning.ns);
  json.EndObject();
}

}  // namespace levee::explain
