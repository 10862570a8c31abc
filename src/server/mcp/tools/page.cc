#include "server/mcp/tools/page.h"

#include "base/status.h"
#include "memory/json/item_json.h"
#include "output/json_writer.h"
#include "server/mcp/text_pieces.h"

namespace levee::mcp {
namespace {

constexpr memory::ItemFields kFields = memory::ItemFields::WithoutEmbedding();

// The item with as much of its content as fits beside the rest of it.
std::string CutJson(Found found, std::size_t result_bytes) {
  const std::size_t whole = found.item.content.size();
  found.item.content = Piece(found.item.content, 0, result_bytes / 2);  // escapes may double it
  std::string json;
  memory::AppendFoundJson(json, found, kFields);
  json.pop_back();
  return json + ",\"contentBytes\":" + std::to_string(whole) + "}";
}

}  // namespace

std::string FoundJson(const Found& found, bool with_content) {
  std::string json;
  memory::AppendFoundJson(json, found, kFields);
  if (with_content) return json;
  // What was not asked for is no empty content either.
  constexpr std::string_view kEmpty = "\"content\":\"\",";
  if (const auto at = json.find(kEmpty); at != std::string::npos) json.erase(at, kEmpty.size());
  return json;
}

Result<Fitting> FindFitting(ToolCall& call, ItemQuery query, char joint,
                            const std::function<std::string(const Found&)>& render) {
  Fitting fitting;
  for (;;) {
    LEVEE_ASSIGN(fitting.page, call.bank.Find(query));
    fitting.text.clear();
    std::int64_t fit = 0;
    for (const Found& found : fitting.page.items) {
      const std::string rendered = render(found);
      if (fit > 0 && fitting.text.size() + rendered.size() > call.result_bytes) break;
      if (fit > 0) fitting.text += joint;
      fitting.text += rendered;
      ++fit;
    }
    fitting.cut = fit == 1 && fitting.text.size() > call.result_bytes;
    if (fit == std::ssize(fitting.page.items)) return fitting;
    // The cursor behind the last one that fits is known to the bank alone.
    query.limit = fit;
    fitting.left_out = true;
  }
}

Result<std::string> PageJson(ToolCall& call, const Question& question) {
  const ItemQuery& query = question.query;
  LEVEE_ASSIGN(Fitting fitting,
               FindFitting(call, query, ',', [&](const Found& found) { return FoundJson(found, query.with_content); }));
  std::string note;
  if (fitting.left_out) note = "Not all items that were asked for fit: go on with nextCursor. ";
  if (fitting.cut) {
    fitting.text = CutJson(fitting.page.items.front(), call.result_bytes);
    note += "A content is longer than a result may be: read the rest with memory_get, id and offset.";
  }
  std::string json;
  output::JsonWriter out(json);
  out.BeginObject().Key("items").Raw("[" + fitting.text + "]");
  if (question.count) {
    LEVEE_ASSIGN(const std::int64_t count, call.bank.Count(query));
    out.Member("count", count);
  }
  if (!fitting.page.next.empty()) out.Member("nextCursor", fitting.page.next);
  if (!fitting.page.did_you_mean.empty()) out.Member("didYouMean", fitting.page.did_you_mean);
  if (!note.empty()) out.Member("note", note);
  out.EndObject();
  return json;
}

}  // namespace levee::mcp
