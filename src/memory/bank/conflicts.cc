#include "memory/bank/conflicts.h"

#include <simdjson.h>

#include <algorithm>
#include <vector>

#include "memory/model/errors.h"

namespace levee::memory {
namespace {

struct Member {
  std::string key, value;  // as they are written
};

// A document that CheckItem has seen. Values are not written anew: 1e2 stays 1e2.
Result<std::vector<Member>> MembersOf(const std::string& metadata) {
  std::vector<Member> members;
  const simdjson::padded_string padded(metadata);
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  simdjson::ondemand::object object;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS || document.get_object().get(object) != simdjson::SUCCESS) {
    return InvalidItem("item", "metadata is no JSON object");
  }
  for (auto field : object) {
    std::string_view key, value;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return InvalidItem("item", "metadata is no JSON object");
    Member& member = members.emplace_back(std::string(key), std::string());
    if (field.value().raw_json().get(value) != simdjson::SUCCESS) return InvalidItem("item", "metadata is no JSON object");
    member.value = value.substr(0, value.find_last_not_of(" \t\r\n") + 1);  // blanks behind it are counted in
  }
  return members;
}

std::string Quoted(const std::string& text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += {'\\', c};
    } else if (byte < 0x20) {
      quoted += {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace

std::string ClockText(const VectorClock& clock) {
  std::string text = "{";
  for (const auto& [replica, count] : clock) {
    if (text.size() > 1) text += ',';
    text += Quoted(replica) + ':' + std::to_string(count);
  }
  return text + '}';
}

VectorClock JoinClocks(const VectorClock& left, const VectorClock& right) {
  VectorClock joined = left;
  for (const auto& [replica, count] : right) {
    std::uint64_t& own = joined[replica];
    own = std::max(own, count);
  }
  return joined;
}

Result<Item> MergeItems(const Item& earlier, const Item& later) {
  Item merged = later;
  merged.tags = earlier.tags;
  for (const std::string& tag : later.tags) {
    if (std::find(merged.tags.begin(), merged.tags.end(), tag) == merged.tags.end()) merged.tags.push_back(tag);
  }
  LEVEE_ASSIGN(std::vector<Member> members, MembersOf(earlier.metadata));
  LEVEE_ASSIGN(std::vector<Member> newer, MembersOf(later.metadata));
  for (Member& member : newer) {
    const auto same = std::find_if(members.begin(), members.end(), [&](const Member& each) { return each.key == member.key; });
    if (same != members.end()) {
      same->value = std::move(member.value);
    } else {
      members.push_back(std::move(member));
    }
  }
  merged.metadata = "{";
  for (const Member& member : members) {
    if (merged.metadata.size() > 1) merged.metadata += ',';
    merged.metadata += Quoted(member.key) + ':' + member.value;
  }
  merged.metadata += '}';
  return merged;
}

}  // namespace levee::memory
