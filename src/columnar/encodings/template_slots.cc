#include "columnar/encodings/template_slots.h"

#include <algorithm>

#include "columnar/encodings/digits.h"
#include "columnar/encodings/string_block.h"
#include "columnar/encodings/template_tokens.h"

namespace levee::columnar {
namespace {

constexpr std::uint64_t kSlotsLimit = 64;
constexpr std::size_t kLongDigits = 19;

std::uint64_t PowerOfTen(unsigned exponent) {
  std::uint64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

// Parses the slots of one shape into pieces.
class ShapeParser {
 public:
  ShapeParser(ByteReader& reader, ByteSpan block, TemplateBlock& out, TemplateShape& shape)
      : reader_(reader), block_end_(block.data() + block.size()), out_(out), shape_(shape) {}

  Status ParseSlot() {
    const auto kind = reader_.Get<SlotKind>();
    switch (reader_.ok() ? kind : SlotKind{}) {
      case SlotKind::kCodedText: return ParseCodedText();
      case SlotKind::kOwnText: {
        Piece piece;
        piece.own_text = true;
        return ParseTexts(piece, shape_.rows);
      }
      case SlotKind::kNumber: return ParseNumber();
      case SlotKind::kUuid: {
        Piece piece;
        piece.kind = Piece::Kind::kUuid;
        piece.uuids = reader_.GetBytes(shape_.rows * kUuidBytes).data();
        if (!reader_.ok()) return CorruptBlock("UUIDs that are cut short");
        shape_.pieces.push_back(piece);
        return {};
      }
    }
    return CorruptBlock("an unknown kind of slot");
  }

 private:
  void AddConstant(std::string_view text) {
    if (shape_.pieces.empty() || shape_.pieces.back().kind != Piece::Kind::kConstant) {
      shape_.pieces.emplace_back().begin = static_cast<std::uint32_t>(out_.constants.size());
    }
    out_.constants.append(text);
    shape_.pieces.back().size += static_cast<std::uint32_t>(text.size());
  }

  Status ParseCodedText() {
    Piece piece;
    const std::uint64_t count = reader_.GetVarint();
    if (!reader_.ok() || count == 0 || count > kBlockRows) return CorruptBlock("a wrong number of texts");
    const auto codes = PackedIntegers::Parse(reader_, shape_.rows);
    if (!codes) return CorruptBlock("codes that are cut short");
    piece.packed = *codes;
    return ParseTexts(piece, count);
  }

  Status ParseTexts(Piece piece, std::size_t count) {
    BlockLengths lengths;
    LEVEE_RETURN_IF_ERROR(ReadLengths(reader_, count, lengths));
    const ByteSpan text = reader_.GetBytes(lengths.total);
    if (!reader_.ok()) return CorruptBlock("texts that are cut short");
    if (count == 1) {
      AddConstant(AsText(text));
      return {};
    }
    piece.kind = Piece::Kind::kText;
    piece.texts = reinterpret_cast<const char*>(text.data());
    piece.may_overread = block_end_ - (text.data() + text.size()) >= static_cast<std::ptrdiff_t>(kWriteSlack);
    piece.begin = static_cast<std::uint32_t>(out_.text_offsets.size());
    piece.size = static_cast<std::uint32_t>(count);
    std::uint32_t end = 0;
    out_.text_offsets.push_back(0);
    for (std::size_t i = 0; i < count; ++i) {
      out_.text_offsets.push_back(end += static_cast<std::uint32_t>(lengths.lengths[i]));
    }
    shape_.pieces.push_back(piece);
    return {};
  }

  Status ParseNumber() {
    Piece piece;
    piece.digits = reader_.Get<std::uint8_t>();
    const auto numbers = PackedIntegers::Parse(reader_, shape_.rows);
    if (!numbers || piece.digits > kNumberDigitsMax) return CorruptBlock("numbers that are cut short");
    piece.packed = *numbers;
    piece.kind = piece.digits == 0 ? Piece::Kind::kUnpadded : Piece::Kind::kPadded;
    if (!numbers->is_constant() || shape_.rows == 0) {
      shape_.pieces.push_back(piece);
      return {};
    }
    const auto number = static_cast<std::uint64_t>((*numbers)[0]);
    const unsigned digits = piece.digits == 0 ? DigitCount(number) : piece.digits;
    if (number >= PowerOfTen(digits)) return CorruptBlock("a number with too many digits");
    char text[kLongDigits + kWriteSlack];
    AddConstant({text, static_cast<std::size_t>(WritePadded(number, digits, text) - text)});
    return {};
  }

  ByteReader& reader_;
  const std::uint8_t* block_end_;
  TemplateBlock& out_;
  TemplateShape& shape_;
};

}  // namespace

Result<TemplateBlock> TemplateBlock::Parse(ByteSpan bytes, std::size_t rows) {
  TemplateBlock block;
  ByteReader reader(bytes);
  const std::uint64_t shapes = reader.GetVarint();
  if (!reader.ok() || shapes > kShapesLimit || rows > kBlockRows) return CorruptBlock("too many shapes");
  if (shapes > 1) {
    const auto ids = PackedIntegers::Parse(reader, rows);
    if (!ids) return CorruptBlock("shapes that are cut short");
    block.shape_ids = *ids;
  }
  std::size_t shape_rows = 0;
  for (std::uint64_t i = 0; i < shapes; ++i) {
    TemplateShape& shape = block.shapes.emplace_back();
    shape.rows = reader.GetVarint();
    const std::uint64_t slots = reader.GetVarint();
    if (!reader.ok() || shape.rows > rows || slots > kSlotsLimit)
      return CorruptBlock("a shape that is too large");
    shape_rows += shape.rows;
    ShapeParser parser(reader, bytes, block, shape);
    for (std::uint64_t slot = 0; slot < slots; ++slot) LEVEE_RETURN_IF_ERROR(parser.ParseSlot());
  }
  if (shape_rows != rows) return CorruptBlock("shapes that do not add up");
  block.constants.append(kWriteSlack, '\0');
  return block;
}

Result<std::size_t> TemplateBlock::UnpackPieces() {
  std::size_t unpacked = 0;
  for (TemplateShape& shape : shapes) {
    for (Piece& piece : shape.pieces) {
      if (piece.packed.count() == 0) continue;
      piece.unpacked = unpacked;
      unpacked += shape.rows;
    }
  }
  numbers.resize(unpacked);
  std::size_t total = 0;
  for (TemplateShape& shape : shapes) {
    for (Piece& piece : shape.pieces) {
      std::int64_t* const values = numbers.data() + piece.unpacked;
      std::uint64_t highest = 0;
      if (piece.packed.count() != 0) {
        piece.packed.Unpack(values);
        for (std::size_t i = 0; i < shape.rows; ++i)
          highest = std::max(highest, static_cast<std::uint64_t>(values[i]));
      }
      switch (piece.kind) {
        case Piece::Kind::kConstant: total += piece.size * shape.rows; break;
        case Piece::Kind::kUuid: total += kUuidTextSize * shape.rows; break;
        case Piece::Kind::kPadded:
          if (highest >= PowerOfTen(piece.digits)) return CorruptBlock("a number with too many digits");
          total += piece.digits * shape.rows;
          break;
        case Piece::Kind::kUnpadded:
          if (highest >= PowerOfTen(kLongDigits)) return CorruptBlock("a number with too many digits");
          total += DigitCount(highest) * shape.rows;
          break;
        case Piece::Kind::kText: {
          const std::uint32_t* const offsets = text_offsets.data() + piece.begin;
          if (piece.own_text) {
            total += offsets[piece.size];
            break;
          }
          if (highest >= piece.size) return CorruptBlock("a code beyond its texts");
          for (std::size_t i = 0; i < shape.rows; ++i) total += offsets[values[i] + 1] - offsets[values[i]];
          break;
        }
      }
    }
  }
  return total;
}

}  // namespace levee::columnar
