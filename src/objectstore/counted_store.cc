#include "objectstore/counted_store.h"

#include <utility>

#include "metrics/metrics.h"

namespace levee::objectstore {
namespace {

using metrics::Count;
using metrics::Metric;

class CountedStore final : public ObjectStore {
 public:
  explicit CountedStore(std::unique_ptr<ObjectStore> store) : store_(std::move(store)) {}

  Result<std::vector<ObjectInfo>> List(std::string_view folder, std::string_view start_after) override {
    Count(Metric::kLogRequestsList);
    return store_->List(folder, start_after);
  }
  Result<std::optional<ObjectInfo>> Stat(std::string_view path) override {
    Count(Metric::kLogRequestsStat);
    return store_->Stat(path);
  }
  Result<std::string> Read(std::string_view path) override { return CountBytes(store_->Read(path)); }
  Result<std::string> ReadRange(std::string_view path, std::uint64_t offset, std::uint64_t size) override {
    return CountBytes(store_->ReadRange(path, offset, size));
  }
  Result<PutOutcome> PutIfAbsent(std::string_view path, std::string_view content) override {
    Count(Metric::kLogRequestsPut);
    return store_->PutIfAbsent(path, content);
  }
  bool lists_from_name() const override { return store_->lists_from_name(); }
  Result<ObjectPage> ListPage(std::string_view folder, std::string_view start_after) override {
    Count(Metric::kLogRequestsList);
    return store_->ListPage(folder, start_after);
  }
  int parallel_requests() const override { return store_->parallel_requests(); }
  const std::string& uri() const override { return store_->uri(); }
  std::string local_root() const override { return store_->local_root(); }

 private:
  static Result<std::string> CountBytes(Result<std::string> content) {
    Count(Metric::kLogRequestsRead);
    if (content) Count(Metric::kLogReadBytes, static_cast<std::int64_t>(content->size()));
    return content;
  }

  const std::unique_ptr<ObjectStore> store_;
};

}  // namespace

std::unique_ptr<ObjectStore> CountRequests(std::unique_ptr<ObjectStore> store) {
  return std::make_unique<CountedStore>(std::move(store));
}

}  // namespace levee::objectstore
