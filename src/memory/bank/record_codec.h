// Compression of records one by one, so that any of them is read without its neighbours: zstd with a dictionary of the words
// that a sample of the bank's records has most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"

namespace levee::memory {

inline constexpr std::size_t kDictionaryBytesMax = 112 << 10;

// A dictionary for records such as these, at most a sixteenth of their bytes; empty: they are too few for one to pay.
Bytes MakeDictionary(std::span<const ByteSpan> samples);

// Thread-safe: threads have contexts of their own.
class RecordCodec {
 public:
  // kCorrupt: it is no dictionary.
  static Result<std::shared_ptr<const RecordCodec>> Make(ByteSpan dictionary);
  ~RecordCodec();

  // Replaces what `out` has.
  void Compress(ByteSpan record, Bytes& out) const;
  // kCorrupt.
  Result<Bytes> Decompress(ByteSpan stored) const;
  std::size_t memory_bytes() const { return memory_bytes_; }

 private:
  struct Tables;
  explicit RecordCodec(std::unique_ptr<Tables> tables, std::size_t memory_bytes);
  const std::unique_ptr<Tables> tables_;
  const std::size_t memory_bytes_;
};

}  // namespace levee::memory
