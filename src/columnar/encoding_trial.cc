#include "columnar/encoding_trial.h"

#include <bit>
#include <string>
#include <utility>

#include "base/check.h"
#include "columnar/column_writer.h"

namespace levee::columnar {
namespace {

bool SameValue(const ColumnVector& a, std::size_t i, const ColumnVector& b, std::size_t j) {
  if (a.IsValid(i) != b.IsValid(j)) return false;
  if (!a.IsValid(i)) return true;
  switch (a.physical) {
    case types::PhysicalType::kInt64: return a.ints[i] == b.ints[j];
    case types::PhysicalType::kDouble:  // by bits, so that -0.0 and NaN stay what they are
      return std::bit_cast<std::uint64_t>(a.doubles[i]) == std::bit_cast<std::uint64_t>(b.doubles[j]);
    case types::PhysicalType::kString: return a.strings[i] == b.strings[j];
  }
  return false;
}

Result<ColumnVector> DecodeChunks(const std::vector<EncodedChunk>& chunks, types::PhysicalType physical) {
  ColumnVector out;
  out.physical = physical;
  for (const EncodedChunk& chunk : chunks) {
    LEVEE_ASSIGN(ChunkReader reader, ChunkReader::Open(MemorySource(chunk.bytes)));
    LEVEE_RETURN_IF_ERROR(reader.DecodeAll(out));
  }
  return out;
}

}  // namespace

Result<std::vector<EncodingTrial>> TryEncodings(const ColumnVector& values, std::size_t first, std::size_t count,
                                                Clock& clock) {
  LEVEE_CHECK(count <= kSegmentRowsMax && first + count <= values.rows);
  std::vector<EncodingTrial> trials;
  if (count == 0) return trials;
  LEVEE_ASSIGN(const PreparedColumn column, PrepareColumn(values, first, count));
  const Encoding* const chosen = ChooseEncoder(column).encoding;
  for (const Encoding& encoding : Encodings()) {
    const std::int64_t start_ns = clock.MonotonicNanos();
    const auto encoder = MakeEncoder(encoding, column);
    if (!encoder) continue;
    const std::vector<EncodedChunk> chunks = WriteChunks(column, *encoder);
    const std::int64_t encoded_ns = clock.MonotonicNanos();
    LEVEE_ASSIGN(const ColumnVector decoded, DecodeChunks(chunks, values.physical));
    EncodingTrial trial{.encoding = encoding.name, .random_access = encoding.random_access,
                        .chosen = &encoding == chosen, .encode_ns = encoded_ns - start_ns,
                        .decode_ns = clock.MonotonicNanos() - encoded_ns};
    for (const EncodedChunk& chunk : chunks) trial.encoded_bytes += chunk.bytes.size();
    for (std::size_t row = 0; row < count; ++row) {
      if (SameValue(values, first + row, decoded, row)) continue;
      return Fail(ErrorCode::kInternal, "encoding " + std::string(encoding.name),
                  "row " + std::to_string(row) + " does not come back as it went in");
    }
    trials.push_back(trial);
  }
  return trials;
}

std::size_t PlainBytes(const ColumnVector& values, std::size_t first, std::size_t count) {
  if (values.physical != types::PhysicalType::kString) return count * 8;
  std::size_t bytes = count * sizeof(std::uint32_t);
  for (std::size_t row = first; row < first + count; ++row) bytes += values.strings[row].size();
  return bytes;
}

}  // namespace levee::columnar
