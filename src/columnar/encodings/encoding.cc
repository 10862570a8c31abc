#include "columnar/encodings/encoding.h"

#include <vector>

#include "columnar/encodings/makers.h"

namespace levee::columnar {
namespace {

constexpr Encoding kEncodings[] = {
    {1, "plain", true, 0, MakePlainIntegerEncoder, MakePlainIntegerDecoder, MakePlainStringEncoder,
     MakePlainStringDecoder},
    {2, "for", true, 0, MakeFrameOfReferenceEncoder, MakeFrameOfReferenceDecoder, nullptr, nullptr},
    {3, "delta", false, 15, MakeDeltaEncoder, MakeDeltaDecoder, nullptr, nullptr},
    {4, "sparse", true, 10, MakeSparseEncoder, MakeSparseDecoder, nullptr, nullptr},
    {5, "dictionary", true, 10, MakeIntegerDictionaryEncoder, MakeIntegerDictionaryDecoder,
     MakeStringDictionaryEncoder, MakeStringDictionaryDecoder},
    {6, "template", true, 10, nullptr, nullptr, MakeTemplateEncoder, MakeTemplateDecoder},
    {7, "front", false, 25, nullptr, nullptr, MakeFrontEncoder, MakeFrontDecoder},
    {8, "zstd", false, 25, nullptr, nullptr, MakeZstdEncoder, MakeZstdDecoder},
    {9, "lz4", false, 25, nullptr, nullptr, MakeLz4Encoder, MakeLz4Decoder},
};

}  // namespace

std::span<const Encoding> Encodings() { return kEncodings; }

const Encoding* FindEncoding(std::uint8_t number) {
  for (const Encoding& encoding : kEncodings) {
    if (encoding.number == number) return &encoding;
  }
  return nullptr;
}

std::unexpected<Error> CorruptBlock(std::string_view why) {
  return Fail(ErrorCode::kCorrupt, "column chunk", std::string(why));
}

Status IntegerDecoder::DecodeRows(ByteSpan block, std::size_t block_rows, std::span<const std::uint32_t> rows,
                                  std::int64_t* out) const {
  std::vector<std::int64_t> values(block_rows);
  LEVEE_RETURN_IF_ERROR(DecodeBlock(block, values));
  for (std::size_t i = 0; i < rows.size(); ++i) out[i] = values[rows[i]];
  return {};
}

Status StringDecoder::DecodeRows(ByteSpan block, std::size_t block_rows, std::span<const std::uint32_t> rows,
                                 StringValues& out) const {
  StringValues values;
  LEVEE_RETURN_IF_ERROR(DecodeBlock(block, block_rows, values));
  for (const std::uint32_t row : rows) out.PushBack(values[row]);
  return {};
}

Status StringDecoder::DecodeCodes(ByteSpan, std::span<std::int64_t>) const {
  return Fail(ErrorCode::kInternal, "column chunk", "an encoding without a dictionary has no codes");
}

}  // namespace levee::columnar
