// The bank as this process sees it: segments of the store, and the tail in memory.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "memory/bank/interner.h"
#include "memory/bank/stored_segment.h"
#include "memory/bank/tail_keys.h"
#include "memory/bank/tail_run.h"
#include "memory/bank/totals.h"
#include "store/bank.h"

namespace levee::memory {

// A run of the tail is sealed at any of them: then it can be merged.
struct RunLimits {
  std::uint32_t rows = 4'096;
  std::size_t batches = 1'024;
  std::size_t bytes = 8u << 20;
};

// A row with its record, which the look-up had to read.
struct ReadRow {
  RowRef ref;
  ColdRecord record;
};

// Not thread-safe: whoever owns it lets readers in together and writers alone. Reading functions are thread-safe
// together. All rows are there once, the newer ones in later parts of the tail.
class View {
 public:
  // Both outlive it.
  View(store::BankStore& store, SegmentPages& pages, const RunLimits& run_limits = {})
      : store_(store), pages_(pages), run_limits_(run_limits) {}

  const store::BankState& state() const { return state_; }
  std::int64_t merged_position() const { return merged_position_; }
  std::int64_t last_written() const { return last_written_; }
  const std::vector<std::shared_ptr<Part>>& parts() const { return parts_; }
  const std::vector<std::shared_ptr<StoredSegment>>& segments() const { return segments_; }
  const std::vector<std::shared_ptr<TailRun>>& runs() const { return runs_; }
  const Totals& totals() const { return totals_; }
  const std::map<std::string, std::string>& notes() const { return notes_; }
  Interner& names() const { return names_; }

  // --- writing -------------------------------------------------------------------------------
  Status Apply(store::BankNews news);
  // Ends the rows that expired up to now.
  Status Expire(std::int64_t now);
  // Closes the open run.
  void SealTail() {
    if (!runs_.empty()) runs_.back()->Seal();
  }
  // When the next row expires; kNever.
  std::int64_t next_expiry() const { return next_expiry_; }

  // --- reading -------------------------------------------------------------------------------
  // The row with the highest version of the id, also one that is ended or a removal. Empty: the id was never there.
  Result<std::optional<RowRef>> FindNewest(std::string_view id) const;
  Result<std::optional<ReadRow>> ReadNewest(std::string_view id) const;
  // All of the id, highest version first.
  Result<std::vector<RowRef>> FindVersions(std::string_view id) const;
  // Whether the row is an item now.
  static Result<bool> IsLive(const RowRef& row);
  Result<std::string> IdOf(const RowRef& row) const;

 private:
  Status ApplyLayout(store::BankLayout layout, const std::vector<store::BankBatch>& batches);
  Status AppendBatch(store::BankBatch batch);
  // Counts a row of the tail in, and ends what it replaces.
  Status Admit(TailRun& run, std::uint32_t row);
  Status End(const RowRef& row, std::int64_t at);
  void ListParts();
  // Those whose id has the hash, ended ones too.
  Status FindRows(std::uint64_t hash, std::vector<RowRef>& rows) const;

  store::BankStore& store_;
  SegmentPages& pages_;
  const RunLimits run_limits_;
  mutable Interner names_;
  store::BankState state_;
  std::int64_t merged_position_ = 0;
  std::int64_t last_written_ = 0;
  std::int64_t next_expiry_ = kNever;
  std::vector<std::shared_ptr<StoredSegment>> segments_;
  std::vector<std::shared_ptr<TailRun>> runs_;
  TailKeys tail_keys_;  // of the rows of runs_ that are admitted
  std::vector<std::shared_ptr<Part>> parts_;  // segments, then runs
  Totals totals_;
  std::map<std::string, std::string> notes_;
};

}  // namespace levee::memory
