// Rows whose text is in a list, or in none: the list is hashed, the rows stream by.
#include <string_view>
#include <unordered_set>
#include <utility>

#include "columnar/entry_order.h"
#include "query/operators/operators.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;

class JoinStream final : public BatchStream {
 public:
  JoinStream(std::unique_ptr<BatchStream> input, Join join)
      : join_(std::move(join)), texts_(join_.texts->begin(), join_.texts->end()), input_(std::move(input)) {}

  Result<std::unique_ptr<Batch>> Next() override {
    while (true) {
      LEVEE_ASSIGN(std::unique_ptr<Batch> batch, input_->Next());
      if (!batch) return batch;
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
      if (in_list != join_.anti) rows.push_back(row);
    }
    return rows;
  }

  bool IsInList(std::string_view text) const {
    return texts_.contains(join_.canonical != nullptr ? std::string_view(join_.canonical(text)) : text);
  }

  const Join join_;
  const std::unordered_set<std::string_view> texts_;  // of join_.texts
  const std::unique_ptr<BatchStream> input_;
};

}  // namespace

std::unique_ptr<BatchStream> MakeJoinStream(std::unique_ptr<BatchStream> input, Join join) {
  return std::make_unique<JoinStream>(std::move(input), std::move(join));
}

}  // namespace levee::query
