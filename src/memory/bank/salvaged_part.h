// What can still be read of a segment that may be damaged: its sound rows, as a part that a new segment is made of.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "memory/bank/stored_segment.h"

namespace levee::memory {

// What was found on the way, told by the thing that is damaged. Of each list only so many are kept; counts go on.
class Findings {
 public:
  static constexpr std::size_t kKeptMax = 1'000;

  // Can be made anew from the items.
  void AddRepairable(std::string what) { Add(repairable_, std::move(what)); }
  // Cannot.
  void AddLoss(std::string what) { Add(losses_, std::move(what)); }

  bool empty() const { return repairable_.empty() && losses_.empty(); }
  const std::vector<std::string>& repairable() const { return repairable_; }
  const std::vector<std::string>& losses() const { return losses_; }
  // Beyond those that are kept.
  std::size_t untold() const { return untold_; }

 private:
  void Add(std::vector<std::string>& list, std::string what) {
    if (list.size() < kKeptMax) return list.push_back(std::move(what));
    ++untold_;
  }
  std::vector<std::string> repairable_, losses_;
  std::size_t untold_ = 0;
};

// Rows keep their order; those without a sound record are left out. Reading is thread-safe.
class SalvagedPart final : public Part {
 public:
  // Reads all of the segment. What a column has lost is put in place of: a namespace, category, author or tag `lost`, no
  // expiry, times by one another; each is told. Null: no row can be found any more.
  static std::shared_ptr<SalvagedPart> Make(std::shared_ptr<StoredSegment> segment, Interner& names, Findings& findings);

  // In the segment.
  std::uint32_t RowInSegment(std::uint32_t row) const { return rows_[row]; }

  std::uint32_t rows() const override { return static_cast<std::uint32_t>(rows_.size()); }
  Result<const RowColumns*> Columns() override { return &columns_; }
  Result<std::vector<std::uint64_t>> Hashes() override { return columns_.hashes; }
  Result<ColdRecord> Cold(std::uint32_t row) override { return segment_->ColdOnce(rows_[row]); }
  Result<ColdRecord> Embedding(std::uint32_t row) override;
  Result<bool> RowsOfTag(std::uint32_t /*tag*/, std::span<const std::uint32_t>& /*rows*/) override { return false; }
  bool is_sorted() const override { return true; }
  std::string name() const override { return segment_->name(); }

 private:
  friend class Salvage;
  explicit SalvagedPart(std::shared_ptr<StoredSegment> segment) : segment_(std::move(segment)) {}

  const std::shared_ptr<StoredSegment> segment_;
  std::vector<std::uint32_t> rows_;      // of the segment
  std::vector<bool> embedding_lost_;     // by row; empty: none is
  RowColumns columns_;
};

}  // namespace levee::memory
