#include "delta/roaring_bitmap.h"

#include <bit>
#include <vector>

namespace levee::delta {
namespace {

constexpr std::uint32_t kCookieWithoutRuns = 12346;
constexpr std::uint32_t kCookieWithRuns = 12347;  // its lower half; the upper one is the number of containers - 1
constexpr std::uint32_t kOffsetsFrom = 4;         // containers, where there are runs
constexpr std::uint32_t kArrayMax = 4096;         // values; more are a bitset
constexpr std::uint32_t kContainersMax = 65536;
constexpr std::uint64_t kBitsetWords = 1024;

struct Container {
  std::uint64_t base = 0;
  std::uint32_t count = 0;  // of values
  bool is_runs = false;
};

bool ReadRuns(ByteReader& reader, const Container& container, DeletedRows& rows) {
  const auto runs = reader.Get<std::uint16_t>();
  std::uint64_t next = 0, count = 0;
  for (std::uint32_t i = 0; i < runs; ++i) {
    const std::uint64_t first = reader.Get<std::uint16_t>(), last = first + reader.Get<std::uint16_t>();
    if (!reader.ok() || first < next || last > 0xFFFF) return false;
    rows.Append(container.base + first, container.base + last);
    next = last + 1;
    count += last - first + 1;
  }
  return reader.ok() && count == container.count;
}

bool ReadArray(ByteReader& reader, const Container& container, DeletedRows& rows) {
  std::uint32_t next = 0;
  for (std::uint32_t i = 0; i < container.count; ++i) {
    const std::uint32_t value = reader.Get<std::uint16_t>();
    if (!reader.ok() || value < next) return false;
    rows.Append(container.base + value, container.base + value);
    next = value + 1;
  }
  return true;
}

bool ReadBitset(ByteReader& reader, const Container& container, DeletedRows& rows) {
  std::uint64_t count = 0;
  for (std::uint64_t word = 0; word < kBitsetWords; ++word) {
    auto bits = reader.Get<std::uint64_t>();
    count += static_cast<std::uint64_t>(std::popcount(bits));
    std::uint64_t at = container.base + word * 64;
    while (bits != 0) {
      const int skip = std::countr_zero(bits), run = std::countr_one(bits >> skip);
      rows.Append(at + skip, at + skip + run - 1);
      if (skip + run == 64) break;
      bits >>= skip + run;
      at += skip + run;
    }
  }
  return reader.ok() && count == container.count;
}

// Keys and counts of all containers, and which are runs.
bool ReadHeader(ByteReader& reader, std::uint64_t base, std::vector<Container>& containers) {
  const auto cookie = reader.Get<std::uint32_t>();
  const bool with_runs = (cookie & 0xFFFF) == kCookieWithRuns;
  if (!with_runs && cookie != kCookieWithoutRuns) return false;
  const std::uint32_t size = with_runs ? (cookie >> 16) + 1 : reader.Get<std::uint32_t>();
  if (!reader.ok() || size > kContainersMax) return false;
  const ByteSpan run_flags = reader.GetBytes(with_runs ? (size + 7) / 8 : 0);
  if (!reader.ok()) return false;
  for (std::uint32_t i = 0; i < size; ++i) {
    const std::uint64_t key = reader.Get<std::uint16_t>();
    const std::uint32_t count = reader.Get<std::uint16_t>() + std::uint32_t{1};
    const bool is_runs = with_runs && (run_flags[i / 8] >> i % 8 & 1) != 0;
    if (!containers.empty() && base + (key << 16) <= containers.back().base) return false;
    containers.push_back({base + (key << 16), count, is_runs});
  }
  // Containers follow in order, so that where they begin need not be known.
  if (!with_runs || size >= kOffsetsFrom) reader.GetBytes(std::size_t{4} * size);
  return reader.ok();
}

}  // namespace

bool ReadRoaringBitmap(ByteReader& reader, std::uint64_t base, DeletedRows& rows) {
  std::vector<Container> containers;
  if (!ReadHeader(reader, base, containers)) return false;
  for (const Container& container : containers) {
    const bool read = container.is_runs              ? ReadRuns(reader, container, rows)
                      : container.count <= kArrayMax ? ReadArray(reader, container, rows)
                                                     : ReadBitset(reader, container, rows);
    if (!read) return false;
  }
  return true;
}

}  // namespace levee::delta
