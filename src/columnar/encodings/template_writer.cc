// `template`, encoding. Rows with the same sequence of token kinds share a shape; each token of a shape is a
// slot.
#include <algorithm>
#include <array>
#include <vector>

#include "columnar/encodings/makers.h"
#include "columnar/encodings/packed_integers.h"
#include "columnar/encodings/string_block.h"
#include "columnar/encodings/template_slots.h"
#include "columnar/encodings/template_tokens.h"
#include "columnar/encodings/text_table.h"

namespace levee::columnar {
namespace {

// The last one takes every row whose own shape finds no room.
constexpr std::size_t kShapesMax = 16;
constexpr std::uint64_t kTextShape = 1 << 2 | static_cast<std::uint64_t>(TokenKind::kText);

struct Shape {
  std::uint64_t kinds = 0;
  std::size_t rows = 0;
  std::vector<std::vector<std::string_view>> slots;  // by token, then by row of the shape
};

// How the numbers of a slot can be written so that their texts come back.
enum class NumberForm { kPadded, kUnpadded, kNone };

NumberForm FormOf(const std::vector<std::string_view>& numbers) {
  bool one_size = true;
  bool leading_zero = false;
  for (const std::string_view number : numbers) {
    one_size &= number.size() == numbers[0].size();
    leading_zero |= number.size() > 1 && number[0] == '0';
  }
  if (one_size) return NumberForm::kPadded;
  return leading_zero ? NumberForm::kNone : NumberForm::kUnpadded;
}

std::uint8_t HexValue(char digit) {
  return static_cast<std::uint8_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

class Encoder : public StringEncoder {
 public:
  void EncodeBlock(const StringSlice& values, ByteWriter& out) override {
    shape_count_ = 0;
    Tokens tokens;
    for (std::size_t row = 0; row < values.rows; ++row) {
      Tokenize(values[row], tokens);
      std::size_t index = FindShape(tokens.shape);
      if (index == kShapesMax) {
        tokens.texts[0] = values[row];
        index = kShapesMax - 1;
      }
      Shape& shape = shapes_[index];
      for (std::size_t slot = 0; slot < shape.slots.size(); ++slot)
        shape.slots[slot].push_back(tokens.texts[slot]);
      ++shape.rows;
      shape_ids_[row] = static_cast<std::int64_t>(index);
    }
    out.PutVarint(shape_count_);
    if (shape_count_ > 1) PutPackedIntegers(std::span(shape_ids_).first(values.rows), out);
    for (std::size_t i = 0; i < shape_count_; ++i) PutShape(shapes_[i], out);
  }

 private:
  // The shape's index, made when it is new; kShapesMax when there is no room but in the last one.
  std::size_t FindShape(std::uint64_t kinds) {
    for (std::size_t i = 0; i < shape_count_; ++i) {
      if (shapes_[i].kinds == kinds) return i;
    }
    const bool full = shape_count_ >= kShapesMax - 1;
    if (shape_count_ < kShapesMax) {
      Shape& shape = shapes_[shape_count_++];
      shape.kinds = full ? kTextShape : kinds;
      shape.rows = 0;
      std::size_t slots = 0;
      for (std::uint64_t rest = shape.kinds; rest > 1; rest >>= 2) ++slots;
      shape.slots.resize(slots);
      for (auto& slot : shape.slots) slot.clear();
    }
    return full ? kShapesMax : shape_count_ - 1;
  }

  void PutShape(const Shape& shape, ByteWriter& out) {
    out.PutVarint(shape.rows);
    out.PutVarint(shape.slots.size());
    for (std::size_t slot = 0; slot < shape.slots.size(); ++slot) {
      const std::size_t place = shape.slots.size() - 1 - slot;
      const auto kind = static_cast<TokenKind>((shape.kinds >> (2 * place)) & 3);
      if (kind == TokenKind::kUuid) {
        PutUuids(shape.slots[slot], out);
      } else if (kind == TokenKind::kNumber && FormOf(shape.slots[slot]) != NumberForm::kNone) {
        PutNumbers(shape.slots[slot], out);
      } else {
        PutTexts(shape.slots[slot], out);
      }
    }
  }

  void PutNumbers(const std::vector<std::string_view>& texts, ByteWriter& out) {
    std::array<std::int64_t, kBlockRows> numbers;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      std::int64_t number = 0;
      for (const char digit : texts[i]) number = number * 10 + (digit - '0');
      numbers[i] = number;
    }
    out.Put(SlotKind::kNumber);
    const bool padded = FormOf(texts) == NumberForm::kPadded;
    out.Put(static_cast<std::uint8_t>(padded ? texts[0].size() : 0));
    PutPackedIntegers(std::span(numbers).first(texts.size()), out);
  }

  void PutUuids(const std::vector<std::string_view>& texts, ByteWriter& out) {
    out.Put(SlotKind::kUuid);
    const std::size_t at = out.size();
    out.bytes().resize(at + texts.size() * kUuidBytes);
    std::uint8_t* to = out.bytes().data() + at;
    for (const std::string_view text : texts) {
      for (std::size_t i = 0; i < kUuidTextSize; i += 2) {
        if (text[i] == '-') ++i;
        *to++ = static_cast<std::uint8_t>(HexValue(text[i]) << 4 | HexValue(text[i + 1]));
      }
    }
  }

  void PutTexts(const std::vector<std::string_view>& texts, ByteWriter& out) {
    std::array<std::int64_t, kBlockRows> numbers;
    table_.Clear();
    for (std::size_t i = 0; i < texts.size(); ++i) numbers[i] = table_.CodeOf(texts[i]);
    const bool coded = table_.size() == 1 || table_.size() * 2 <= texts.size();
    const std::vector<std::string_view>& kept = coded ? table_.texts() : texts;
    out.Put(coded ? SlotKind::kCodedText : SlotKind::kOwnText);
    if (coded) {
      out.PutVarint(kept.size());
      PutPackedIntegers(std::span(numbers).first(texts.size()), out);
    }
    for (std::size_t i = 0; i < kept.size(); ++i) numbers[i] = static_cast<std::int64_t>(kept[i].size());
    PutPackedIntegers(std::span(numbers).first(kept.size()), out);
    for (const std::string_view text : kept) out.PutBytes(AsBytes(text));
  }

  std::array<Shape, kShapesMax> shapes_;
  std::size_t shape_count_ = 0;
  std::array<std::int64_t, kBlockRows> shape_ids_;
  TextTable table_;
};

}  // namespace

std::unique_ptr<StringEncoder> MakeTemplateEncoder(const StringSlice&) { return std::make_unique<Encoder>(); }

}  // namespace levee::columnar
