// The members that an item has as JSON, in the order in which they are written.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "levee/status.h"

namespace levee::memory {

enum class ItemField : std::uint8_t {
  kId, kNamespace, kCategory, kContent, kTags, kMetadata, kEmbedding, kEmbeddingModel,
  kVersion, kVectorClock, kCreated, kUpdated, kExpires, kChecksum,
};

inline constexpr std::array<std::string_view, 14> kItemFieldNames = {
    "id",      "namespace",   "category", "content", "tags",    "metadata", "embedding", "embeddingModel",
    "version", "vectorClock", "created",  "updated", "expires", "checksum"};

// A set of fields.
class ItemFields {
 public:
  // Every field; what an item has not is left out where it is written.
  static constexpr ItemFields All() { return ItemFields((1u << kItemFieldNames.size()) - 1, false); }
  // All but the embedding and its model, which are longer than the rest together.
  static constexpr ItemFields WithoutEmbedding() {
    return ItemFields(All().bits_ & ~(Bit(ItemField::kEmbedding) | Bit(ItemField::kEmbeddingModel)), false);
  }
  // "id,content": those, and what an item has not is null. VALIDATION_ERROR names what is no field.
  static Result<ItemFields> Parse(std::string_view names);

  constexpr bool Has(ItemField field) const { return (bits_ & Bit(field)) != 0; }
  // Whether they were asked for by name.
  constexpr bool by_name() const { return by_name_; }

 private:
  constexpr ItemFields(unsigned bits, bool by_name) : bits_(bits), by_name_(by_name) {}
  static constexpr unsigned Bit(ItemField field) { return 1u << static_cast<unsigned>(field); }

  unsigned bits_;
  bool by_name_;
};

}  // namespace levee::memory
