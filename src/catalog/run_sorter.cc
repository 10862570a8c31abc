#include "catalog/run_sorter.h"

#include <algorithm>
#include <map>
#include <queue>

#include "base/parallel.h"
#include "columnar/segment.h"

namespace levee::catalog {
namespace {

// Ids of partition tuples that compare across runs: run -> local id -> rank in byte order.
std::vector<std::vector<std::uint32_t>> RankPartitions(
    const std::vector<const std::vector<std::string>*>& partitions_by_run) {
  std::map<std::string_view, std::uint32_t> ranks;
  for (const auto* partitions : partitions_by_run) {
    for (const std::string& tuple : *partitions) ranks.try_emplace(tuple, 0);
  }
  std::uint32_t next = 0;
  for (auto& [tuple, rank] : ranks) rank = next++;
  std::vector<std::vector<std::uint32_t>> by_run;
  for (const auto* partitions : partitions_by_run) {
    auto& local = by_run.emplace_back();
    for (const std::string& tuple : *partitions) local.push_back(ranks.find(tuple)->second);
  }
  return by_run;
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

Status RunSorter::Add(columnar::Batch batch) {
  if (batch.rows == 0) return {};
  {
    const std::lock_guard lock(mutex_);
    rows_ += batch.rows;
    if (!order_) {
      order_ = columnar::ChooseEntryOrder(batch, options_.partition_paths);
      first_ = std::move(batch);
      return {};
    }
    if (!file_) {
      LEVEE_ASSIGN(file_, RunFile::Create(options_.spill_folder));
    }
  }
  return Spill(std::move(batch));
}

Status RunSorter::Spill(columnar::Batch batch) {
  const columnar::EntryOrderKeys keys = columnar::ComputeOrderKeys(batch, *order_);
  const std::vector<std::uint32_t> rows = columnar::SortedRows(keys);
  const columnar::Batch sorted = columnar::GatherRows(batch, rows);
  batch = {};
  SortedRun run;
  LEVEE_ASSIGN(run.run, file_->Append(sorted));
  run.keys = ReorderKeys(keys, rows);
  const std::lock_guard lock(mutex_);
  runs_.push_back(std::move(run));
  return {};
}

Status RunSorter::Finish(const std::function<Status(columnar::Batch)>& emit) {
  if (!first_) return {};
  if (runs_.empty()) {
    const auto rows = columnar::SortedRows(columnar::ComputeOrderKeys(*first_, *order_));
    return emit(columnar::GatherRows(*first_, rows));
  }
  LEVEE_RETURN_IF_ERROR(Spill(std::move(*first_)));
  first_.reset();

  const std::vector<std::uint16_t> sources = MergeRuns();
  const std::size_t pieces = (sources.size() + columnar::kSegmentRowsMax - 1) / columnar::kSegmentRowsMax;
  // Row of each run at which each piece starts.
  std::vector<std::vector<std::size_t>> starts(pieces, std::vector<std::size_t>(runs_.size(), 0));
  std::vector<std::size_t> at(runs_.size(), 0);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (i % columnar::kSegmentRowsMax == 0) starts[i / columnar::kSegmentRowsMax] = at;
    ++at[sources[i]];
  }
  for (SortedRun& run : runs_) run.keys = {};
  return ParallelFor(pieces, options_.threads, [&](std::size_t piece) -> Status {
    const std::size_t first = piece * columnar::kSegmentRowsMax;
    const std::size_t count = std::min(columnar::kSegmentRowsMax, sources.size() - first);
    LEVEE_ASSIGN(columnar::Batch batch, GatherPiece(sources, first, count, starts[piece]));
    return emit(std::move(batch));
  });
}

std::vector<std::uint16_t> RunSorter::MergeRuns() const {
  std::vector<const std::vector<std::string>*> partitions;
  for (const SortedRun& run : runs_) partitions.push_back(&run.keys.partitions);
  const auto ranks = RankPartitions(partitions);

  struct Head {
    std::uint32_t rank;
    std::uint16_t run;
    std::uint64_t cluster;
    std::size_t row;
    bool operator<(const Head& other) const {  // the queue's top is its greatest
      if (rank != other.rank) return rank > other.rank;
      return cluster != other.cluster ? cluster > other.cluster : run > other.run;
    }
  };
  const auto head_at = [&](std::uint16_t run, std::size_t row) {
    const columnar::EntryOrderKeys& keys = runs_[run].keys;
    return Head{ranks[run][keys.partition_ids[row]], run, keys.cluster[row], row};
  };
  std::priority_queue<Head> heads;
  for (std::uint16_t run = 0; run < runs_.size(); ++run) heads.push(head_at(run, 0));
  std::vector<std::uint16_t> sources;
  sources.reserve(rows_);
  while (!heads.empty()) {
    const Head head = heads.top();
    heads.pop();
    sources.push_back(head.run);
    if (head.row + 1 < runs_[head.run].run.rows) heads.push(head_at(head.run, head.row + 1));
  }
  return sources;
}

Result<columnar::Batch> RunSorter::GatherPiece(const std::vector<std::uint16_t>& sources, std::size_t first,
                                               std::size_t count,
                                               const std::vector<std::size_t>& starts) const {
  std::vector<std::size_t> counts(runs_.size(), 0);
  for (std::size_t i = 0; i < count; ++i) ++counts[sources[first + i]];

  const auto key_less = [](const columnar::ColumnKey& a, const columnar::ColumnKey& b) {
    return columnar::KeyLess(a, b);
  };
  std::map<columnar::ColumnKey, std::vector<const RunColumn*>, decltype(key_less)> columns(key_less);
  for (std::size_t run = 0; run < runs_.size(); ++run) {
    for (const RunColumn& column : runs_[run].run.columns) {
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
