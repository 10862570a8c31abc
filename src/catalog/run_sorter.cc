#include "catalog/run_sorter.h"

#include <algorithm>
#include <map>

#include "base/parallel.h"
#include "catalog/run_merge.h"
#include "columnar/segment.h"
#include "metrics/metrics.h"

namespace levee::catalog {
namespace {

// How much smaller the packed form of entries is, about.
constexpr std::size_t kPackedShare = 3;

std::size_t PackedBytes(const columnar::Run& run) {
  std::size_t bytes = 0;
  for (const columnar::RunColumn& column : run.columns) bytes += column.ends.back();
  return bytes;
}

columnar::EntryOrderKeys ReorderKeys(const columnar::EntryOrderKeys& keys,
                                     const std::vector<std::uint32_t>& rows) {
  columnar::EntryOrderKeys sorted;
  sorted.partitions = keys.partitions;
  sorted.partition_ids.reserve(rows.size());
  sorted.cluster.reserve(rows.size());
  for (const std::uint32_t row : rows) {
    sorted.partition_ids.push_back(keys.partition_ids[row]);
    sorted.cluster.push_back(keys.cluster[row]);
  }
  return sorted;
}

std::vector<std::uint32_t> RowsInOrder(const columnar::EntryOrderKeys& keys, const Bitmap& left_out) {
  std::vector<std::uint32_t> rows = columnar::SortedRows(keys);
  if (left_out.size() != 0) std::erase_if(rows, [&](std::uint32_t row) { return left_out.Get(row); });
  return rows;
}

// Interleaves the runs' slices of one column in the order that `sources` gives.
void Interleave(const std::vector<columnar::ColumnVector>& slices, const std::uint16_t* sources,
                std::size_t count, columnar::ColumnVector& out) {
  std::vector<std::size_t> at(slices.size(), 0);
  const bool nulls = std::any_of(slices.begin(), slices.end(), [](const auto& s) { return s.has_nulls(); });
  out.rows = count;
  if (nulls) out.validity = Bitmap(count, true);
  const auto note_null = [&](std::size_t i, std::uint16_t run, std::size_t row) {
    if (nulls && !slices[run].IsValid(row)) out.validity.Clear(i);
  };
  switch (out.physical) {
    case types::PhysicalType::kInt64:
      out.ints.resize(count);
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t row = at[sources[i]]++;
        out.ints[i] = slices[sources[i]].ints[row];
        note_null(i, sources[i], row);
      }
      break;
    case types::PhysicalType::kDouble:
      out.doubles.resize(count);
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t row = at[sources[i]]++;
        out.doubles[i] = slices[sources[i]].doubles[row];
        note_null(i, sources[i], row);
      }
      break;
    case types::PhysicalType::kString: {
      std::size_t bytes = 0;
      for (const auto& slice : slices) bytes += slice.strings.bytes.size();
      out.strings.bytes.reserve(bytes);
      out.strings.offsets.reserve(count + 1);
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t row = at[sources[i]]++;
        out.strings.PushBack(slices[sources[i]].strings[row]);
        note_null(i, sources[i], row);
      }
      break;
    }
  }
}

// A column that a run lacks: nulls.
columnar::ColumnVector NullSlice(types::PhysicalType physical, std::size_t rows) {
  columnar::ColumnVector slice;
  slice.physical = physical;
  slice.rows = rows;
  if (rows > 0) slice.validity = Bitmap(rows);
  if (physical == types::PhysicalType::kInt64) slice.ints.resize(rows);
  if (physical == types::PhysicalType::kDouble) slice.doubles.resize(rows);
  if (physical == types::PhysicalType::kString) slice.strings.offsets.resize(rows + 1);
  return slice;
}

}  // namespace

Status RunSorter::Add(columnar::Batch batch, const Bitmap& left_out, OnRun on_run) {
  const std::size_t rows = batch.rows - left_out.Count();
  if (rows == 0) return {};
  Held held{std::move(batch), left_out, std::move(on_run)};
  {
    const std::lock_guard lock(mutex_);
    rows_ += rows;
    if (!order_) {
      order_ = columnar::ChooseEntryOrder(held.batch, options_.partition_paths);
      if (options_.on_order) LEVEE_RETURN_IF_ERROR(options_.on_order(*order_));
      if (holding_) {
        first_ = std::move(held);
        return {};
      }
    }
  }
  LEVEE_RETURN_IF_ERROR(StopHolding());
  return Spill(std::move(held));
}

Status RunSorter::StopHolding() {
  std::optional<Held> first;
  {
    const std::lock_guard lock(mutex_);
    holding_ = false;
    first.swap(first_);
  }
  return first ? Spill(std::move(*first)) : Status();
}

Status RunSorter::Spill(Held held) {
  const metrics::Span span(metrics::Metric::kSortRunSpan);
  LEVEE_ASSIGN(columnar::RunFile* const file, options_.file());
  const columnar::EntryOrderKeys keys = columnar::ComputeOrderKeys(held.batch, *order_);
  const std::vector<std::uint32_t> rows = RowsInOrder(keys, held.left_out);
  SortedRun run;
  LEVEE_ASSIGN(run.run, file->Append(held.batch, rows));
  run.keys = ReorderKeys(keys, rows);
  if (held.on_run) LEVEE_RETURN_IF_ERROR(held.on_run(run.run));
  const std::lock_guard lock(mutex_);
  file_ = file;
  bytes_ += columnar::SizeBytes(held.batch);
  runs_.push_back(std::move(run));
  return {};
}

