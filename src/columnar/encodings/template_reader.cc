// `template`, decoding: puts rows together from the pieces of their shape.
#include <array>
#include <cstring>

#include "columnar/encodings/digits.h"
#include "columnar/encodings/makers.h"
#include "columnar/encodings/string_block.h"
#include "columnar/encodings/template_slots.h"
#include "columnar/encodings/template_tokens.h"

namespace levee::columnar {
namespace {

// Copies `size` bytes, most often in one go of kWriteSlack: both sides have room behind.
inline char* CopyOver(const char* from, std::size_t size, char* to) {
  std::memcpy(to, from, kWriteSlack);
  if (size > kWriteSlack) [[unlikely]]
    std::memcpy(to, from, size);
  return to + size;
}

inline char* WriteText(const TemplateBlock& block, const Piece& piece, std::size_t code, char* to) {
  const std::uint32_t* const offsets = block.text_offsets.data() + piece.begin + code;
  const std::size_t size = offsets[1] - offsets[0];
  if (piece.may_overread) return CopyOver(piece.texts + offsets[0], size, to);
  std::memcpy(to, piece.texts + offsets[0], size);
  return to + size;
}

// Writes row `rank` of a shape whose pieces are unpacked and checked.
inline char* WriteRow(const TemplateBlock& block, const TemplateShape& shape, std::size_t rank, char* to) {
  for (const Piece& piece : shape.pieces) {
    const auto value = [&] { return static_cast<std::uint64_t>(block.numbers[piece.unpacked + rank]); };
    switch (piece.kind) {
      case Piece::Kind::kConstant: to = CopyOver(block.constants.data() + piece.begin, piece.size, to); break;
      case Piece::Kind::kText: to = WriteText(block, piece, piece.own_text ? rank : value(), to); break;
      case Piece::Kind::kPadded: to = WritePadded(value(), piece.digits, to); break;
      case Piece::Kind::kUnpadded: to = WritePadded(value(), DigitCount(value()), to); break;
      case Piece::Kind::kUuid: to = WriteUuid(piece.uuids + rank * kUuidBytes, to); break;
    }
  }
  return to;
}

// The same for a single row of a block of which nothing was unpacked.
Status AppendRow(const TemplateBlock& block, const TemplateShape& shape, std::size_t rank, std::string& row) {
  row.clear();
  for (const Piece& piece : shape.pieces) {
    char text[kUuidTextSize + kWriteSlack];
    switch (piece.kind) {
      case Piece::Kind::kConstant: row.append(block.constants, piece.begin, piece.size); break;
      case Piece::Kind::kText: {
        const std::size_t code = piece.own_text ? rank : static_cast<std::size_t>(piece.packed[rank]);
        if (code >= piece.size) return CorruptBlock("a code beyond its texts");
        const std::uint32_t* const offsets = block.text_offsets.data() + piece.begin + code;
        row.append(piece.texts + offsets[0], offsets[1] - offsets[0]);
        break;
      }
      case Piece::Kind::kPadded:
      case Piece::Kind::kUnpadded: {
        const auto number = static_cast<std::uint64_t>(piece.packed[rank]);
        const unsigned digits = DigitCount(number);
        if (piece.digits != 0 && digits > piece.digits) return CorruptBlock("a number with too many digits");
        row.append(text, WritePadded(number, piece.digits == 0 ? digits : piece.digits, text));
        break;
      }
      case Piece::Kind::kUuid: row.append(text, WriteUuid(piece.uuids + rank * kUuidBytes, text)); break;
    }
  }
  return {};
}

class Decoder : public StringDecoder {
 public:
  Status DecodeBlock(ByteSpan bytes, std::size_t block_rows, StringValues& out) const override {
    if (block_rows == 0) return {};
    LEVEE_ASSIGN(TemplateBlock block, TemplateBlock::Parse(bytes, block_rows));
    LEVEE_ASSIGN(const std::size_t size_max, block.UnpackPieces());
    if (size_max > kBlockTextBytesMax) return CorruptBlock("text beyond any block");

    std::array<std::int64_t, kBlockRows> shape_ids;
    if (block.shapes.size() > 1) LEVEE_RETURN_IF_ERROR(UnpackShapes(block, block_rows, shape_ids));
    const std::size_t text_begin = out.bytes.size();
    LEVEE_ASSIGN(char* const begin, GrowText(out, size_max + kWriteSlack));
    const std::size_t at = out.offsets.size();
    out.offsets.resize(at + block_rows);
    std::uint32_t* const ends = out.offsets.data() + at;
    char* to = begin;
    if (block.shapes.size() == 1) {
      for (std::size_t row = 0; row < block_rows; ++row) {
        to = WriteRow(block, block.shapes[0], row, to);
        ends[row] = static_cast<std::uint32_t>(text_begin + static_cast<std::size_t>(to - begin));
      }
    } else {
      std::array<std::size_t, kShapesLimit> ranks{};
      for (std::size_t row = 0; row < block_rows; ++row) {
        const auto shape = static_cast<std::size_t>(shape_ids[row]);
        to = WriteRow(block, block.shapes[shape], ranks[shape]++, to);
        ends[row] = static_cast<std::uint32_t>(text_begin + static_cast<std::size_t>(to - begin));
      }
    }
    out.bytes.resize(text_begin + static_cast<std::size_t>(to - begin));
    return {};
  }

  Status DecodeRows(ByteSpan bytes, std::size_t block_rows, std::span<const std::uint32_t> rows,
                    StringValues& out) const override {
    if (rows.empty()) return {};
    LEVEE_ASSIGN(const TemplateBlock block, TemplateBlock::Parse(bytes, block_rows));
    std::string text;
    if (block.shapes.size() == 1) {
      for (const std::uint32_t row : rows) {
        LEVEE_RETURN_IF_ERROR(AppendRow(block, block.shapes[0], row, text));
        out.PushBack(text);
      }
      return {};
    }
    std::array<std::int64_t, kBlockRows> shape_ids;
    LEVEE_RETURN_IF_ERROR(UnpackShapes(block, block_rows, shape_ids));
    std::array<std::size_t, kShapesLimit> ranks{};
    std::size_t row = 0;
    for (const std::uint32_t wanted : rows) {
      for (; row < wanted; ++row) ++ranks[static_cast<std::size_t>(shape_ids[row])];
      const auto shape = static_cast<std::size_t>(shape_ids[row]);
      LEVEE_RETURN_IF_ERROR(AppendRow(block, block.shapes[shape], ranks[shape], text));
      out.PushBack(text);
    }
    return {};
  }

 private:
  // Each row's shape; checks that each shape has the rows that it says.
  static Status UnpackShapes(const TemplateBlock& block, std::size_t rows,
                             std::array<std::int64_t, kBlockRows>& shape_ids) {
    block.shape_ids.Unpack(shape_ids.data());
    std::array<std::size_t, kShapesLimit> counts{};
    for (std::size_t row = 0; row < rows; ++row) {
      const auto shape = static_cast<std::uint64_t>(shape_ids[row]);
      if (shape >= block.shapes.size()) return CorruptBlock("a row without a shape");
      ++counts[shape];
    }
    for (std::size_t i = 0; i < block.shapes.size(); ++i) {
      if (counts[i] != block.shapes[i].rows) return CorruptBlock("shapes that do not add up");
    }
    return {};
  }
};

}  // namespace

Result<std::unique_ptr<StringDecoder>> MakeTemplateDecoder(ByteSpan) { return std::make_unique<Decoder>(); }

}  // namespace levee::columnar
