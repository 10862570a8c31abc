// Rows of batches that are in no segment yet, in memory.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "memory/bank/batch.h"
#include "memory/bank/interner.h"
#include "memory/bank/part.h"

namespace levee::memory {

// Grows at its end until it is sealed. Appending excludes everything else.
class TailRun final : public Part {
 public:
  explicit TailRun(std::int64_t first_batch) : first_batch_(first_batch), last_batch_(first_batch - 1) {}

  // The next batch; its rows are those from the former rows() on.
  Status Append(std::int64_t number, OpenedBatch batch, Interner& names);
  // For reading alone from now on.
  void Seal() { sealed_ = true; }
  bool sealed() const { return sealed_; }

  std::int64_t first_batch() const { return first_batch_; }
  std::int64_t last_batch() const { return last_batch_; }
  std::size_t batches() const { return payloads_.size(); }
  std::size_t size_bytes() const { return size_bytes_; }

  std::uint32_t rows() const override { return static_cast<std::uint32_t>(columns_.rows()); }
  Result<const RowColumns*> Columns() override { return &columns_; }
  Result<std::vector<std::uint64_t>> Hashes() override { return columns_.hashes; }
  Result<ColdRecord> Cold(std::uint32_t row) override { return ColdRecord{nullptr, cold_[row]}; }
  Result<ColdRecord> Embedding(std::uint32_t row) override { return ColdRecord{nullptr, embeddings_[row]}; }
  Result<bool> RowsOfTag(std::uint32_t, std::span<const std::uint32_t>&) override { return false; }
  bool is_sorted() const override { return false; }
  std::string name() const override { return "tail"; }

 private:
  const std::int64_t first_batch_;
  std::int64_t last_batch_;
  bool sealed_ = false;
  std::size_t size_bytes_ = 0;
  std::vector<std::unique_ptr<const Bytes>> payloads_;
  RowColumns columns_;
  std::vector<ByteSpan> cold_, embeddings_;  // into payloads_
};

}  // namespace levee::memory