Status RunSorter::Restore(columnar::EntryOrder order, const std::vector<const columnar::Run*>& runs) {
  LEVEE_ASSIGN(file_, options_.file());
  holding_ = false;
  std::vector<columnar::ColumnKey> keys = order.partitions;
  if (order.cluster) keys.push_back(*order.cluster);
  order_ = std::move(order);
  runs_.resize(runs.size());
  LEVEE_RETURN_IF_ERROR(ParallelFor(runs.size(), options_.threads, [&](std::size_t i) -> Status {
    LEVEE_ASSIGN(const columnar::Batch sorted_by, file_->ReadColumns(*runs[i], keys));
    runs_[i] = {*runs[i], columnar::ComputeOrderKeys(sorted_by, *order_)};
    return {};
  }));
  for (const columnar::Run* run : runs) {
    rows_ += run->rows;
    bytes_ += kPackedShare * PackedBytes(*run);
  }
  return {};
}

Status RunSorter::Finish(const std::function<Status(columnar::Batch)>& emit) {
  if (runs_.empty()) {
    if (!first_) return {};
    const auto rows = RowsInOrder(columnar::ComputeOrderKeys(first_->batch, *order_), first_->left_out);
    return emit(columnar::GatherRows(first_->batch, rows));
  }
  std::vector<const columnar::EntryOrderKeys*> keys;
  for (const SortedRun& run : runs_) keys.push_back(&run.keys);
  LEVEE_ASSIGN(const std::vector<std::uint16_t> sources, MergeSortedKeys(keys, options_.threads));
  const std::size_t pieces = (sources.size() + columnar::kSegmentRowsMax - 1) / columnar::kSegmentRowsMax;
  // Row of each run at which each piece starts.
  std::vector<std::vector<std::size_t>> starts(pieces, std::vector<std::size_t>(runs_.size(), 0));
  std::vector<std::size_t> at(runs_.size(), 0);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (i % columnar::kSegmentRowsMax == 0) starts[i / columnar::kSegmentRowsMax] = at;
    ++at[sources[i]];
  }
  for (SortedRun& run : runs_) run.keys = {};
  return ParallelFor(pieces, PieceThreads(), [&](std::size_t piece) -> Status {
    const metrics::Span span(metrics::Metric::kMergeRunsSpan);
    const std::size_t first = piece * columnar::kSegmentRowsMax;
    const std::size_t count = std::min(columnar::kSegmentRowsMax, sources.size() - first);
    LEVEE_ASSIGN(columnar::Batch batch, GatherPiece(sources, first, count, starts[piece]));
    return emit(std::move(batch));
  });
}

// A piece stands in memory once by column, once encoded, and of one column as the runs' slices.
int RunSorter::PieceThreads() const {
  if (options_.merge_bytes == 0 || rows_ == 0) return options_.threads;
  const std::size_t piece_bytes = 5 * columnar::kSegmentRowsMax * (bytes_ / rows_ + 1) / 2;
  const std::size_t places_bytes = rows_ * sizeof(std::uint16_t);  // keys are gone by now
  const std::size_t left = options_.merge_bytes > places_bytes ? options_.merge_bytes - places_bytes : 0;
  const std::size_t fit = std::max<std::size_t>(left / piece_bytes, 1);
  return static_cast<int>(std::min<std::size_t>(fit, static_cast<std::size_t>(std::max(options_.threads, 1))));
}

Result<columnar::Batch> RunSorter::GatherPiece(const std::vector<std::uint16_t>& sources, std::size_t first,
                                               std::size_t count,
                                               const std::vector<std::size_t>& starts) const {
  std::vector<std::size_t> counts(runs_.size(), 0);
  for (std::size_t i = 0; i < count; ++i) ++counts[sources[first + i]];

  const auto key_less = [](const columnar::ColumnKey& a, const columnar::ColumnKey& b) {
    return columnar::KeyLess(a, b);
  };
  std::map<columnar::ColumnKey, std::vector<const columnar::RunColumn*>, decltype(key_less)> columns(key_less);
  for (std::size_t run = 0; run < runs_.size(); ++run) {
    for (const columnar::RunColumn& column : runs_[run].run.columns) {
      auto& by_run = columns[column.key];
      by_run.resize(runs_.size(), nullptr);
      by_run[run] = &column;
    }
  }
  columnar::Batch batch;
  batch.rows = count;
  for (const auto& [key, by_run] : columns) {
    columnar::BatchColumn& out = batch.columns.emplace_back();
    out.key = key;
    out.values.physical = types::PhysicalTypeOf(key.type);
    std::vector<columnar::ColumnVector> slices(runs_.size());
    for (std::size_t run = 0; run < runs_.size(); ++run) {
      if (by_run[run] == nullptr || counts[run] == 0) {
        slices[run] = NullSlice(out.values.physical, counts[run]);
        continue;
      }
      LEVEE_ASSIGN(slices[run], file_->Read(*by_run[run], starts[run], counts[run]));
    }
    Interleave(slices, sources.data() + first, count, out.values);
  }
  return batch;
}

}  // namespace levee::catalog
