#include "text/stored/chunk_stream.h"

#include <algorithm>

namespace levee::text {
namespace {

std::unexpected<Error> Corrupt() {
  return Fail(ErrorCode::kCorrupt, "text index", "a list is said to be where no chunk is");
}

}  // namespace

Result<std::uint64_t> ChunkStreamWriter::Put(ByteSpan list) {
  if (chunk_.size() + list.size() > kChunkBytesMax) LEVEE_RETURN_IF_ERROR(Flush());
  const std::uint64_t address = numbers_.size() * kChunkBytesMax + chunk_.size();
  while (list.size() > kChunkBytesMax) {
    chunk_.assign(list.begin(), list.begin() + kChunkBytesMax);
    LEVEE_RETURN_IF_ERROR(Flush());
    list = list.subspan(kChunkBytesMax);
  }
  chunk_.insert(chunk_.end(), list.begin(), list.end());
  return address;
}

Status ChunkStreamWriter::Flush() {
  if (chunk_.empty()) return {};
  LEVEE_ASSIGN(const std::uint64_t number, sink_.Add(std::move(chunk_)));
  numbers_.push_back(number);
  chunk_ = {};
  chunk_.reserve(kChunkBytesMax);
  return {};
}

Result<std::vector<std::uint64_t>> ChunkStreamWriter::Finish() {
  LEVEE_RETURN_IF_ERROR(Flush());
  return std::move(numbers_);
}

Result<Slice> ReadStream(const ChunkSource& source, const std::vector<std::uint64_t>& numbers, std::uint64_t address,
                         std::uint64_t size) {
  const std::uint64_t all = numbers.size() * kChunkBytesMax;
  if (address > all || size > all - address) return Corrupt();
  std::size_t chunk = address / kChunkBytesMax, offset = address % kChunkBytesMax;
  if (size == 0) return Slice{};
  if (offset + size <= kChunkBytesMax) {
    LEVEE_ASSIGN(std::shared_ptr<const Bytes> bytes, source.Read(numbers[chunk]));
    if (offset + size > bytes->size()) return Corrupt();
    const ByteSpan list = ByteSpan(*bytes).subspan(offset, size);
    return Slice{list, std::move(bytes)};
  }
  const auto whole = std::make_shared<Bytes>();
  while (whole->size() < size) {
    LEVEE_ASSIGN(const std::shared_ptr<const Bytes> bytes, source.Read(numbers[chunk++]));
    const std::size_t take = std::min<std::size_t>(kChunkBytesMax - offset, size - whole->size());
    if (offset + take > bytes->size()) return Corrupt();
    whole->insert(whole->end(), bytes->begin() + static_cast<std::ptrdiff_t>(offset),
                  bytes->begin() + static_cast<std::ptrdiff_t>(offset + take));
    offset = 0;
  }
  return Slice{*whole, whole};
}

}  // namespace levee::text
