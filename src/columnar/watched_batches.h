// Errors of batches, kept beside an Arrow C stream.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "columnar/batch.h"

namespace levee::columnar {

// Keeps the first error of its batches in `error`: the C interface would lose its code and its hint.
class WatchedBatches final : public BatchStream {
 public:
  WatchedBatches(std::unique_ptr<BatchStream> batches, std::optional<Error>& error)
      : batches_(std::move(batches)), error_(error) {}

  Result<std::unique_ptr<Batch>> Next() override {
    Result<std::unique_ptr<Batch>> next = batches_->Next();
    if (!next && !error_) error_ = next.error();
    return next;
  }

 private:
  const std::unique_ptr<BatchStream> batches_;
  std::optional<Error>& error_;
};

}  // namespace levee::columnar
