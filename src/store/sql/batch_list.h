// Batches that are in memory, as a stream.
#pragma once

#include <deque>
#include <memory>

#include "columnar/batch.h"

namespace levee::store {

class BatchList final : public columnar::BatchStream {
 public:
  explicit BatchList(std::deque<columnar::Batch> batches) : batches_(std::move(batches)) {}

  Result<std::unique_ptr<columnar::Batch>> Next() override {
    if (batches_.empty()) return nullptr;
    auto batch = std::make_unique<columnar::Batch>(std::move(batches_.front()));
    batches_.pop_front();
    return batch;
  }

 private:
  std::deque<columnar::Batch> batches_;
};

}  // namespace levee::store
