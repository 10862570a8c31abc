#include <algorithm>
#include <utility>

#include "query/operators/operators.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;

class ProjectStream final : public BatchStream {
 public:
  ProjectStream(std::unique_ptr<BatchStream> input, Columns columns)
      : columns_(std::move(columns)), input_(std::move(input)) {}

  Result<std::unique_ptr<Batch>> Next() override {
    LEVEE_ASSIGN(std::unique_ptr<Batch> batch, input_->Next());
    if (!batch) return batch;
    std::erase_if(batch->columns, [&](const columnar::BatchColumn& column) {
      return std::ranges::find(columns_, column.key) == columns_.end();
    });
    return batch;
  }

 private:
  const Columns columns_;
  const std::unique_ptr<BatchStream> input_;
};

}  // namespace

std::unique_ptr<BatchStream> MakeProjectStream(std::unique_ptr<BatchStream> input, Columns columns) {
  return std::make_unique<ProjectStream>(std::move(input), std::move(columns));
}

}  // namespace levee::query
