// Sums by group, hashed by the group's values. Groups that are too many for memory are spilled in sorted runs, which
// are added up as they are merged.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "columnar/entry_order.h"
#include "query/operators/operators.h"
#include "query/sorting/row_order.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;
using columnar::ColumnVector;
using Function = Measure::Function;

// What a group takes beside its values and sums: a node of the table, its place in the order.
constexpr std::size_t kGroupBytes = 128;
constexpr std::size_t kBatchRows = 16 * 1024;

// As they are ordered: what compares as equal is one group.
double OneZeroOneNan(double value) {
  if (std::isnan(value)) return std::numeric_limits<double>::quiet_NaN();
  return value == 0 ? 0.0 : value;
}

// A row's values as bytes; equal bytes are equal values.
void AppendKey(const ColumnVector* values, std::size_t row, std::string& key) {
  const bool valid = values != nullptr && values->IsValid(row);
  key.push_back(valid ? '\1' : '\0');
  if (!valid) return;
  const auto put = [&](const auto& number) {
    key.append(reinterpret_cast<const char*>(&number), sizeof(number));
  };
  switch (values->physical) {
    case types::PhysicalType::kInt64: put(values->ints[row]); break;
    case types::PhysicalType::kDouble: put(OneZeroOneNan(values->doubles[row])); break;
    case types::PhysicalType::kString:
      put(values->strings[row].size());
      key.append(values->strings[row]);
      break;
  }
}

class AggregateStream final : public BatchStream {
 public:
  AggregateStream(std::unique_ptr<BatchStream> input, Aggregate aggregate, SortMemory memory)
      : aggregate_(std::move(aggregate)),
        bytes_max_(memory.bytes / 2),
        input_(std::move(input)),
        sums_(aggregate_.measures.size()),
        runs_(aggregate_.groups, std::move(memory)) {}

  Result<std::unique_ptr<Batch>> Next() override {
    if (input_ != nullptr) LEVEE_RETURN_IF_ERROR(ReadInput());
    if (merged_ != nullptr) return NextMerged();
    if (at_ == rows_.size()) return nullptr;
    const std::size_t count = std::min(kBatchRows, rows_.size() - at_);
    const auto first = rows_.begin() + static_cast<std::ptrdiff_t>(at_);
    at_ += count;
    return std::make_unique<Batch>(columnar::GatherRows(groups_, {first, first + static_cast<std::ptrdiff_t>(count)}));
  }

 private:
  Status ReadInput() {
    while (true) {
      LEVEE_ASSIGN(const auto batch, input_->Next());
      if (!batch) break;
      LEVEE_RETURN_IF_ERROR(Add(*batch));
      // Half for the groups, half for what is being written.
      if (bytes_ > bytes_max_) LEVEE_RETURN_IF_ERROR(Spill());
    }
    input_.reset();
    if (!runs_.empty()) {
      if (groups_.rows > 0) LEVEE_RETURN_IF_ERROR(Spill());
      LEVEE_ASSIGN(merged_, runs_.Merge());
      return {};
    }
    // All rows together are a group, also where there are none.
    if (aggregate_.groups.empty() && numbers_.empty()) {
      groups_.rows = 1;
      for (auto& sums : sums_) sums.push_back(0);
    }
    numbers_.clear();
    groups_ = TakeGroups();
    rows_ = SortedRows(groups_, aggregate_.groups);
    return {};
  }

  Status Spill() {
    numbers_.clear();
    bytes_ = 0;
    return runs_.Add(TakeGroups());
  }

