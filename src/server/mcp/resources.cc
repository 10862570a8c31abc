#include "server/mcp/resources.h"

#include <charconv>

#include "base/status.h"
#include "memory/json/item_json.h"
#include "memory/model/errors.h"
#include "memory/model/times.h"
#include "server/mcp/text_pieces.h"

namespace levee::mcp {
namespace {

constexpr std::int64_t kListItems = 100;

struct ResourceName {
  std::string id;
  std::size_t offset = 0;
};

Result<ResourceName> ParseUri(std::string_view uri) {
  const auto wrong = [&] {
    return memory::InvalidItem("resource '" + std::string(uri) + "'", "a resource is " + std::string(kResourceTemplate));
  };
  if (!uri.starts_with(kResourcePrefix)) return wrong();
  std::string_view rest = uri.substr(kResourcePrefix.size());
  ResourceName name;
  if (const auto query = rest.find('?'); query != std::string_view::npos) {
    constexpr std::string_view kOffset = "offset=";
    std::string_view offset = rest.substr(query + 1);
    if (!offset.starts_with(kOffset)) return wrong();
    offset.remove_prefix(kOffset.size());
    const auto [end, error] = std::from_chars(offset.data(), offset.data() + offset.size(), name.offset);
    if (error != std::errc() || end != offset.data() + offset.size()) return wrong();
    rest = rest.substr(0, query);
  }
  auto id = PercentDecoded(rest);
  if (!id || id->empty()) return wrong();
  name.id = std::move(*id);
  return name;
}

std::string UriOf(const std::string& id) { return std::string(kResourcePrefix) + PercentEncoded(id); }

std::string DescriptionOf(const Item& item) {
  std::string text = item.category + " in " + item.name_space;
  for (const std::string& tag : item.tags) text += " #" + tag;
  return text;
}

}  // namespace

Result<void> ListResources(MemoryBank& bank, std::string_view cursor, output::JsonWriter& out) {
  ItemQuery query{.limit = kListItems, .with_content = false};
  query.after = cursor;
  LEVEE_ASSIGN(const ItemPage page, bank.Find(query));
  out.Key("resources").BeginArray();
  for (const Found& found : page.items) {
    const Item& item = found.item;
    out.BeginObject().Member("uri", UriOf(item.id)).Member("name", item.id).Member("description", DescriptionOf(item));
    out.Member("mimeType", "text/plain").Key("annotations").BeginObject();
    out.Member("lastModified", memory::TimeText(item.updated)).EndObject().EndObject();
  }
  out.EndArray();
  if (!page.next.empty()) out.Member("nextCursor", page.next);
  return {};
}

void ListResourceTemplates(output::JsonWriter& out) {
  out.Key("resourceTemplates").BeginArray().BeginObject();
  out.Member("uriTemplate", kResourceTemplate).Member("name", "memory");
  out.Member("title", "An item of the memory").Member("mimeType", "text/plain");
  out.Member("description",
             "The content of the item of that id; what else it has stands in _meta. offset leaves out bytes.");
  out.EndObject().EndArray();
}

Result<void> ReadResource(MemoryBank& bank, std::string_view uri, std::size_t content_bytes, output::JsonWriter& out) {
  LEVEE_ASSIGN(const ResourceName name, ParseUri(uri));
  LEVEE_ASSIGN(auto item, bank.Get(name.id, {}));
  if (!item) {
    return std::unexpected(
        Error{ErrorCode::kNotFound, "resource '" + std::string(uri) + "'", "there is no such item", {}, "ITEM_NOT_FOUND"});
  }
  const std::string content = std::move(item->content);
  const std::string_view piece = Piece(content, name.offset, content_bytes);
  const auto end = static_cast<std::size_t>(piece.data() - content.data()) + piece.size();
  item->content.clear();
  out.Key("contents").BeginArray().BeginObject();
  out.Member("uri", uri).Member("mimeType", "text/plain").Member("text", piece).Key("_meta").BeginObject();
  out.Key("levee/item").Raw(memory::ItemJson(*item, memory::ItemFields::WithoutEmbedding()));
  out.Member("levee/contentBytes", std::ssize(content));
  if (end < content.size()) out.Member("levee/next", UriOf(item->id) + "?offset=" + std::to_string(end));
  out.EndObject().EndObject().EndArray();
  return {};
}

}  // namespace levee::mcp
