#include "base/status.h"
#include "memory/json/item_json.h"
#include "output/json_writer.h"
#include "server/mcp/text_pieces.h"
#include "server/mcp/tools/all_tools.h"
#include "server/mcp/tools/item_schema.h"
#include "server/mcp/tools/page.h"

namespace levee::mcp {
namespace {

struct Wanted {
  std::vector<std::string> ids;
  ItemVersionChoice choice;
  bool history = false;
  std::int64_t offset = 0, length = 0;  // of the content; 0: as much as fits
};

Result<Wanted> ReadWanted(Arguments& arguments) {
  Wanted wanted;
  std::optional<std::string> id;
  arguments.Read("id", id);
  arguments.Read("ids", wanted.ids);
  arguments.Read("version", wanted.choice.version);
  arguments.ReadTime("asOf", wanted.choice.as_of);
  arguments.Read("history", wanted.history);
  arguments.Read("offset", wanted.offset);
  arguments.Read("length", wanted.length);
  if (id.has_value() == !wanted.ids.empty()) arguments.Refuse("id", "either id or ids must be given");
  if (id) wanted.ids = {*id};
  if (wanted.offset < 0 || wanted.length < 0) arguments.Refuse("offset", "it must be 0 or more");
  LEVEE_RETURN_IF_ERROR(arguments.Done());
  return wanted;
}

// Items of a result, until it is full; the first one always, with as much of its content as fits.
class Collected {
 public:
  Collected(const Wanted& wanted, std::size_t result_bytes) : wanted_(wanted), result_bytes_(result_bytes) {}

  // False: it does not fit any more.
  bool Add(Item item, const std::function<std::string(const Item&)>& render) {
    const std::size_t whole = item.content.size();
    const auto offset = static_cast<std::size_t>(wanted_.offset);
    const std::size_t length = wanted_.length > 0 ? static_cast<std::size_t>(wanted_.length) : whole;
    std::string_view piece = Piece(item.content, offset, length);
    const auto start = static_cast<std::size_t>(piece.data() - item.content.data());
    std::string content(piece);
    std::string json = Rendered(item, content, start, whole, render);
    if (!json_.empty() && json_.size() + json.size() > result_bytes_) return false;
    if (json.size() > result_bytes_) {
      content = Piece(content, 0, result_bytes_ / 2);  // escapes may double it
      json = Rendered(item, content, start, whole, render);
      cut_ = true;
    }
    json_ += (json_.empty() ? "" : ",") + json;
    return true;
  }

  const std::string& json() const { return json_; }
  bool cut() const { return cut_; }

 private:
  static std::string Rendered(Item& item, const std::string& content, std::size_t start, std::size_t whole,
                              const std::function<std::string(const Item&)>& render) {
    item.content = content;
    std::string json = render(item);
    if (content.size() == whole) return json;
    json.pop_back();
    return json + ",\"contentOffset\":" + std::to_string(start) + ",\"contentBytes\":" + std::to_string(whole) + "}";
  }

  const Wanted& wanted_;
  std::size_t result_bytes_;
  std::string json_;
  bool cut_ = false;
};

constexpr memory::ItemFields kFields = memory::ItemFields::WithoutEmbedding();

std::string Finish(const Collected& items, const std::vector<std::string>& missing, const std::vector<std::string>& left) {
  std::string json;
  output::JsonWriter out(json);
  out.BeginObject().Key("items").Raw("[" + items.json() + "]");
  const auto list = [&](const char* name, const std::vector<std::string>& ids) {
    out.Key(name).BeginArray();
    for (const std::string& id : ids) out.String(id);
    out.EndArray();
  };
  list("missing", missing);
  if (!left.empty()) list("leftOut", left);
  if (items.cut()) {
    out.Member("note", "A content is longer than a result may be: go on with id and offset.");
  } else if (!left.empty()) {
    out.Member("note", "Not all items fit: ask for those that were left out.");
  }
  out.EndObject();
  return json;
}

Result<std::string> RunHistory(ToolCall& call, const Wanted& wanted) {
  Collected items(wanted, call.result_bytes);
  LEVEE_ASSIGN(const auto versions, call.bank.History(wanted.ids[0], std::nullopt));
  std::vector<std::string> left;
  for (const ItemVersion& version : versions) {
    const bool fits = items.Add(version.item, [&](const Item& item) {
      ItemVersion shown = version;
      shown.item = item;
      std::string json;
      memory::AppendVersionJson(json, shown, kFields);
      return json;
    });
    if (!fits) left.push_back(std::to_string(version.item.version));
  }
  return Finish(items, versions.empty() ? wanted.ids : std::vector<std::string>(), left);
}

Result<std::string> Run(ToolCall& call) {
  LEVEE_ASSIGN(const Wanted wanted, ReadWanted(call.arguments));
  if (wanted.history) return RunHistory(call, wanted);
  Collected items(wanted, call.result_bytes);
  std::vector<std::string> missing, left;
  LEVEE_ASSIGN(auto found, call.bank.GetAll(wanted.ids, wanted.choice));
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i]) {
      missing.push_back(wanted.ids[i]);
    } else if (!items.Add(std::move(*found[i]), [](const Item& item) { return memory::ItemJson(item, kFields); })) {
      left.push_back(wanted.ids[i]);
    }
  }
  return Finish(items, missing, left);
}

}  // namespace

Tool GetTool() {
  return {
      .name = "memory_get",
      .title = "Recall by id",
      .description =
          "Items by id, as they are or as they were: a version, a time, or the whole history of one item (newest "
          "first, with author and operation). offset and length read a part of long contents.",
      .input_schema =
          R"({"type":"object","properties":{"id":{"type":"string"},"ids":{"type":"array","items":{"type":"string"}},)"
          R"("version":{"type":"integer","minimum":1},"asOf":{"type":["string","integer"]},)"
          R"("history":{"type":"boolean","default":false,"description":"every version of the (first) item"},)"
          R"("offset":{"type":"integer","minimum":0,"description":"bytes of the content to leave out"},)"
          R"("length":{"type":"integer","minimum":0,"description":"bytes of the content, 0: all"}},)"
          R"("additionalProperties":false})",
      .output_schema =
          R"({"type":"object","required":["items","missing"],"properties":{"items":{"type":"array","items":)" LEVEE_MCP_ITEM
          R"(},"missing":{"type":"array","items":{"type":"string"}},)"
          R"("leftOut":{"type":"array","items":{"type":"string"},"description":"ids, of a history versions"},)"
          R"("note":{"type":"string"}}})",
      .read_only = true,
      .run = Run,
  };
}

}  // namespace levee::mcp
