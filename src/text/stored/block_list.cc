#include "text/stored/block_list.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace levee::text {
namespace {

constexpr unsigned kCountWidthMax = 32;
constexpr std::size_t kBlockBoundsMax = 4, kListBoundsMax = 7;
constexpr std::uint32_t kLengthMax = 0xffff;

std::unexpected<Error> Corrupt(std::string_view why) { return Fail(ErrorCode::kCorrupt, "posting list", why); }

unsigned WidthOf(std::uint32_t value) { return static_cast<unsigned>(std::bit_width(value)); }

struct BlockWidths {
  std::uint8_t rows, counts;
};

// Gaps between rows, less 1; the first from `base`, where the block may begin.
BlockWidths EncodeBlock(const PostingsView& postings, std::size_t first, std::uint32_t base, ByteWriter& out) {
  const std::size_t count = std::min<std::size_t>(kBlock, postings.rows.size() - first);
  std::uint32_t gaps[kBlock], counts[kBlock];
  std::uint32_t all_gaps = 0, all_counts = 0;
  for (std::size_t i = 0; i < count; ++i) {
    gaps[i] = postings.rows[first + i] - base;
    base = postings.rows[first + i] + 1;
    counts[i] = postings.counts[first + i] - 1;
    all_gaps |= gaps[i];
    all_counts |= counts[i];
  }
  const unsigned row_width = WidthOf(all_gaps), count_width = WidthOf(all_counts);
  PutPacked(gaps, count, row_width, out);
  PutPacked(counts, count, count_width, out);
  return {static_cast<std::uint8_t>(row_width), static_cast<std::uint8_t>(count_width)};
}

typedef std::uint16_t Lanes __attribute__((vector_size(16)));

// In place: gaps less 1 to rows; eight at a time, each sum of neighbours doubling its reach.
void SumGaps(std::uint32_t base, std::uint16_t* values) {
  Lanes last = Lanes{} + static_cast<std::uint16_t>(base - 1);
  for (std::uint32_t i = 0; i < kBlock; i += 8) {
    Lanes sum;
    std::memcpy(&sum, values + i, sizeof(sum));
    sum += 1;
    sum += __builtin_shufflevector(sum, Lanes{}, 8, 0, 1, 2, 3, 4, 5, 6);
    sum += __builtin_shufflevector(sum, Lanes{}, 8, 8, 0, 1, 2, 3, 4, 5);
    sum += __builtin_shufflevector(sum, Lanes{}, 8, 8, 8, 8, 0, 1, 2, 3);
    sum += last;
    std::memcpy(values + i, &sum, sizeof(sum));
    last = Lanes{} + sum[7];
  }
}

// Whether a block's rows ascend from `base` on: sums that ran over do not.
bool Ascend(std::uint32_t base, const std::uint16_t* rows) {
  const auto ascend = [&](std::uint32_t first) {
    Lanes left, right;
    std::memcpy(&left, rows + first, sizeof(left));
    std::memcpy(&right, rows + first + 1, sizeof(right));
    return left < right;
  };
  auto all = ascend(kBlock - 9);
  for (std::uint32_t i = 0; i + 8 < kBlock; i += 8) all &= ascend(i);
  int count = 0;
  for (int lane = 0; lane < 8; ++lane) count += all[lane] != 0 ? 1 : 0;
  return count == 8 && rows[0] >= base;
}

// Returns the last row; kNotAscending: the gaps lead beyond all rows.
constexpr std::uint32_t kNotAscending = ~std::uint32_t{0};
std::uint32_t DecodeRows(const std::uint8_t* packed, std::uint32_t count, unsigned width, std::uint32_t base,
                         std::uint16_t* out) {
  if (count == kBlock) {
    UnpackBlock(packed, width, out);
    SumGaps(base, out);
    return Ascend(base, out) ? out[kBlock - 1] : kNotAscending;
  }
  std::uint32_t gaps[kBlock];
  UnpackRun(packed, count, width, gaps);
  // At most 127 gaps of 16 bits: their sum cannot have wrapped, so that the last row vouches for all of them.
  std::uint32_t row = base;
  for (std::uint32_t i = 0; i < count; ++i) {
    row += gaps[i];
    out[i] = static_cast<std::uint16_t>(row++);
  }
  return row - 1;
}

void DecodeCounts(const std::uint8_t* packed, std::uint32_t count, unsigned width, std::uint32_t* out) {
  if (width == 0) {
    std::fill_n(out, count, 1U);
    return;
  }
  if (!IsInLanes(count, width)) {
    UnpackRun(packed, count, width, out);
    for (std::uint32_t i = 0; i < count; ++i) ++out[i];
    return;
  }
  std::uint16_t narrow[kBlock];
  UnpackBlock(packed, width, narrow);
  for (std::uint32_t i = 0; i < kBlock; ++i) out[i] = narrow[i] + 1U;
}

void PutBound(const PostingBound& bound, ByteWriter& out) {
  out.Put(static_cast<std::uint8_t>(std::min(bound.count, kCountUnknown)));
  out.Put(static_cast<std::uint16_t>(std::min(bound.length, kLengthMax)));
}

PostingBound GetBound(ByteReader& reader) {
  const auto count = reader.Get<std::uint8_t>();
  return {count, reader.Get<std::uint16_t>()};
}

}  // namespace

