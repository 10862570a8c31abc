// Sums by group, hashed by the group's values.
#include <algorithm>
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

// What a group takes beside its values: a node of the table, its key's copy.
constexpr std::size_t kGroupBytes = 128;
constexpr std::size_t kBatchRows = 16 * 1024;

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
    case types::PhysicalType::kDouble: put(values->doubles[row]); break;
    case types::PhysicalType::kString:
      put(values->strings[row].size());
      key.append(values->strings[row]);
      break;
  }
}

class AggregateStream final : public BatchStream {
 public:
  AggregateStream(std::unique_ptr<BatchStream> input, Aggregate aggregate, std::size_t bytes_max)
      : aggregate_(std::move(aggregate)), bytes_max_(bytes_max), input_(std::move(input)) {}

  Result<std::unique_ptr<Batch>> Next() override {
    if (input_ != nullptr) LEVEE_RETURN_IF_ERROR(ReadInput());
    if (at_ == groups_.rows) return nullptr;
    std::vector<std::uint32_t> rows;
    for (; at_ < groups_.rows && rows.size() < kBatchRows; ++at_) rows.push_back(static_cast<std::uint32_t>(at_));
    return std::make_unique<Batch>(columnar::GatherRows(groups_, rows));
  }

 private:
  Status ReadInput() {
    sums_.resize(aggregate_.measures.size());
    while (true) {
      LEVEE_ASSIGN(const auto batch, input_->Next());
      if (!batch) break;
      LEVEE_RETURN_IF_ERROR(Add(*batch));
    }
    input_.reset();
    // All rows together are a group, also where there are none.
    if (aggregate_.groups.empty() && numbers_.empty()) {
      groups_.rows = 1;
      for (auto& sums : sums_) sums.push_back(0);
    }
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      columnar::BatchColumn& column = groups_.columns.emplace_back();
      column.key = MeasureKey(i);
      column.values.rows = sums_[i].size();
      column.values.ints = std::move(sums_[i]);
    }
    numbers_.clear();
    return {};
  }

  Status Add(const Batch& batch) {
    std::vector<std::uint32_t> group_of(batch.rows);
    LEVEE_RETURN_IF_ERROR(FindGroups(batch, group_of));
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

  Status FindGroups(const Batch& batch, std::vector<std::uint32_t>& group_of) {
    std::vector<const ColumnVector*> values;
    for (const columnar::ColumnKey& key : aggregate_.groups) values.push_back(batch.Find(key));
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
        bytes_ += 2 * key.size() + kGroupBytes;
      }
      std::swap(key, last_key);
    }
    if (bytes_ > bytes_max_) {
      return Fail(ErrorCode::kResourceExhausted, "groups",
                  "there are more than " + std::to_string(numbers_.size()) + ", and memory for no more",
                  "group by something with fewer values, or raise memory_limit");
    }
    AppendGroups(batch, first_rows);
    return {};
  }

  void AppendGroups(const Batch& batch, const std::vector<std::uint32_t>& rows) {
    if (rows.empty()) return;
    Batch named{.rows = batch.rows, .columns = {}};
    for (const columnar::ColumnKey& key : aggregate_.groups) {
      if (const ColumnVector* values = batch.Find(key)) named.columns.push_back({key, *values});
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
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<BatchStream> MakeAggregateStream(std::unique_ptr<BatchStream> input, Aggregate aggregate,
                                                 std::size_t bytes_max) {
  return std::make_unique<AggregateStream>(std::move(input), std::move(aggregate), bytes_max);
}

}  // namespace levee::query
