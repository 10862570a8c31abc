#include "memory/bank/staging.h"

#include <algorithm>

#include "base/test_pause.h"
#include "memory/bank/segment_blobs.h"

namespace levee::memory {

Status StageAll(store::BankStore& store, std::int64_t staging, std::span<const Bytes> chunks,
                std::vector<std::int64_t>& numbers) {
  constexpr std::size_t kAtOnceBytes = 512u << 10;
  for (std::size_t first = 0; first < chunks.size();) {
    std::size_t last = first, bytes = 0;
    while (last < chunks.size() && bytes < kAtOnceBytes) bytes += chunks[last++].size();
    LEVEE_ASSIGN(const std::int64_t number, store.StageChunks(staging, chunks.subspan(first, last - first)));
    for (std::size_t i = first; i < last; ++i) numbers.push_back(number + static_cast<std::int64_t>(i - first));
    first = last;
    PauseForTest("memory-merge-staging");
  }
  return {};
}

Result<std::vector<std::int64_t>> StageIndex(store::BankStore& store, std::int64_t staging, ByteSpan encoded) {
  constexpr std::size_t kPieceBytes = 256u << 10;
  std::vector<Bytes> pieces;
  for (std::size_t at = 0; at < encoded.size(); at += kPieceBytes) {
    const ByteSpan piece = encoded.subspan(at, std::min(kPieceBytes, encoded.size() - at));
    pieces.push_back(store::SealBlob(kIndexMagic, piece, store::Compression::kWhenSmaller));
  }
  std::vector<std::int64_t> numbers;
  LEVEE_RETURN_IF_ERROR(StageAll(store, staging, pieces, numbers));
  return numbers;
}

}  // namespace levee::memory
