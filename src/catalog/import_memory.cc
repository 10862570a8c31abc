#include "catalog/import_memory.h"

#include <unistd.h>

#include <algorithm>

namespace levee::catalog {
namespace {

// What decoding a row group takes beside the batch that it fills: pages, dictionaries, rows being parsed.
constexpr std::size_t kDecoderBytes = 16 << 20;
constexpr std::size_t kLeastBatchBytes = 1 << 20;
// A batch stands in memory twice for a moment: as it is filled, and sorted by column on its way to the file.
constexpr std::size_t kBatchCopies = 2;
// More than 65,536 rows of wide statistics take: beyond it rows are the bound.
constexpr std::size_t kUnboundedBytes = std::size_t{1} << 30;

std::size_t MachineMemoryBytes() {
  const long pages = sysconf(_SC_PHYS_PAGES), page_bytes = sysconf(_SC_PAGESIZE);
  return pages > 0 && page_bytes > 0 ? static_cast<std::size_t>(pages) * static_cast<std::size_t>(page_bytes) : 0;
}

}  // namespace

ImportMemory ShareMemory(std::int64_t limit_bytes, int threads) {
  const std::size_t limit = limit_bytes > 0 ? static_cast<std::size_t>(limit_bytes) : MachineMemoryBytes() / 4;
  const auto wanted = static_cast<std::size_t>(std::max(threads, 1));
  if (limit == 0) return {.read_threads = threads};
  // The other half is for sort keys, what the commits hold, and the program itself.
  const std::size_t share = limit / 2;
  const std::size_t fit = share / (kDecoderBytes + kBatchCopies * kLeastBatchBytes);
  const std::size_t read_threads = std::clamp<std::size_t>(fit, 1, wanted);
  const std::size_t each = share / read_threads;
  const std::size_t batch = each > kDecoderBytes ? (each - kDecoderBytes) / kBatchCopies : 0;
  return {.read_threads = static_cast<int>(read_threads),
          .batch_bytes = batch >= kUnboundedBytes ? 0 : std::max(batch, kLeastBatchBytes),
          .piece_memory_bytes = share};
}

}  // namespace levee::catalog
