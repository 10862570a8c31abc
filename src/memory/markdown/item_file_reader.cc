#include <algorithm>
#include <charconv>
#include <optional>

#include "base/status.h"
#include "memory/json/item_fields.h"
#include "memory/json/item_parser.h"
#include "memory/markdown/embedding_text.h"
#include "memory/markdown/inline_tags.h"
#include "memory/markdown/item_file.h"
#include "memory/markdown/metadata_members.h"
#include "memory/markdown/table_of_contents.h"
#include "memory/model/checksum.h"
#include "memory/model/errors.h"
#include "memory/model/times.h"
#include "output/json_writer.h"

namespace levee::memory {
namespace {

std::optional<std::int64_t> Integer(std::string_view json) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(json.data(), json.data() + json.size(), value);
  if (error != std::errc() || end != json.data() + json.size()) return {};
  return value;
}

// What is written without quotes is a text where a text is wanted: `id: 007`.
std::optional<std::string> Text(const FrontMember& member) { return member.plain.empty() ? JsonText(member.json) : member.plain; }

std::optional<std::int64_t> Time(const FrontMember& member) {
  const auto text = Text(member);
  return text ? ParseTime(*text) : std::nullopt;
}

// "a, b" or "#a #b": tags as people write them on one line.
std::vector<std::string> SplitTags(std::string_view text) {
  const std::string_view separators = text.find(',') == std::string_view::npos ? " \t\n" : ",";
  std::vector<std::string> tags;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
    tags.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return tags;
}

// Without blanks and '#', each once, no empty one.
std::vector<std::string> CleanTags(const std::vector<std::string>& tags) {
  std::vector<std::string> clean;
  for (std::string_view tag : tags) {
    tag.remove_prefix(std::min(tag.find_first_not_of(" \t#"), tag.size()));
    tag = tag.substr(0, tag.find_last_not_of(" \t") + 1);
    if (!tag.empty() && std::ranges::find(clean, tag) == clean.end()) clean.emplace_back(tag);
  }
  return clean;
}

class HeadReader {
 public:
  HeadReader(Item& item, bool own) : item_(item), own_(own) {}

  Status Read(const FrontMembers& members) {
    for (const FrontMember& member : members) {
      if (Take(member)) continue;
      if (own_ && IsField(member.key)) {
        return InvalidItem("front matter, line " + std::to_string(member.line), "'" + member.key + "' is not of its form");
      }
      metadata_.push_back({.key = member.key, .raw_key = RawKey(member.key), .value = member.json});
    }
    if (!metadata_.empty()) MergeMetadata();
    if (!own_) TakeForeign(members);
    return {};
  }

 private:
  static bool IsField(std::string_view key) {
    return key != "content" && key != "checksum" && std::ranges::find(kItemFieldNames, key) != kItemFieldNames.end();
  }

  static std::string RawKey(std::string_view key) {
    std::string json;
    output::AppendJsonString(json, key);
    return json.substr(1, json.size() - 2);
  }

  // False: it is none of an item, or not of the form that its member has.
  bool Take(const FrontMember& member) {
    if (!IsField(member.key)) return false;
    if (member.json == "null") return true;
    const auto known = std::ranges::find(kItemFieldNames, member.key);
    switch (static_cast<ItemField>(known - kItemFieldNames.begin())) {
      case ItemField::kId: return TakeText(member, item_.id);
      case ItemField::kNamespace: return TakeText(member, item_.name_space);
      case ItemField::kCategory: return TakeText(member, item_.category);
      case ItemField::kEmbeddingModel: return TakeText(member, item_.embedding_model);
      case ItemField::kTags: return TakeTags(member);
      case ItemField::kMetadata: return TakeMetadata(member);
      case ItemField::kEmbedding: return TakeEmbedding(member);
      case ItemField::kVersion: return TakeVersion(member);
      case ItemField::kVectorClock: return TakeThroughJson(member);
      case ItemField::kCreated: return TakeTime(member, item_.created);
      case ItemField::kUpdated: return TakeTime(member, item_.updated);
      case ItemField::kExpires: return TakeExpires(member);
      case ItemField::kContent:
      case ItemField::kChecksum: return false;
    }
    return false;
  }

  static bool TakeText(const FrontMember& member, std::string& out) {
    auto text = Text(member);
    if (!text) return false;
    out = std::move(*text);
    return true;
  }

  static bool TakeTime(const FrontMember& member, std::int64_t& out) {
    const auto time = Time(member);
    if (time) out = *time;
    return time.has_value();
  }

  bool TakeExpires(const FrontMember& member) {
    item_.expires = Time(member);
    return item_.expires.has_value();
  }

  bool TakeVersion(const FrontMember& member) {
    const auto version = Integer(member.json);
    if (!version || *version < 0) return false;
    item_.version = *version;
    return true;
  }

