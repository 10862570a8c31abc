#include "text/stored/position_list.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "text/stored/block_codec.h"

namespace levee::text {
namespace {

void PutGroup(std::span<const std::uint32_t> values, ByteWriter& out) {
  std::uint32_t all = 0;
  for (const std::uint32_t value : values) all |= value;
  const auto width = static_cast<unsigned>(std::bit_width(all));
  out.Put(static_cast<std::uint8_t>(width));
  PutPacked(values.data(), values.size(), width, out);
}

// The gaps of a block's positions, group by group.
void PutGaps(std::span<const std::uint32_t> counts, const std::uint32_t* positions, ByteWriter& out) {
  std::uint32_t group[kBlock];
  std::size_t filled = 0;
  for (const std::uint32_t count : counts) {
    std::uint32_t next = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      group[filled++] = *positions - next;
      next = *positions++ + 1;
      if (filled == kBlock) {
        PutGroup(group, out);
        filled = 0;
      }
    }
  }
  if (filled > 0) PutGroup({group, filled}, out);
}

// `out` has room for all groups, whole.
bool ReadGaps(ByteSpan bytes, std::uint64_t count, std::uint32_t* out) {
  while (count > 0) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(count, kBlock));
    if (bytes.empty() || bytes[0] > 32 || bytes.size() < 1 + PackedBytes(size, bytes[0])) return false;
    ReadPacked(bytes.data() + 1, size, bytes[0], out);
    bytes = bytes.subspan(1 + PackedBytes(size, bytes[0]));
    out += size;
    count -= size;
  }
  return true;
}

}  // namespace

void EncodePositions(std::span<const std::uint32_t> counts, std::span<const std::uint32_t> positions, ByteWriter& out) {
  if (counts.size() <= kBlock) return PutGaps(counts, positions.data(), out);
  ByteWriter blocks;
  const std::uint32_t* at = positions.data();
  for (std::size_t first = 0; first < counts.size(); first += kBlock) {
    const auto block = counts.subspan(first, std::min<std::size_t>(kBlock, counts.size() - first));
    const std::size_t before = blocks.size();
    PutGaps(block, at, blocks);
    out.PutVarint(blocks.size() - before);
    at += std::accumulate(block.begin(), block.end(), std::uint64_t{0});
  }
  out.PutBytes(blocks.bytes());
}

bool DecodePositions(ByteSpan bytes, std::span<const std::uint32_t> counts, std::span<const std::uint32_t> wanted,
                     std::vector<std::uint32_t>& out) {
  const std::size_t blocks = (counts.size() + kBlock - 1) / kBlock;
  ByteReader reader(bytes);
  std::vector<std::uint64_t> sizes(blocks, bytes.size());
  if (blocks > 1) {
    for (std::uint64_t& size : sizes) size = reader.GetVarint();
  }
  std::vector<std::uint32_t> gaps;
  auto next = wanted.begin();
  for (std::size_t block = 0; block < blocks && next != wanted.end(); ++block) {
    const std::size_t first = block * kBlock, end = std::min(first + kBlock, counts.size());
    const ByteSpan groups = reader.GetBytes(sizes[block]);
    if (!reader.ok()) return false;
    if (*next >= end) continue;
    const std::uint64_t values = std::accumulate(counts.begin() + static_cast<std::ptrdiff_t>(first),
                                                 counts.begin() + static_cast<std::ptrdiff_t>(end), std::uint64_t{0});
    // A group has a byte at least, so that counts which are wrong cannot ask for memory without end.
    if (values > groups.size() * kBlock) return false;
    gaps.resize(values);
    if (!ReadGaps(groups, values, gaps.data())) return false;
    const std::uint32_t* at = gaps.data();
    for (std::size_t posting = first; posting < end && next != wanted.end(); ++posting) {
      if (posting == *next) {
        std::uint32_t position = 0;
        for (std::uint32_t i = 0; i < counts[posting]; ++i) {
          position += at[i];
          out.push_back(position++);
        }
        ++next;
      }
      at += counts[posting];
    }
  }
  return next == wanted.end();
}

}  // namespace levee::text
