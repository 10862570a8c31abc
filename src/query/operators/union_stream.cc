#include <utility>

#include "query/operators/operators.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;

class UnionStream final : public BatchStream {
 public:
  UnionStream(std::vector<UnionPart> parts, InputOpener open) : parts_(std::move(parts)), open_(std::move(open)) {}

  Result<std::unique_ptr<Batch>> Next() override {
    for (; at_ < parts_.size(); ++at_, input_.reset()) {
      if (input_ == nullptr) {
        LEVEE_ASSIGN(input_, open_(at_));
      }
      LEVEE_ASSIGN(std::unique_ptr<Batch> batch, input_->Next());
      if (!batch) continue;
      Unite(parts_[at_], *batch);
      return batch;
    }
    return nullptr;
  }

 private:
  // The input's columns may be wanted under their own keys too, so they stay.
  static void Unite(const UnionPart& part, Batch& batch) {
    for (const UnitedColumn& column : part.columns) {
      if (column.own == column.united) continue;
      const columnar::ColumnVector* const values = batch.Find(column.own);
      if (values != nullptr && batch.Find(column.united) == nullptr) {
        columnar::ColumnVector copy = *values;
        batch.columns.push_back({column.united, std::move(copy)});
      }
    }
    columnar::ColumnVector& labels = batch.FindOrAdd(UnionLabelKey());
    labels = {.physical = types::PhysicalType::kString};
    for (std::size_t row = 0; row < batch.rows; ++row) labels.PushString(part.label);
  }

  const std::vector<UnionPart> parts_;
  const InputOpener open_;
  std::size_t at_ = 0;
  std::unique_ptr<BatchStream> input_;  // of the part at_; null: not opened yet
};

}  // namespace

std::unique_ptr<BatchStream> MakeUnionStream(std::vector<UnionPart> parts, InputOpener open) {
  return std::make_unique<UnionStream>(std::move(parts), std::move(open));
}

}  // namespace levee::query
