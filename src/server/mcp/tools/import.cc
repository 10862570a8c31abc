#include <algorithm>
#include <array>

#include "base/status.h"
#include "memory/json/item_parser.h"
#include "memory/json/line_reader.h"
#include "memory/model/errors.h"
#include "output/json_writer.h"
#include "server/mcp/tools/all_tools.h"
#include "server/mcp/tools/outcomes.h"

namespace levee::mcp {
namespace {

constexpr std::size_t kBatchItems = 1'000;
constexpr std::size_t kConflictsMax = 1'000;  // told by id

Result<std::vector<ItemWrite>> ReadLines(const std::string& text) {
  std::vector<ItemWrite> writes;
  memory::LineReader lines(memory::ReadText(text), text.size() + 1);
  for (;;) {
    LEVEE_ASSIGN(const auto line, lines.Next());
    if (!line) return writes;
    auto write = memory::ParseItem(line->text);
    if (!write) {
      return memory::InvalidItem("line " + std::to_string(line->number), write.error().what + ": " + write.error().why);
    }
    writes.push_back(std::move(*write));
  }
}

Result<std::string> Run(ToolCall& call) {
  std::string text, policy_name = "manual";
  if (!call.arguments.Has("jsonl")) call.arguments.Refuse("jsonl", "it must be given");
  call.arguments.Read("jsonl", text);
  call.arguments.Read("onConflict", policy_name);
  const auto policy = ParsePolicy(policy_name);
  if (!policy) call.arguments.Refuse("onConflict", "last-write, merge or manual");
  LEVEE_RETURN_IF_ERROR(call.arguments.Done());
  LEVEE_ASSIGN(auto writes, ReadLines(text));  // all of it before anything is written
  std::array<std::int64_t, 6> counts{};        // by outcome
  std::vector<std::string> conflicts;
  const auto total = std::ssize(writes);
  for (std::size_t done = 0; done < writes.size() && !call.cancelled();) {
    const std::size_t end = std::min(done + kBatchItems, writes.size());
    std::vector<ItemWrite> batch(std::make_move_iterator(writes.begin() + static_cast<std::ptrdiff_t>(done)),
                                 std::make_move_iterator(writes.begin() + static_cast<std::ptrdiff_t>(end)));
    LEVEE_ASSIGN(const auto outcomes, call.bank.Store(std::move(batch), {.author = call.author, .on_conflict = *policy}));
    call.changed = call.changed || ListChanged(outcomes);
    for (const Written& written : outcomes) {
      ++counts[static_cast<std::size_t>(written.outcome)];
      if (written.outcome == Written::Outcome::kConflict && conflicts.size() < kConflictsMax)
        conflicts.push_back(written.id);
    }
    done = end;
    call.progress(static_cast<std::int64_t>(done), total);
  }
  std::string json;
  output::JsonWriter out(json);
  out.BeginObject();
  for (const auto outcome : {Written::Outcome::kStored, Written::Outcome::kUpdated, Written::Outcome::kKept}) {
    out.Member(OutcomeName(outcome), counts[static_cast<std::size_t>(outcome)]);
  }
  out.Member("conflicts", counts[static_cast<std::size_t>(Written::Outcome::kConflict)]).Key("conflictIds").BeginArray();
  for (const std::string& id : conflicts) out.String(id);
  out.EndArray().EndObject();
  return json;
}

}  // namespace

Tool ImportTool() {
  return {
      .name = "memory_import",
      .title = "Import",
      .description =
          "Stores JSON lines as memory_export writes them, 1,000 items a step; nothing is written if a line is wrong. "
          "Items with a vectorClock that is older than what is there are kept out, concurrent ones are resolved by "
          "onConflict.",
      .input_schema =
          R"({"type":"object","required":["jsonl"],"properties":{"jsonl":{"type":"string"},)"
          R"("onConflict":{"enum":["last-write","merge","manual"],"default":"manual"}},"additionalProperties":false})",
      .output_schema = R"({"type":"object","required":["stored","updated","kept","conflicts","conflictIds"],"properties":{)"
                       R"("stored":{"type":"integer"},"updated":{"type":"integer"},"kept":{"type":"integer"},)"
                       R"("conflicts":{"type":"integer"},"conflictIds":{"type":"array","items":{"type":"string"}}}})",
      .idempotent = true,
      .run = Run,
  };
}

}  // namespace levee::mcp
