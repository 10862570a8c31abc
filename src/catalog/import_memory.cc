#include "catalog/import_memory.h"

#include <malloc.h>

#include <algorithm>

#include "objectstore/parquet_source.h"

namespace levee::catalog {
namespace {

// The program, its libraries' own data and the database's cache, before a row is read.
constexpr std::size_t kProgramBytes = 32 << 20;
constexpr auto kDecoderBytes = static_cast<std::size_t>(objectstore::kParquetDecoderBytes);
// Smaller ones make so many runs that their own book-keeping outweighs what is saved.
constexpr std::size_t kLeastBatchBytes = 4 << 20;
// A batch while it grows, as it is sorted, and packed on its way to the file.
constexpr std::size_t kBatchCopies = 3;
// More than 65,536 rows of wide statistics take: beyond it rows are the bound.
constexpr std::size_t kUnboundedBytes = std::size_t{1} << 30;

// An import cannot do with less, nor does more make it faster.
constexpr std::uint64_t kLeastHeldBytes = 8 << 20, kMostHeldBytes = std::uint64_t{2} << 30;

}  // namespace

std::int64_t HoldImportMemory(std::int64_t limit_bytes, MemoryHold& hold) {
  const std::uint64_t limit = limit_bytes > 0 ? static_cast<std::uint64_t>(limit_bytes) : MemoryBudget::DefaultLimit();
  const std::uint64_t budget = limit > 2 * kProgramBytes ? limit - kProgramBytes : limit / 2;
  std::uint64_t wanted = std::min(budget / 4 * 3, kMostHeldBytes);
  while (wanted > kLeastHeldBytes && !hold.TryGrow(wanted)) wanted /= 2;
  if (hold.bytes() == 0) hold.GrowAnyway(wanted);
  return static_cast<std::int64_t>(std::min(limit, wanted + kProgramBytes));
}

ImportMemory ShareMemory(std::int64_t limit_bytes, int threads) {
  const std::size_t limit = limit_bytes > 0 ? static_cast<std::size_t>(limit_bytes) : MemoryBudget::DefaultLimit();
  const auto wanted = static_cast<std::size_t>(std::max(threads, 1));
  if (limit == 0) return {.read_threads = threads};
  const std::size_t budget = limit > 2 * kProgramBytes ? limit - kProgramBytes : limit / 2;
  // The rest is for sort keys and for what the commits hold; what reading took does not all come back for merging.
  const std::size_t share = budget / 4 * 3;
  const std::size_t fit = share / (kDecoderBytes + kBatchCopies * kLeastBatchBytes);
  const std::size_t read_threads = std::clamp<std::size_t>(fit, 1, wanted);
  const std::size_t each = share / read_threads;
  const std::size_t batch = each > kDecoderBytes ? (each - kDecoderBytes) / kBatchCopies : 0;
  return {.read_threads = static_cast<int>(read_threads),
          .batch_bytes = batch >= kUnboundedBytes ? 0 : std::max(batch, kLeastBatchBytes),
          .merge_bytes = budget / 2};
}

void GiveBackFreed() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace levee::catalog
