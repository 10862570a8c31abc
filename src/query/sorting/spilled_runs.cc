#include "query/sorting/spilled_runs.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "query/sorting/row_order.h"

namespace levee::query {
namespace {

// Runs that are merged at once: more would leave each too small a piece of memory.
constexpr std::size_t kFanInMax = 64;

}  // namespace

Status SpilledRuns::Add(const columnar::Batch& rows) {
  if (file_ == nullptr) {
    LEVEE_ASSIGN(file_, columnar::RunFile::Create(memory_.spill_folder));
  }
  row_bytes_ = std::max(row_bytes_, columnar::SizeBytes(rows) / rows.rows + 1);
  LEVEE_ASSIGN(columnar::Run run, file_->Append(rows, SortedRows(rows, keys_)));
  runs_.push_back({std::move(run)});
  return {};
}

Result<std::unique_ptr<columnar::BatchStream>> SpilledRuns::Merge() {
  while (runs_.size() > kFanInMax) LEVEE_RETURN_IF_ERROR(MergeFirstRuns());
  return MergeRuns(*file_, std::move(runs_), Merging());
}

// Neighbours, into one in their place, so that equal rows keep their order.
Status SpilledRuns::MergeFirstRuns() {
  const std::size_t groups = (runs_.size() + kFanInMax - 1) / kFanInMax;
  std::vector<SortedRun> fewer;
  for (std::size_t group = 0; group < groups; ++group) {
    const auto first = runs_.begin() + static_cast<std::ptrdiff_t>(group * kFanInMax);
    const auto last =
        runs_.begin() + static_cast<std::ptrdiff_t>(std::min(runs_.size(), (group + 1) * kFanInMax));
    std::vector<SortedRun> part(std::make_move_iterator(first), std::make_move_iterator(last));
    LEVEE_ASSIGN(SortedRun merged, WriteMerged(std::move(part)));
    fewer.push_back(std::move(merged));
  }
  runs_ = std::move(fewer);
  return {};
}

Result<SortedRun> SpilledRuns::WriteMerged(std::vector<SortedRun> part) {
  if (part.size() == 1) return std::move(part.front());
  const auto stream = MergeRuns(*file_, std::move(part), Merging());
  SortedRun run;
  while (true) {
    LEVEE_ASSIGN(const auto batch, stream->Next());
    if (!batch) return run;
    std::vector<std::uint32_t> rows(batch->rows);
    for (std::uint32_t row = 0; row < rows.size(); ++row) rows[row] = row;
    LEVEE_ASSIGN(columnar::Run piece, file_->Append(*batch, rows));
    run.push_back(std::move(piece));
  }
}

}  // namespace levee::query
