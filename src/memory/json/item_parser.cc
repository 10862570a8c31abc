#include "memory/json/item_parser.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <new>
#include <string>

#include "base/status.h"
#include "memory/json/item_fields.h"
#include "memory/model/errors.h"
#include "memory/model/times.h"

namespace levee::memory {
namespace {

using simdjson::ondemand::json_type;
using simdjson::ondemand::value;

// A parser that met a giant item would keep its buffers for good.
constexpr std::size_t kKeptBytes = 16u << 20;
constexpr std::string_view kExpectedVersion = "expectedVersion";

std::unexpected<Error> WrongMember(std::string_view member, std::string why) {
  return InvalidItem("member '" + std::string(member) + "'", std::move(why));
}

// Of simdjson's "TAPE_ERROR: The JSON document has an improper structure: missing ...": its first words.
std::unexpected<Error> NoJson(simdjson::error_code error) {
  if (error == simdjson::MEMALLOC) throw std::bad_alloc();
  if (error == simdjson::UTF8_ERROR) return InvalidItem("item", "its bytes are no valid UTF-8");
  std::string_view message = simdjson::error_message(error);
  if (const std::size_t code = message.find(": "); code != std::string_view::npos) message.remove_prefix(code + 2);
  return InvalidItem("item", "it is no valid JSON: " + std::string(message.substr(0, message.find(".  "))));
}

// Whether the error says that a value is of another type, rather than that the text is no JSON.
bool IsTypeError(simdjson::error_code error) {
  return error == simdjson::INCORRECT_TYPE || error == simdjson::NUMBER_OUT_OF_RANGE || error == simdjson::NUMBER_ERROR ||
         error == simdjson::BIGINT_ERROR;
}

std::unexpected<Error> WrongValue(std::string_view member, simdjson::error_code error, std::string_view wanted) {
  if (error == simdjson::STRING_ERROR) return WrongMember(member, "it has an escape that stands for no character");
  if (IsTypeError(error)) return WrongMember(member, "it must be " + std::string(wanted));
  return NoJson(error);
}

// The double is a float's neighbour or a float itself; where it lies in the very middle between two floats, the text decides.
float NearestFloat(double number, std::string_view token) {
  constexpr std::uint64_t kBelowFloat = (1ull << 29) - 1;
  auto nearest = static_cast<float>(number);
  if ((std::bit_cast<std::uint64_t>(number) & kBelowFloat) == 1ull << 28) {
    std::from_chars(token.data(), token.data() + token.size(), nearest);
  }
  return nearest;
}

class ItemReader {
 public:
  Result<ItemWrite> Read(std::string_view json) {
    Hold(json);
    simdjson::ondemand::document document;
    const simdjson::padded_string_view padded(text_.data(), json.size(), text_.size());
    if (const auto error = parser_.iterate(padded).get(document)) return NoJson(error);
    simdjson::ondemand::object object;
    if (const auto error = document.get_object().get(object)) {
      if (error == simdjson::INCORRECT_TYPE) return InvalidItem("item", "it is no JSON object");
      return NoJson(error);
    }
    write_ = {};
    seen_ = 0;
    for (auto field : object) {
      std::string_view name;
      if (const auto error = field.unescaped_key().get(name)) return NoJson(error);
      value member;
      if (const auto error = field.value().get(member)) return NoJson(error);
      LEVEE_RETURN_IF_ERROR(TakeMember(name, member));
    }
    if (!document.at_end()) return InvalidItem("item", "something follows the JSON object");
    return std::move(write_);
  }

  // Gives back what a giant item made it allocate.
  void Shrink() {
    if (text_.size() <= kKeptBytes) return;
    text_ = {};
    parser_ = simdjson::ondemand::parser();
    metadata_parser_ = simdjson::dom::parser();
  }

