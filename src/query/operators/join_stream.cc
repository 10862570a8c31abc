// Rows whose text is in a list, or in none, or joined with the list's rows: the list is hashed, the rows stream by.
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/arena.h"
#include "columnar/entry_order.h"
#include "query/operators/operators.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;

class JoinStream final : public BatchStream {
 public:
  JoinStream(std::unique_ptr<BatchStream> input, Join join)
      : join_(std::move(join)),
        texts_(join_.texts->begin(), join_.texts->end(), join_.texts->size(), arena_.resource()),
        input_(std::move(input)) {}

  Result<std::unique_ptr<Batch>> Next() override {
    while (true) {
      LEVEE_ASSIGN(std::unique_ptr<Batch> batch, input_->Next());
      if (!batch) return batch;
      if (join_.kind == Join::Kind::kInner) {
        std::unique_ptr<Batch> joined = Joined(*batch);
        if (joined->rows > 0) return joined;
        continue;
      }
      const std::vector<std::uint32_t> kept = KeptRows(*batch);
      if (kept.size() == batch->rows) return batch;
      if (!kept.empty()) return std::make_unique<Batch>(columnar::GatherRows(*batch, kept));
    }
  }

 private:
  std::vector<std::uint32_t> KeptRows(const Batch& batch) const {
    const columnar::ColumnVector* const values = batch.Find(join_.column);
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      const bool in_list = values != nullptr && values->IsValid(row) && IsInList(values->strings[row]);
      if (in_list != (join_.kind == Join::Kind::kAnti)) rows.push_back(row);
    }
    return rows;
  }

  // A row for each pair of equal texts, in the order of the input, then of the list.
  std::unique_ptr<Batch> Joined(const Batch& batch) const {
    const columnar::ColumnVector* const values = batch.Find(join_.column);
    std::vector<std::uint32_t> rows, listed;
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      if (values == nullptr || !values->IsValid(row)) continue;
      const std::string_view text = values->strings[row];
      const auto found =
          join_.listed->by_text.find(join_.canonical != nullptr ? join_.canonical(text) : std::string(text));
      if (found == join_.listed->by_text.end()) continue;
      for (const std::uint32_t match : found->second) {
        rows.push_back(row);
        listed.push_back(match);
      }
    }
    auto joined = std::make_unique<Batch>(columnar::GatherRows(batch, rows));
    Batch added = columnar::GatherRows(*join_.listed->rows, listed);
    for (columnar::BatchColumn& column : added.columns) joined->columns.push_back(std::move(column));
    return joined;
  }

  bool IsInList(std::string_view text) const {
    return texts_.contains(join_.canonical != nullptr ? std::string_view(join_.canonical(text)) : text);
  }

  const Join join_;
  Arena arena_;
  const std::pmr::unordered_set<std::string_view> texts_;  // of join_.texts
  const std::unique_ptr<BatchStream> input_;
};

}  // namespace

std::unique_ptr<BatchStream> MakeJoinStream(std::unique_ptr<BatchStream> input, Join join) {
  return std::make_unique<JoinStream>(std::move(input), std::move(join));
}

}  // namespace levee::query
