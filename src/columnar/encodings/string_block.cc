#include "columnar/encodings/string_block.h"

#include <limits>

#include "columnar/encodings/packed_integers.h"

namespace levee::columnar {

void PutLengths(const StringSlice& values, ByteWriter& out) {
  std::array<std::int64_t, kBlockRows> lengths;
  for (std::size_t i = 0; i < values.rows; ++i) lengths[i] = values.offsets[i + 1] - values.offsets[i];
  PutPackedIntegers(std::span(lengths).first(values.rows), out);
}

Status ReadLengths(ByteReader& reader, std::size_t rows, BlockLengths& out) {
  if (rows > kBlockRows) return CorruptBlock("a block with too many rows");
  const auto packed = PackedIntegers::Parse(reader, rows);
  if (!packed) return CorruptBlock("lengths that are cut short");
  packed->Unpack(out.lengths.data());
  std::uint64_t total = 0;
  std::uint64_t any = 0;  // the bits that some length has
  for (std::size_t i = 0; i < rows; ++i) {
    total += static_cast<std::uint64_t>(out.lengths[i]);
    any |= static_cast<std::uint64_t>(out.lengths[i]);
  }
  if ((any >> 32) != 0 || total > kBlockTextBytesMax) return CorruptBlock("lengths beyond any block");
  out.total = total;
  return {};
}

Result<char*> GrowText(StringValues& out, std::size_t size) {
  const std::size_t at = out.bytes.size();
  if (at + size > std::numeric_limits<std::uint32_t>::max()) {
    return Fail(ErrorCode::kResourceExhausted, "column", "more than 4 GB of text in one batch",
                "ask for fewer rows at a time");
  }
  // The argument of the operation may be the capacity instead of the size (libstdc++ 12).
  out.bytes.resize_and_overwrite(at + size, [grown = at + size](char*, std::size_t) { return grown; });
  return out.bytes.data() + at;
}

void AppendOffsets(std::span<const std::int64_t> lengths, StringValues& out) {
  const std::size_t at = out.offsets.size();
  out.offsets.resize(at + lengths.size());
  std::uint32_t end = out.offsets[at - 1];
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    end += static_cast<std::uint32_t>(lengths[i]);
    out.offsets[at + i] = end;
  }
}

}  // namespace levee::columnar
