#include "memory/model/item_checks.h"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "memory/model/errors.h"

namespace levee::memory {
namespace {

std::string NameOf(const Item& item) {
  constexpr std::size_t kShown = 64;
  if (item.id.empty()) return "item";
  const bool shown = item.id.size() <= kShown && simdjson::validate_utf8(item.id.data(), item.id.size());
  return shown ? "item " + item.id : "item";
}

// Where the first byte is that no UTF-8 has there.
std::size_t WrongByte(std::string_view text) {
  std::size_t low = 0, high = text.size();
  // A prefix up to a byte before a lead byte is valid as long as all before it is.
  while (low + 4 < high) {
    std::size_t middle = low + (high - low) / 2;
    while (middle > low && (static_cast<unsigned char>(text[middle]) & 0xc0) == 0x80) --middle;
    if (middle == low) break;
    if (simdjson::validate_utf8(text.data() + low, middle - low)) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

Status CheckText(const std::string& item, const char* member, std::string_view text, std::size_t bytes_max) {
  const std::string name(member);
  if (text.size() > bytes_max) {
    return InvalidItem(item, name + " has " + std::to_string(text.size()) + " bytes, at most " + std::to_string(bytes_max) +
                                 " are taken");
  }
  if (!simdjson::validate_utf8(text.data(), text.size())) {
    return InvalidItem(item, name + " is no UTF-8 from byte " + std::to_string(WrongByte(text)) + " on");
  }
  return {};
}

Status CheckShort(const std::string& item, const char* member, std::string_view text, std::size_t bytes_max = kNameBytesMax) {
  LEVEE_RETURN_IF_ERROR(CheckText(item, member, text, bytes_max));
  if (text.find('\0') == text.npos) return {};
  return InvalidItem(item, std::string(member) + " has a NUL in it");
}

Status CheckTags(const std::string& item, const std::vector<std::string>& tags) {
  if (tags.size() > kTagsMax) {
    return InvalidItem(item, "it has " + std::to_string(tags.size()) + " tags, at most " + std::to_string(kTagsMax) +
                                 " are taken");
  }
  for (const std::string& tag : tags) {
    if (tag.empty()) return InvalidItem(item, "a tag is empty");
    LEVEE_RETURN_IF_ERROR(CheckShort(item, "a tag", tag));
  }
  std::vector<std::string_view> sorted(tags.begin(), tags.end());
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice == sorted.end()) return {};
  return InvalidItem(item, "tag '" + std::string(*twice) + "' is there twice");
}

Status CheckMetadata(const std::string& item, const std::string& metadata) {
  if (metadata == "{}") return {};
  LEVEE_RETURN_IF_ERROR(CheckText(item, "metadata", metadata, kMetadataBytesMax));
  // One a thread: it keeps its memory from item to item.
  thread_local simdjson::dom::parser parser;
  const simdjson::padded_string padded(metadata);
  simdjson::dom::element element;
  if (parser.parse(padded).get(element) != simdjson::SUCCESS) return InvalidItem(item, "metadata is no JSON");
  if (!element.is_object()) return InvalidItem(item, "metadata is no JSON object", "for example {\"source\": \"crm\"}");
  return {};
}

}  // namespace

Status CheckItem(const Item& item, const ItemLimits& limits) {
  const std::string what = NameOf(item);
  LEVEE_RETURN_IF_ERROR(CheckShort(what, "id", item.id, kIdBytesMax));
  if (item.name_space.empty()) return InvalidItem(what, "namespace is empty", "leave it out for 'default'");
  LEVEE_RETURN_IF_ERROR(CheckShort(what, "namespace", item.name_space));
  if (item.category.empty()) return InvalidItem(what, "category is missing", "every item has one, for example 'note'");
  LEVEE_RETURN_IF_ERROR(CheckShort(what, "category", item.category));
  if (item.content.empty()) return InvalidItem(what, "content is missing", "every item has some");
  LEVEE_RETURN_IF_ERROR(CheckText(what, "content", item.content, limits.content_bytes_max));
  LEVEE_RETURN_IF_ERROR(CheckTags(what, item.tags));
  LEVEE_RETURN_IF_ERROR(CheckMetadata(what, item.metadata));
  LEVEE_RETURN_IF_ERROR(CheckShort(what, "embeddingModel", item.embedding_model));
  if (item.embedding.size() > kEmbeddingMax) {
    return InvalidItem(what, "embedding has " + std::to_string(item.embedding.size()) + " numbers, at most " +
                                 std::to_string(kEmbeddingMax) + " are taken");
  }
  if (!std::all_of(item.embedding.begin(), item.embedding.end(), [](float number) { return std::isfinite(number); })) {
    return InvalidItem(what, "embedding has a number that is infinite or none");
  }
  if (item.vector_clock.size() > kClockMax) {
    return InvalidItem(what, "vectorClock has more than " + std::to_string(kClockMax) + " replicas");
  }
  for (const auto& [replica, count] : item.vector_clock) {
    if (replica.empty()) return InvalidItem(what, "vectorClock has a replica without a name");
    LEVEE_RETURN_IF_ERROR(CheckShort(what, "a replica of vectorClock", replica));
  }
  return {};
}

Status CheckName(std::string_view member, std::string_view name) {
  if (name.empty()) return InvalidItem(std::string(member), "it is empty");
  return CheckShort(std::string(member), "it", name);
}

}  // namespace levee::memory