 private:
  // simdjson reads whole vectors, so beyond the end.
  void Hold(std::string_view json) {
    const std::size_t size = json.size() + simdjson::SIMDJSON_PADDING;
    if (text_.size() < size) text_.resize(std::max(size, text_.size() * 2));
    if (!json.empty()) std::memcpy(text_.data(), json.data(), json.size());
    std::memset(text_.data() + json.size(), ' ', simdjson::SIMDJSON_PADDING);
  }

  Status TakeMember(std::string_view name, value& member) {
    const auto known = std::ranges::find(kItemFieldNames, name);
    const auto index = static_cast<unsigned>(known - kItemFieldNames.begin());
    if (known == kItemFieldNames.end() && name != kExpectedVersion) return WrongMember(name, "an item has no such member");
    if ((seen_ & 1u << index) != 0) return WrongMember(name, "it is there twice");
    seen_ |= 1u << index;
    if (known == kItemFieldNames.end()) return TakeExpectedVersion(name, member);
    switch (static_cast<ItemField>(index)) {
      case ItemField::kId: return TakeTextOrNull(name, member, write_.item.id);
      case ItemField::kNamespace: return TakeText(name, member, write_.item.name_space);
      case ItemField::kCategory: return TakeText(name, member, write_.item.category);
      case ItemField::kContent: return TakeText(name, member, write_.item.content);
      case ItemField::kTags: return TakeTags(name, member);
      case ItemField::kMetadata: return TakeMetadata(name, member);
      case ItemField::kEmbedding: return TakeEmbedding(name, member);
      case ItemField::kEmbeddingModel: return TakeTextOrNull(name, member, write_.item.embedding_model);
      case ItemField::kVersion: return TakeVersion(name, member, write_.item.version);
      case ItemField::kVectorClock: return TakeClock(name, member);
      case ItemField::kCreated: return TakeTime(name, member, write_.item.created);
      case ItemField::kUpdated: return TakeTime(name, member, write_.item.updated);
      case ItemField::kExpires: return TakeExpires(name, member);
      case ItemField::kChecksum: return TakeText(name, member, write_.item.checksum);
    }
    return {};
  }

  Status TakeText(std::string_view name, value& member, std::string& out) {
    std::string_view text;
    if (const auto error = member.get_string().get(text)) return WrongValue(name, error, "a string");
    out.assign(text);
    return {};
  }

  Result<bool> IsNull(std::string_view name, value& member) {
    bool null = false;
    if (const auto error = member.is_null().get(null)) return WrongValue(name, error, "null or a value");
    return null;
  }

  Status TakeTextOrNull(std::string_view name, value& member, std::string& out) {
    LEVEE_ASSIGN(const bool null, IsNull(name, member));
    return null ? Status() : TakeText(name, member, out);
  }

  Status TakeVersion(std::string_view name, value& member, std::int64_t& out) {
    if (const auto error = member.get_int64().get(out)) return WrongValue(name, error, "a whole number");
    if (out < 0) return WrongMember(name, "it must be 0 or more");
    return {};
  }

  Status TakeExpectedVersion(std::string_view name, value& member) {
    LEVEE_ASSIGN(const bool null, IsNull(name, member));
    return null ? Status() : TakeVersion(name, member, write_.expected_version.emplace());
  }

  Status TakeTime(std::string_view name, value& member, std::int64_t& out) {
    constexpr std::string_view kWanted = "a time: RFC 3339, or whole microseconds since 1970";
    json_type type{};
    if (const auto error = member.type().get(type)) return WrongValue(name, error, kWanted);
    if (type != json_type::string) {
      if (const auto error = member.get_int64().get(out)) return WrongValue(name, error, kWanted);
      return {};
    }
    std::string_view text;
    if (const auto error = member.get_string().get(text)) return WrongValue(name, error, kWanted);
    const auto micros = ParseTime(text);
    if (!micros) return WrongMember(name, "'" + std::string(text) + "' must be " + std::string(kWanted));
    out = *micros;
    return {};
  }

