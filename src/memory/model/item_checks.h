// What makes an item one that the bank takes.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/status.h"
#include "levee/memory.h"

namespace levee::memory {

struct ItemLimits {
  std::size_t content_bytes_max = 16u << 20;
};

inline constexpr std::size_t kIdBytesMax = 512;
inline constexpr std::size_t kNameBytesMax = 255;      // namespaces, categories, tags, replicas, authors, models
inline constexpr std::size_t kTagsMax = 1'000;
inline constexpr std::size_t kMetadataBytesMax = 1u << 20;
inline constexpr std::size_t kEmbeddingMax = 65'536;   // numbers
inline constexpr std::size_t kClockMax = 1'000;        // replicas

// VALIDATION_ERROR, what = "item" or "item ID", that names the member and what is wrong with it: something required that is
// empty, too long, no UTF-8, with a NUL, a tag twice, metadata that is no JSON object, a number of an embedding that is
// none.
Status CheckItem(const Item& item, const ItemLimits& limits);

// Of a name that stands alone: a namespace in a query, an author.
Status CheckName(std::string_view member, std::string_view name);

}  // namespace levee::memory
