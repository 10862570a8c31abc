// Vector clocks, and what two changes that know nothing of each other come to.
#include <algorithm>

#include "tests/fakes/plain_bank/json.h"
#include "tests/fakes/plain_bank/plain_bank.h"

namespace levee::fakes {
namespace {

bool Covers(const VectorClock& wide, const VectorClock& narrow) {
  return std::ranges::all_of(narrow, [&](const auto& entry) {
    const auto found = wide.find(entry.first);
    return entry.second == 0 || (found != wide.end() && found->second >= entry.second);
  });
}

// The later one's members win; the earlier one's places stay.
std::string MergeMetadata(const std::string& earlier, const std::string& later) {
  const auto first = ParseJson(earlier), second = ParseJson(later);
  std::vector<std::pair<std::string, std::string>> members;
  for (const auto* document : {&*first, &*second}) {
    for (const auto& [key, value] : document->members) {
      const auto there = std::ranges::find(members, key, &std::pair<std::string, std::string>::first);
      if (there != members.end()) {
        there->second = value.written;
      } else {
        members.emplace_back(key, value.written);
      }
    }
  }
  std::string merged = "{";
  for (const auto& [key, value] : members) {
    if (merged.size() > 1) merged += ',';
    merged += '"';
    for (const char c : key) {
      if (c == '"' || c == '\\') merged += '\\';
      merged += c;
    }
    merged += "\":" + value;
  }
  return merged + "}";
}

}  // namespace

ClockOrder OrderOf(const VectorClock& left, const VectorClock& right) {
  const bool over = Covers(left, right), under = Covers(right, left);
  if (over) return under ? ClockOrder::kEqual : ClockOrder::kAfter;
  return under ? ClockOrder::kBefore : ClockOrder::kConcurrent;
}

std::string ClockText(const VectorClock& clock) {
  std::string text = "{";
  for (const auto& [replica, count] : clock) {
    if (text.size() > 1) text += ',';
    text += '"' + replica + "\":" + std::to_string(count);
  }
  return text + "}";
}

Item MergeItems(const Item& earlier, const Item& later) {
  Item merged = later;
  merged.tags = earlier.tags;
  for (const std::string& tag : later.tags) {
    if (std::ranges::find(merged.tags, tag) == merged.tags.end()) merged.tags.push_back(tag);
  }
  merged.metadata = MergeMetadata(earlier.metadata, later.metadata);
  return merged;
}

}  // namespace levee::fakes
