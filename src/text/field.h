// The parts of a document that words are looked for in.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace levee::text {

enum class Field : std::uint8_t { kContent, kTags, kCategory };
inline constexpr std::size_t kFields = 3;
inline constexpr std::array<Field, kFields> kAllFields = {Field::kContent, Field::kTags, Field::kCategory};
// "content", "tags", "category": as a query names them.
inline constexpr std::array<std::string_view, kFields> kFieldNames = {"content", "tags", "category"};

// A number of each field.
template <typename T>
using ByField = std::array<T, kFields>;

// The texts of a document, valid as long as whoever lends them says. A phrase does not reach from one tag into the next.
struct Document {
  std::string_view content;
  std::span<const std::string> tags;
  std::string_view category;
};

// What BM25 weighs a field with: 0, or a millionth to a million. A field of weight 0 is not indexed, and found by no word.
using FieldWeights = ByField<double>;
inline constexpr FieldWeights kDefaultWeights = {1, 0, 0};

}  // namespace levee::text