void BoundCollector::Add(std::uint32_t count, std::uint32_t length) {
  const std::uint32_t at = std::min(count, kCountUnknown);
  least_[at] = std::min(least_[at], length);
  most_ = std::max(most_, at);
}

std::vector<PostingBound> BoundCollector::Take(std::size_t limit) {
  // Most counts first: each one that is shorter than all before it stays.
  std::vector<PostingBound> best;
  for (std::uint32_t count = most_; count > 0; --count) {
    if (least_[count] < (best.empty() ? kNone : best.back().length)) best.push_back({count, least_[count]});
    least_[count] = kNone;
  }
  most_ = 0;
  // The neighbours that are closest become one that covers both.
  while (best.size() > limit) {
    std::size_t closest = 0;
    std::uint64_t least = ~std::uint64_t{0};
    for (std::size_t i = 0; i + 1 < best.size(); ++i) {
      const std::uint64_t cost = std::uint64_t{best[i].length - best[i + 1].length} * (best[i].count - best[i + 1].count);
      if (cost < least) {
        least = cost;
        closest = i;
      }
    }
    best[closest].length = best[closest + 1].length;
    best.erase(best.begin() + static_cast<std::ptrdiff_t>(closest) + 1);
  }
  return best;
}

void EncodeBlockList(const PostingsView& postings, ByteWriter& out) {
  ByteWriter heads, bounds, data;
  BoundCollector list_collector, block_collector;
  std::uint32_t base = 0;
  for (std::size_t first = 0; first < postings.rows.size(); first += kBlock) {
    const std::size_t count = std::min<std::size_t>(kBlock, postings.rows.size() - first);
    const BlockWidths widths = EncodeBlock(postings, first, base, data);
    base = postings.rows[first + count - 1] + 1;
    for (std::size_t i = first; i < first + count; ++i) {
      list_collector.Add(postings.counts[i], postings.lengths[i]);
      block_collector.Add(postings.counts[i], postings.lengths[i]);
    }
    const std::vector<PostingBound> of_block = block_collector.Take(kBlockBoundsMax);
    for (const PostingBound& bound : of_block) PutBound(bound, bounds);
    heads.Put(static_cast<std::uint16_t>(base - 1));
    heads.Put(static_cast<std::uint8_t>(widths.rows | of_block.size() << 5));
    heads.Put(widths.counts);
  }
  const std::vector<PostingBound> of_list = list_collector.Take(kListBoundsMax);
  out.Put(static_cast<std::uint8_t>(of_list.size()));
  for (const PostingBound& bound : of_list) PutBound(bound, out);
  out.PutBytes(heads.bytes());
  out.PutBytes(bounds.bytes());
  out.PutBytes(data.bytes());
}