  Status TakeExpires(std::string_view name, value& member) {
    LEVEE_ASSIGN(const bool null, IsNull(name, member));
    return null ? Status() : TakeTime(name, member, write_.item.expires.emplace());
  }

  Status TakeTags(std::string_view name, value& member) {
    constexpr std::string_view kWanted = "an array of strings";
    simdjson::ondemand::array array;
    if (const auto error = member.get_array().get(array)) return WrongValue(name, error, kWanted);
    for (auto element : array) {
      std::string_view tag;
      if (const auto error = element.get_string().get(tag)) return WrongValue(name, error, kWanted);
      write_.item.tags.emplace_back(tag);
    }
    return CheckTags(name);
  }

  Status CheckTags(std::string_view name) {
    std::vector<std::string_view> sorted(write_.item.tags.begin(), write_.item.tags.end());
    std::ranges::sort(sorted);
    const auto twice = std::ranges::adjacent_find(sorted);
    if (twice == sorted.end()) return {};
    return WrongMember(name, "the tag '" + std::string(*twice) + "' is there twice");
  }

  // The text as it stands was only looked over for its brackets so far: it is parsed to know that it is JSON.
  Status TakeMetadata(std::string_view name, value& member) {
    simdjson::ondemand::object object;
    if (const auto error = member.get_object().get(object)) return WrongValue(name, error, "an object");
    std::string_view raw;
    if (const auto error = object.raw_json().get(raw)) return NoJson(error);
    raw = raw.substr(0, raw.rfind('}') + 1);  // blanks after it are counted in
    simdjson::dom::element parsed;
    if (const auto error = metadata_parser_.parse(raw.data(), raw.size(), false).get(parsed)) {
      return IsTypeError(error) ? WrongMember(name, "it has a number that 64 bits do not hold") : NoJson(error);
    }
    write_.item.metadata.assign(raw);
    return {};
  }

  Status TakeEmbedding(std::string_view name, value& member) {
    constexpr std::string_view kWanted = "an array of numbers of 32 bits";
    LEVEE_ASSIGN(const bool null, IsNull(name, member));
    if (null) return {};
    simdjson::ondemand::array array;
    if (const auto error = member.get_array().get(array)) return WrongValue(name, error, kWanted);
    for (auto element : array) {
      value number_value;
      if (const auto error = element.get(number_value)) return WrongValue(name, error, kWanted);
      const std::string_view token = number_value.raw_json_token();
      double number = 0;
      if (const auto error = number_value.get_double().get(number)) return WrongValue(name, error, kWanted);
      const float nearest = NearestFloat(number, token);
      if (!std::isfinite(nearest)) return WrongMember(name, "it must be " + std::string(kWanted));
      write_.item.embedding.push_back(nearest);
    }
    return {};
  }

  Status TakeClock(std::string_view name, value& member) {
    constexpr std::string_view kWanted = "an object of whole numbers, replica by replica";
    simdjson::ondemand::object object;
    if (const auto error = member.get_object().get(object)) return WrongValue(name, error, kWanted);
    for (auto field : object) {
      std::string_view replica;
      if (const auto error = field.unescaped_key().get(replica)) return WrongValue(name, error, kWanted);
      std::string key(replica);  // the value's text overwrites nothing of it, but the parser promises that for strings alone
      std::uint64_t count = 0;
      if (const auto error = field.value().get_uint64().get(count)) return WrongValue(name, error, kWanted);
      if (!write_.item.vector_clock.emplace(key, count).second) {
        return WrongMember(name, "the replica '" + key + "' is there twice");
      }
    }
    return {};
  }

  simdjson::ondemand::parser parser_;
  simdjson::dom::parser metadata_parser_;
  std::string text_;  // the JSON and simdjson's padding
  ItemWrite write_;
  unsigned seen_ = 0;  // a bit for each member
};

}  // namespace

Result<ItemWrite> ParseItem(std::string_view json) {
  static thread_local ItemReader reader;
  auto read = reader.Read(json);
  reader.Shrink();
  return read;
}

}  // namespace levee::memory
