#include "catalog/scan_streams.h"

#include <chrono>
#include <utility>

namespace levee::catalog {
namespace {

using columnar::Batch;
using columnar::BatchStream;

class EmptyStream final : public BatchStream {
 public:
  Result<std::unique_ptr<Batch>> Next() override { return nullptr; }
};

class OneBatch final : public BatchStream {
 public:
  explicit OneBatch(Batch batch) : batch_(std::make_unique<Batch>(std::move(batch))) {}
  Result<std::unique_ptr<Batch>> Next() override {
    if (batch_ != nullptr && batch_->rows == 0) batch_.reset();
    return std::move(batch_);
  }

 private:
  std::unique_ptr<Batch> batch_;
};

class Concatenation final : public BatchStream {
 public:
  explicit Concatenation(std::vector<std::unique_ptr<BatchStream>> streams) : streams_(std::move(streams)) {}

  Result<std::unique_ptr<Batch>> Next() override {
    for (; at_ < streams_.size(); ++at_) {
      LEVEE_ASSIGN(std::unique_ptr<Batch> batch, streams_[at_]->Next());
      if (batch) return batch;
      streams_[at_].reset();
    }
    return nullptr;
  }

 private:
  std::vector<std::unique_ptr<BatchStream>> streams_;
  std::size_t at_ = 0;
};

class TimedStream final : public BatchStream {
 public:
  TimedStream(std::unique_ptr<BatchStream> scan, std::shared_ptr<const expr::BoundPredicate> predicate,
              Explanation* explanation)
      : predicate_(std::move(predicate)), scan_(std::move(scan)), explanation_(explanation) {}

  Result<std::unique_ptr<Batch>> Next() override {
    if (explanation_ == nullptr) return scan_->Next();
    const auto start = std::chrono::steady_clock::now();
    auto batch = scan_->Next();
    explanation_->scan_ns += (std::chrono::steady_clock::now() - start) / std::chrono::nanoseconds(1);
    return batch;
  }

 private:
  const std::shared_ptr<const expr::BoundPredicate> predicate_;  // goes after the scan that reads it
  const std::unique_ptr<BatchStream> scan_;
  Explanation* const explanation_;
};

}  // namespace

std::unique_ptr<BatchStream> MakeEmptyStream() { return std::make_unique<EmptyStream>(); }

std::unique_ptr<BatchStream> MakeOneBatch(Batch batch) { return std::make_unique<OneBatch>(std::move(batch)); }

std::unique_ptr<BatchStream> MakeConcatenation(std::vector<std::unique_ptr<BatchStream>> streams) {
  return std::make_unique<Concatenation>(std::move(streams));
}

std::unique_ptr<BatchStream> MakeTimedStream(std::unique_ptr<BatchStream> scan,
                                             std::shared_ptr<const expr::BoundPredicate> predicate,
                                             Explanation* explanation) {
  return std::make_unique<TimedStream>(std::move(scan), std::move(predicate), explanation);
}

}  // namespace levee::catalog
