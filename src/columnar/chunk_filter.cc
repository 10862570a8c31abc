// Rows of a block that a scan keeps, found without decoding the block where its encoding allows that.
#include <algorithm>
#include <array>
#include <variant>

#include "columnar/block_view.h"
#include "columnar/encodings/double_mapping.h"
#include "columnar/encodings/encoding.h"
#include "columnar/segment.h"

namespace levee::columnar {
namespace {

// What the limits are among integers.
RangeFilter OfIntegers(const Limits& limits) {
  RangeFilter filter;
  if (limits.least) filter.keep.low = std::get<std::int64_t>(*limits.least);
  if (limits.most) filter.keep.high = std::get<std::int64_t>(*limits.most);
  return filter;
}

RangeFilter OfDoubles(const Limits& limits, DoubleMapping mapping) {
  RangeFilter filter{.keep = NumbersOf(mapping), .comparable = NumbersOf(mapping)};
  if (limits.least) filter.keep.low = AtLeast(mapping, std::get<double>(*limits.least)).low;
  if (limits.most) filter.keep.high = AtMost(mapping, std::get<double>(*limits.most)).high;
  // A side that nothing satisfies is an empty range, of which the bound may look like any other.
  if (limits.least && AtLeast(mapping, std::get<double>(*limits.least)).empty()) filter.keep = {1, 0};
  if (limits.most && AtMost(mapping, std::get<double>(*limits.most)).empty()) filter.keep = {1, 0};
  return filter;
}

bool IsKept(const RangeFilter& filter, std::int64_t value) {
  return filter.keep.Has(value) || !filter.comparable.Has(value);
}

// Takes the rows without a value back in, and notes the others as known.
void RestoreNulls(const BlockView& view, const Validity& before, const KeptRows& rows) {
  for (std::size_t word = 0; word < rows.kept.size(); ++word) {
    if (view.nulls == BlockNulls::kSome) {
      rows.kept[word] |= before[word] & ~view.validity[word];
      rows.unknown[word] &= ~view.validity[word];
    } else {
      rows.unknown[word] = 0;
    }
  }
}

}  // namespace

RangeFilter ChunkReader::FilterOf(const Limits& limits) const {
  return physical_ == types::PhysicalType::kDouble ? OfDoubles(limits, double_mapping_) : OfIntegers(limits);
}

// `narrow(values, count)` takes rows out by what stands for their values; those without one stay.
template <typename Narrow>
Status ChunkReader::KeepOfBlock(std::size_t block, const KeptRows& rows, Narrow&& narrow) {
  LEVEE_ASSIGN(const ByteSpan bytes, ReadBlock(block));
  const std::size_t count = BlockSize(block);
  LEVEE_ASSIGN(const BlockView view, ParseBlock(bytes, count));
  if (view.nulls == BlockNulls::kAll) return {};
  Validity before{};
  if (view.nulls == BlockNulls::kSome) std::copy(rows.kept.begin(), rows.kept.end(), before.begin());
  LEVEE_RETURN_IF_ERROR(narrow(view.values, count));
  RestoreNulls(view, before, rows);
  return {};
}

Status ChunkReader::KeepWithin(std::size_t block, const RangeFilter& filter, const KeptRows& rows) {
  if (integer_decoder_ == nullptr) return CorruptBlock("of another type than expected");
  return KeepOfBlock(block, rows, [&](ByteSpan stored, std::size_t count) -> Status {
    LEVEE_ASSIGN(const bool narrowed, integer_decoder_->KeepWithin(stored, count, filter, rows.kept));
    if (narrowed) return {};
    std::array<std::int64_t, kBlockRows> values;
    LEVEE_RETURN_IF_ERROR(integer_decoder_->DecodeBlock(stored, std::span(values).first(count)));
    for (std::size_t row = 0; row < count; ++row) {
      rows.kept[row / 64] &= ~(std::uint64_t{!IsKept(filter, values[row])} << (row % 64));
    }
    return {};
  });
}

bool ChunkReader::AppendDictionary(ColumnVector& out) const {
  if (string_decoder_ == nullptr || !string_decoder_->AppendDictionary(out.strings)) return false;
  out.rows = out.strings.size();
  return true;
}

Status ChunkReader::KeepCodes(std::size_t block, const Bitmap& kept_codes, const KeptRows& rows) {
  if (string_decoder_ == nullptr) return CorruptBlock("of another type than expected");
  return KeepOfBlock(block, rows, [&](ByteSpan stored, std::size_t count) -> Status {
    std::array<std::int64_t, kBlockRows> codes;
    LEVEE_RETURN_IF_ERROR(string_decoder_->DecodeCodes(stored, std::span(codes).first(count)));
    for (std::size_t row = 0; row < count; ++row) {
      const bool kept = kept_codes.Get(static_cast<std::size_t>(codes[row]));
      rows.kept[row / 64] &= ~(std::uint64_t{!kept} << (row % 64));
    }
    return {};
  });
}

}  // namespace levee::columnar
