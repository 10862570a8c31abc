// `template`, decoding: a block's shapes as lists of pieces that rows are put together from.
//
// Block: varint number of shapes; if more than one, the packed shape index of each row; then each
// shape: varint rows, varint slots, and each slot: kind (1 byte) and
//   kCodedText: varint n, packed codes of the rows, packed lengths of n texts, their bytes
//   kOwnText:   packed lengths of the rows' texts, their bytes
//   kNumber:    digits (1 byte; 0: no leading zeros), packed numbers of the rows
//   kUuid:      16 bytes a row
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "columnar/encodings/packed_integers.h"
#include "columnar/segment.h"

namespace levee::columnar {

// The most shapes that a block may have.
inline constexpr std::size_t kShapesLimit = 64;

enum class SlotKind : std::uint8_t { kCodedText = 1, kOwnText = 2, kNumber = 3, kUuid = 4 };

// A part of each row of a shape. Constant slots that touch are one piece.
struct Piece {
  enum class Kind : std::uint8_t { kConstant, kText, kPadded, kUnpadded, kUuid };
  Kind kind = Kind::kConstant;
  bool own_text = false;                // kText: the code is the row's rank in its shape
  bool may_overread = false;            // kText: kWriteSlack bytes follow each text
  std::uint8_t digits = 0;              // kPadded
  std::uint32_t begin = 0;              // kConstant: place in `constants`; kText: place in `text_offsets`
  std::uint32_t size = 0;               // kConstant: bytes; kText: number of texts
  const char* texts = nullptr;          // kText
  const std::uint8_t* uuids = nullptr;  // kUuid
  PackedIntegers packed;                // kText (codes), numbers
  std::size_t unpacked = 0;             // place of the unpacked codes or numbers in `numbers`
};

struct TemplateShape {
  std::size_t rows = 0;
  std::vector<Piece> pieces;
};

// A parsed block; refers to the block's bytes.
struct TemplateBlock {
  std::vector<TemplateShape> shapes;
  PackedIntegers shape_ids;                 // when there is more than one shape
  std::string constants;                    // followed by kWriteSlack bytes
  std::vector<std::uint32_t> text_offsets;  // of kText pieces, n + 1 for each
  std::vector<std::int64_t> numbers;        // filled by UnpackPieces

  static Result<TemplateBlock> Parse(ByteSpan bytes, std::size_t rows);

  // Unpacks the codes and numbers of every row, checks them, and gives the bytes that all rows take at most.
  Result<std::size_t> UnpackPieces();
};

}  // namespace levee::columnar