void EncodeSingleBlock(const PostingsView& postings, ByteWriter& out) {
  ByteWriter data;
  const BlockWidths widths = EncodeBlock(postings, 0, 0, data);
  out.Put(widths.rows);
  out.Put(widths.counts);
  out.PutBytes(data.bytes());
}

bool DecodeSingleBlock(ByteSpan bytes, std::uint32_t documents, std::uint32_t rows_end, std::uint32_t* rows,
                       std::uint32_t* counts) {
  if (bytes.size() < 2 || documents == 0 || documents > kBlock) return false;
  const unsigned row_width = bytes[0], count_width = bytes[1];
  if (row_width > kBlockWidthMax || count_width > kCountWidthMax) return false;
  const std::size_t row_bytes = PackedBytes(documents, row_width);
  if (bytes.size() < 2 + row_bytes + PackedBytes(documents, count_width)) return false;
  std::uint16_t narrow[kBlock];
  if (DecodeRows(bytes.data() + 2, documents, row_width, 0, narrow) >= rows_end) return false;
  std::copy_n(narrow, documents, rows);
  DecodeCounts(bytes.data() + 2 + row_bytes, documents, count_width, counts);
  return true;
}

Result<BlockList> BlockList::Parse(ByteSpan bytes, std::shared_ptr<const void> holder, std::uint32_t documents,
                                   std::uint32_t rows) {
  BlockList list;
  list.bytes_ = bytes;
  list.holder_ = std::move(holder);
  list.documents_ = documents;
  if (documents == 0 || documents > rows) return Corrupt("it has more postings than there are rows");
  const std::uint32_t blocks = (documents + kBlock - 1) / kBlock;
  ByteReader reader(bytes);
  list.list_bounds_ = reader.Get<std::uint8_t>();
  for (std::uint32_t i = 0; i < list.list_bounds_; ++i) list.bounds_.push_back(GetBound(reader));
  if (reader.remaining() < std::size_t{blocks} * 4) return Corrupt("it ends in its heads");
  list.blocks_.resize(blocks);
  std::uint32_t bounds = list.list_bounds_;
  for (Block& block : list.blocks_) {
    block.last_row = reader.Get<std::uint16_t>();
    const auto widths = reader.Get<std::uint8_t>();
    block.row_width = widths & 31;
    block.bounds_count = widths >> 5;
    block.count_width = reader.Get<std::uint8_t>();
    block.bounds_begin = bounds;
    bounds += block.bounds_count;
  }
  while (list.bounds_.size() < bounds && reader.ok()) list.bounds_.push_back(GetBound(reader));
  std::size_t at = reader.position();
  std::int64_t row = -1;
  for (std::uint32_t i = 0; i < blocks; ++i) {
    Block& block = list.blocks_[i];
    if (block.last_row <= row || block.last_row >= rows) return Corrupt("its rows do not ascend");
    row = block.last_row;
    if (block.row_width > kBlockWidthMax || block.count_width > kCountWidthMax || block.bounds_count == 0) {
      return Corrupt("a block's head is none");
    }
    block.begin = static_cast<std::uint32_t>(at);
    at += PackedBytes(list.size(i), block.row_width) + PackedBytes(list.size(i), block.count_width);
    if (!reader.ok() || at > bytes.size()) return Corrupt("it ends in a block");
  }
  if (list.list_bounds_ == 0) return Corrupt("it has no bounds");
  return list;
}

bool BlockList::ReadRows(std::uint32_t block, std::uint16_t* out) const {
  const Block& wanted = blocks_[block];
  const std::uint32_t base = block == 0 ? 0 : blocks_[block - 1].last_row + 1U;
  return DecodeRows(bytes_.data() + wanted.begin, size(block), wanted.row_width, base, out) == wanted.last_row;
}

void BlockList::ReadCounts(std::uint32_t block, std::uint32_t* out) const {
  const Block& wanted = blocks_[block];
  const std::size_t row_bytes = PackedBytes(size(block), wanted.row_width);
  DecodeCounts(bytes_.data() + wanted.begin + row_bytes, size(block), wanted.count_width, out);
}

}  // namespace levee::text