  // Elements that are no strings (`[2024, true]`) are meant as texts.
  bool TakeTags(const FrontMember& member) {
    if (const auto text = Text(member)) {
      item_.tags = CleanTags(SplitTags(*text));
      return true;
    }
    const auto elements = JsonElements(member.json);
    if (!elements) return false;
    std::vector<std::string> tags;
    for (const std::string& element : *elements) {
      if (element.starts_with('[') || element.starts_with('{')) return false;
      if (element != "null") tags.push_back(JsonText(element).value_or(element));
    }
    if (!own_) {
      tags = CleanTags(tags);
    } else if (auto sorted = tags; std::ranges::sort(sorted), std::ranges::adjacent_find(sorted) != sorted.end()) {
      return false;
    }
    item_.tags = std::move(tags);
    return true;
  }

  // A text holds an object as it was written; an object was written member by member, by hand or in a JSON head.
  bool TakeMetadata(const FrontMember& member) {
    const auto text = Text(member);
    const std::string& json = text ? *text : member.json;
    if (!JsonMembers(json)) return false;
    item_.metadata = json;
    return true;
  }

  bool TakeEmbedding(const FrontMember& member) {
    const auto text = Text(member);
    if (!text) return TakeThroughJson(member);
    auto embedding = ParseEmbeddingText(*text);
    if (embedding) item_.embedding = std::move(*embedding);
    return embedding.has_value();
  }

  bool TakeThroughJson(const FrontMember& member) {
    auto parsed = ParseItem("{\"" + member.key + "\":" + member.json + "}");
    if (!parsed) return false;
    item_.embedding = member.key == "embedding" ? std::move(parsed->item.embedding) : std::move(item_.embedding);
    item_.vector_clock = member.key == "vectorClock" ? std::move(parsed->item.vector_clock) : std::move(item_.vector_clock);
    return true;
  }

  // Members beside a `metadata` join it; of two of one name that which stands by itself counts.
  void MergeMetadata() {
    std::vector<JsonMember> members;
    std::vector<JsonMember> before = JsonMembers(item_.metadata).value_or(std::vector<JsonMember>());
    for (JsonMember& member : before) {
      const auto same = [&](const JsonMember& other) { return other.key == member.key; };
      if (std::ranges::none_of(metadata_, same)) members.push_back(std::move(member));
    }
    members.insert(members.end(), metadata_.begin(), metadata_.end());
    item_.metadata = ObjectJson(members);
  }

  // What other tools call by another name. It stays in the metadata, so that it is written back.
  void TakeForeign(const FrontMembers& members) {
    const auto named = [&](std::string_view key) -> const FrontMember* {
      const auto found = std::ranges::find(members, key, &FrontMember::key);
      return found == members.end() || found->json == "null" ? nullptr : &*found;
    };
    if (const auto* permalink = named("permalink"); permalink != nullptr && named("id") == nullptr) TakeText(*permalink, item_.id);
    if (const auto* type = named("type"); type != nullptr && named("category") == nullptr) TakeText(*type, item_.category);
    if (const auto* date = named("date"); date != nullptr && named("created") == nullptr) TakeTime(*date, item_.created);
    if (const auto* modified = named("modified"); modified != nullptr && named("updated") == nullptr) {
      TakeTime(*modified, item_.updated);
    }
  }

  Item& item_;
  bool own_;
  std::vector<JsonMember> metadata_;
};

bool IsOwn(const FrontMembers& members) {
  const auto has = [&](std::string_view key) { return std::ranges::find(members, key, &FrontMember::key) != members.end(); };
  return has("id") && has("version") && has("created") && has("updated");
}

}  // namespace

Result<ReadFile> ReadItemFile(std::string_view file, const FileDefaults& defaults) {
  const SplitFile split = SplitFront(file);
  LEVEE_ASSIGN(const FrontMembers members, ReadFront(split));
  ReadFile read;
  read.own = IsOwn(members);
  read.has_head = split.format != FrontMatterFormat::kNone;
  read.item.id = defaults.id;
  read.item.name_space = defaults.name_space;
  read.item.category = defaults.category;
  read.item.created = defaults.created;
  read.item.updated = defaults.updated;
  LEVEE_RETURN_IF_ERROR(HeadReader(read.item, read.own).Read(members));
  read.item.content = WithoutTableOfContents(split.body);
  if (!read.own) {
    for (std::string& tag : InlineTags(read.item.content)) {
      if (std::ranges::find(read.item.tags, tag) == read.item.tags.end()) read.item.tags.push_back(std::move(tag));
    }
  }
  read.item.checksum = ChecksumOf(read.item.content);
  return read;
}

}  // namespace levee::memory
