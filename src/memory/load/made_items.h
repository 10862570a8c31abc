// Items that can be told right from wrong: all that one holds follows from two numbers, so that whoever reads it can check
// every byte without having kept it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "levee/memory.h"

namespace levee::memory {

struct MadeItems {
  std::string name_space = "bench";
  std::int64_t content_bytes = 1'000;  // about; words are not cut
};

// Number `number`, as it is at its change `change`. Words are spread as in texts: few are in most items, most are in few.
// Categories, tags and times follow from `number` alone, the content from both.
Item MakeItem(const MadeItems& kind, std::int64_t number, std::int64_t change);

// The word that this item's content has and no other's, at each of its changes.
std::string OwnWord(std::int64_t number);
std::string MadeId(const MadeItems& kind, std::int64_t number);
// "category-3": those that the item `number` has.
std::string MadeCategory(std::int64_t number);
std::string MadeTag(std::int64_t number);
// A word of the vocabulary; 0 is in nearly all items, the last in hardly any.
inline constexpr std::uint64_t kVocabulary = 20'000;
std::string MadeWord(std::uint64_t rank);

// What is wrong with an item that claims to have been made so; nothing: it is as it was made, byte for byte.
std::optional<std::string> WhatIsWrong(const MadeItems& kind, const Item& item);

// A number that looks random and follows from `seed`.
std::uint64_t Scrambled(std::uint64_t seed);

}  // namespace levee::memory
