#include "memory/load/made_items.h"

#include <array>
#include <charconv>
#include <cmath>

namespace levee::memory {
namespace {

constexpr std::int64_t kCategories = 20, kTags = 200;
constexpr std::int64_t kFirstMoment = 1'700'000'000'000'000;  // 2023-11-14T22:13:20Z
constexpr std::int64_t kApart = 60'000'000;                   // a minute from one item to the next

// A share from 0 to below 1.
double ShareOf(std::uint64_t random) { return static_cast<double>(random >> 11) * 0x1p-53; }

std::string WordAt(std::uint64_t random) {
  const double share = ShareOf(random);
  return MadeWord(static_cast<std::uint64_t>(share * share * share * static_cast<double>(kVocabulary)));
}

// The number behind `prefix` at the front of `text`, which loses both; nothing: there is none.
std::optional<std::int64_t> TakeNumber(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + prefix.size(), end, number);
  if (error != std::errc()) return std::nullopt;
  text = std::string_view(rest, static_cast<std::size_t>(end - rest));
  return number;
}

std::string ContentOf(const MadeItems& kind, std::int64_t number, std::int64_t change) {
  std::string content = OwnWord(number) + " change" + std::to_string(change);
  std::uint64_t random = Scrambled(static_cast<std::uint64_t>(number) * 1'000'003 + static_cast<std::uint64_t>(change));
  while (static_cast<std::int64_t>(content.size()) < kind.content_bytes) {
    random = Scrambled(random);
    content += ' ' + WordAt(random);
  }
  return content;
}

}  // namespace

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t Scrambled(std::uint64_t seed) {
  std::uint64_t mixed = seed + 0x9e3779b97f4a7c15;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

std::string MadeWord(std::uint64_t rank) {
  static constexpr std::array<std::string_view, 16> kSyllables{"ba", "de", "ki", "lo", "mu", "ra", "se", "ti",
                                                               "vo", "na", "pe", "go", "fu", "zi", "ha", "ry"};
  // Spread over all lengths, so that rare words are no longer than frequent ones.
  std::uint64_t code = Scrambled(rank) >> 44;
  std::string word;
  for (int syllable = 0; syllable < 4; ++syllable, code /= kSyllables.size()) word += kSyllables[code % kSyllables.size()];
  return word;
}

std::string OwnWord(std::int64_t number) { return "own" + std::to_string(number); }
std::string MadeId(const MadeItems& kind, std::int64_t number) { return kind.name_space + "-" + std::to_string(number); }
std::string MadeCategory(std::int64_t number) { return "category-" + std::to_string(number % kCategories); }
std::string MadeTag(std::int64_t number) { return "tag-" + std::to_string(number * 7 % kTags); }

Item MakeItem(const MadeItems& kind, std::int64_t number, std::int64_t change) {
  Item item{.id = MadeId(kind, number), .name_space = kind.name_space, .category = MadeCategory(number),
            .content = ContentOf(kind, number, change), .tags = {MadeTag(number), "made"}};
  item.metadata = "{\"number\":" + std::to_string(number) + ",\"part\":" + std::to_string(number % 10) + "}";
  item.created = kFirstMoment + number * kApart;
  item.updated = item.created + change;
  return item;
}

std::optional<std::string> WhatIsWrong(const MadeItems& kind, const Item& item) {
  std::string_view content = item.content;
  const auto number = TakeNumber(content, "own");
  const auto change = TakeNumber(content, " change");
  if (!number || !change) return "the content of " + item.id + " does not begin with its number and change";
  const Item made = MakeItem(kind, *number, *change);
  if (item.id != made.id) return "the content of " + item.id + " is that of " + made.id;
  if (item.content != made.content) return "the content of " + item.id + " is not what was written";
  if (item.category != made.category || item.tags != made.tags || item.name_space != made.name_space ||
      item.metadata != made.metadata) {
    return "category, tags, namespace or metadata of " + item.id + " are not what was written";
  }
  return std::nullopt;
}

}  // namespace levee::memory
