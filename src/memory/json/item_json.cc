#include "memory/json/item_json.h"

#include <charconv>

#include "memory/model/times.h"
#include "output/json_writer.h"

namespace levee::memory {
namespace {

using output::JsonWriter;

// The shortest texts that read back as the same floats.
std::string EmbeddingJson(const std::vector<float>& embedding) {
  std::string json;
  json.reserve(embedding.size() * 11 + 2);
  for (const float number : embedding) {
    json += json.empty() ? '[' : ',';
    char digits[32];
    json.append(digits, std::to_chars(digits, digits + sizeof(digits), number).ptr);
  }
  json += ']';
  return json;
}

class ItemWriter {
 public:
  ItemWriter(JsonWriter& json, const Item& item, ItemFields fields) : json_(json), item_(item), fields_(fields) {}

  void Write() {
    Text(ItemField::kId, item_.id);
    Text(ItemField::kNamespace, item_.name_space);
    Text(ItemField::kCategory, item_.category);
    Text(ItemField::kContent, item_.content);
    if (Begin(ItemField::kTags, true)) Tags();
    if (Begin(ItemField::kMetadata, true)) json_.Raw(item_.metadata);
    if (Begin(ItemField::kEmbedding, !item_.embedding.empty())) json_.Raw(EmbeddingJson(item_.embedding));
    if (Begin(ItemField::kEmbeddingModel, !item_.embedding_model.empty())) json_.String(item_.embedding_model);
    if (Begin(ItemField::kVersion, true)) json_.Integer(item_.version);
    if (Begin(ItemField::kVectorClock, true)) Clock();
    if (Begin(ItemField::kCreated, true)) json_.String(TimeText(item_.created));
    if (Begin(ItemField::kUpdated, true)) json_.String(TimeText(item_.updated));
    if (Begin(ItemField::kExpires, item_.expires.has_value())) json_.String(TimeText(*item_.expires));
    Text(ItemField::kChecksum, item_.checksum);
  }

 private:
  // Writes the key where the field is wanted; false: its value is not to follow.
  bool Begin(ItemField field, bool there) {
    if (!fields_.Has(field) || (!there && !fields_.by_name())) return false;
    json_.Key(kItemFieldNames[static_cast<std::size_t>(field)]);
    if (!there) json_.Null();
    return there;
  }

  void Text(ItemField field, const std::string& text) {
    if (Begin(field, true)) json_.String(text);
  }

  void Tags() {
    json_.BeginArray();
    for (const std::string& tag : item_.tags) json_.String(tag);
    json_.EndArray();
  }

  void Clock() {
    json_.BeginObject();
    for (const auto& [replica, count] : item_.vector_clock) json_.Key(replica).Raw(std::to_string(count));
    json_.EndObject();
  }

  JsonWriter& json_;
  const Item& item_;
  ItemFields fields_;
};

}  // namespace

void AppendItemJson(std::string& out, const Item& item, ItemFields fields) {
  JsonWriter json(out);
  json.BeginObject();
  ItemWriter(json, item, fields).Write();
  json.EndObject();
}

std::string ItemJson(const Item& item, ItemFields fields) {
  std::string json;
  AppendItemJson(json, item, fields);
  return json;
}

void AppendFoundJson(std::string& out, const Found& found, ItemFields fields) {
  JsonWriter json(out);
  json.BeginObject();
  ItemWriter(json, found.item, fields).Write();
  json.Member("score", found.score);
  if (!found.snippet.empty()) json.Member("snippet", found.snippet);
  if (!found.why.empty()) json.Member("why", found.why);
  json.EndObject();
}

void AppendVersionJson(std::string& out, const ItemVersion& version, ItemFields fields) {
  JsonWriter json(out);
  json.BeginObject();
  json.Member("operation", version.operation);
  json.Member("author", version.author);
  json.Member("written", TimeText(version.written));
  ItemWriter(json, version.item, fields).Write();
  json.EndObject();
}

void AppendWrittenJson(std::string& out, const Written& written) {
  JsonWriter json(out);
  json.BeginObject();
  json.Member("id", written.id);
  json.Member("outcome", OutcomeName(written.outcome));
  json.Member("version", written.version);
  json.EndObject();
}

}  // namespace levee::memory
