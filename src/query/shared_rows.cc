#include "query/shared_rows.h"

#include <utility>

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;

class SharedStream final : public BatchStream {
 public:
  explicit SharedStream(std::shared_ptr<const SharedRows> rows) : rows_(std::move(rows)) {}

  Result<std::unique_ptr<Batch>> Next() override {
    if (at_ == rows_->batches.size()) return nullptr;
    return std::make_unique<Batch>(rows_->batches[at_++]);
  }

 private:
  const std::shared_ptr<const SharedRows> rows_;
  std::size_t at_ = 0;
};

// What was read of a stream, and then the rest of it.
class ResumedStream final : public BatchStream {
 public:
  ResumedStream(std::vector<Batch> read, std::unique_ptr<BatchStream> rest)
      : read_(std::move(read)), rest_(std::move(rest)) {}

  Result<std::unique_ptr<Batch>> Next() override {
    if (at_ == read_.size()) return rest_->Next();
    return std::make_unique<Batch>(std::move(read_[at_++]));
  }

 private:
  std::vector<Batch> read_;
  const std::unique_ptr<BatchStream> rest_;
  std::size_t at_ = 0;
};

}  // namespace

std::size_t KeptBytes(const Batch& batch) {
  return columnar::SizeBytes(batch) + sizeof(Batch) + batch.columns.size() * sizeof(columnar::BatchColumn);
}

std::unique_ptr<BatchStream> StreamOf(std::shared_ptr<const SharedRows> rows) {
  return std::make_unique<SharedStream>(std::move(rows));
}

Result<ReadRows> ReadUpTo(std::unique_ptr<BatchStream> rows, std::size_t bytes_max) {
  auto read = std::make_shared<SharedRows>();
  while (read->size_bytes <= bytes_max) {
    LEVEE_ASSIGN(const auto batch, rows->Next());
    if (batch == nullptr) return ReadRows{.whole = std::move(read), .too_many = nullptr};
    read->size_bytes += KeptBytes(*batch);
    read->batches.push_back(std::move(*batch));
  }
  return ReadRows{.whole = nullptr,
                  .too_many = std::make_unique<ResumedStream>(std::move(read->batches), std::move(rows))};
}

}  // namespace levee::query