  // The groups so far with their sums; none are left.
  Batch TakeGroups() {
    Batch taken = std::move(groups_);
    groups_ = {};
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      columnar::BatchColumn& column = taken.columns.emplace_back();
      column.key = MeasureKey(i);
      column.values.rows = taken.rows;
      column.values.ints = std::exchange(sums_[i], {});
    }
    return taken;
  }

  // Equal groups of several runs stand together; the last of a batch may go on in the next.
  Result<std::unique_ptr<Batch>> NextMerged() {
    while (true) {
      LEVEE_ASSIGN(const auto batch, merged_->Next());
      if (!batch) break;
      AddMerged(*batch);
      if (groups_.rows > 1) return std::make_unique<Batch>(TakeAllButLast());
    }
    if (groups_.rows == 0) return nullptr;
    return std::make_unique<Batch>(TakeGroups());
  }

  void AddMerged(const Batch& batch) {
    const std::vector<const ColumnVector*> values = GroupColumns(batch);
    std::vector<std::uint32_t> group_of(batch.rows), first_rows;
    std::string key;
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      key.clear();
      for (const ColumnVector* column : values) AppendKey(column, row, key);
      if (groups_.rows + first_rows.size() == 0 || key != last_key_) first_rows.push_back(row);
      group_of[row] = static_cast<std::uint32_t>(groups_.rows + first_rows.size() - 1);
      std::swap(key, last_key_);
    }
    AppendGroups(batch, first_rows);
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      sums_[i].resize(groups_.rows);
      const ColumnVector* const sums = batch.Find(MeasureKey(i));
      for (std::size_t row = 0; row < batch.rows; ++row) sums_[i][group_of[row]] += sums->ints[row];
    }
  }

  Batch TakeAllButLast() {
    const Batch all = TakeGroups();
    std::vector<std::uint32_t> rows(all.rows);
    std::iota(rows.begin(), rows.end(), 0U);
    const std::uint32_t last = rows.back();
    rows.pop_back();
    for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] = {all.Find(MeasureKey(i))->ints[last]};
    AppendGroups(all, {last});
    return columnar::GatherRows(all, rows);
  }

  Status Add(const Batch& batch) {
    const std::vector<std::uint32_t> group_of = FindGroups(batch);
    for (std::size_t i = 0; i < aggregate_.measures.size(); ++i) {
      const Measure& measure = aggregate_.measures[i];
      sums_[i].resize(groups_.rows);
      const ColumnVector* const values =
          measure.function == Function::kRows ? nullptr : batch.Find(measure.column);
      if (measure.function != Function::kRows && values == nullptr) continue;
      for (std::size_t row = 0; row < batch.rows; ++row) {
        if (values != nullptr && !values->IsValid(row)) continue;
        sums_[i][group_of[row]] += WorthOf(measure, values, row);
      }
    }
    return {};
  }

  static std::int64_t WorthOf(const Measure& measure, const ColumnVector* values, std::size_t row) {
    switch (measure.function) {
      case Function::kRows:
      case Function::kValues: return 1;
      case Function::kSum: return values->ints[row];
      case Function::kBelow: return values->ints[row] < measure.bound ? 1 : 0;
    }
    return 0;
  }

  std::vector<const ColumnVector*> GroupColumns(const Batch& batch) const {
    std::vector<const ColumnVector*> values;
    values.reserve(aggregate_.groups.size());
    for (const SortKey& key : aggregate_.groups) values.push_back(batch.Find(key.column));
    return values;
  }

  // The group of each row.
  std::vector<std::uint32_t> FindGroups(const Batch& batch) {
    const std::vector<const ColumnVector*> values = GroupColumns(batch);
    std::vector<std::uint32_t> group_of(batch.rows);
    std::vector<std::uint32_t> first_rows;  // of groups that are new
    std::string key, last_key;
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      key.clear();
      for (const ColumnVector* column : values) AppendKey(column, row, key);
      // Neighbours are often of one group.
      if (row > 0 && key == last_key) {
        group_of[row] = group_of[row - 1];
        continue;
      }
      const auto next = static_cast<std::uint32_t>(numbers_.size());
      const auto [found, is_new] = numbers_.try_emplace(key, next);
      group_of[row] = found->second;
      if (is_new) {
        first_rows.push_back(row);
        bytes_ += 2 * key.size() + kGroupBytes + aggregate_.measures.size() * sizeof(std::int64_t);
      }
      std::swap(key, last_key);
    }
    AppendGroups(batch, first_rows);
    return group_of;
  }

  void AppendGroups(const Batch& batch, const std::vector<std::uint32_t>& rows) {
    if (rows.empty()) return;
    Batch named{.rows = batch.rows, .columns = {}};
    for (const SortKey& key : aggregate_.groups) {
      if (const ColumnVector* values = batch.Find(key.column)) named.columns.push_back({key.column, *values});
    }
    AppendRows(groups_, named, rows);
  }

  const Aggregate aggregate_;
  const std::size_t bytes_max_;
  std::unique_ptr<BatchStream> input_;  // null once it has been read
  std::unordered_map<std::string, std::uint32_t> numbers_;
  Batch groups_;
  std::vector<std::vector<std::int64_t>> sums_;  // by measure, then group
  std::size_t bytes_ = 0;
  std::vector<std::uint32_t> rows_;  // of the groups, in order: where nothing was spilled
  std::size_t at_ = 0;
  SpilledRuns runs_;
  std::unique_ptr<BatchStream> merged_;  // goes before the runs that it reads
  std::string last_key_;                 // of the rows that were merged
};

}  // namespace

std::unique_ptr<BatchStream> MakeAggregateStream(std::unique_ptr<BatchStream> input, Aggregate aggregate,
                                                 SortMemory memory) {
  return std::make_unique<AggregateStream>(std::move(input), std::move(aggregate), std::move(memory));
}

}  // namespace levee::query
