#include "delta/cancellable_parquet.h"

#include <string>
#include <utility>
#include <vector>

#include "base/cancellation.h"
#include "objectstore/forwarding_object_store.h"

namespace levee::delta {
namespace {

// The reader is a module with thread-locals of its own, so that it cannot hand the cancellation on itself.
class CancellableStore final : public objectstore::ForwardingObjectStore {
 public:
  explicit CancellableStore(ObjectStore& store)
      : ForwardingObjectStore(store), cancellation_(CurrentCancellation()) {}

  Result<std::string> ReadRange(std::string_view path, std::uint64_t offset, std::uint64_t size) override {
    const CancellationScope scope(cancellation_);
    return store().ReadRange(path, offset, size);
  }

 private:
  const Cancellation cancellation_;
};

class CancellableFile final : public objectstore::ParquetFile {
 public:
  CancellableFile(std::unique_ptr<CancellableStore> store, std::unique_ptr<objectstore::ParquetFile> file)
      : store_(std::move(store)), file_(std::move(file)) {}

  int row_groups() const override { return file_->row_groups(); }
  std::int64_t rows(int row_group) const override { return file_->rows(row_group); }
  const std::vector<std::string>& leaf_paths() const override { return file_->leaf_paths(); }
  bool AllNull(int row_group, std::size_t leaf) const override { return file_->AllNull(row_group, leaf); }
  Status OpenStream(int row_group, const std::vector<std::string>& columns, int batch_rows,
                    ArrowArrayStream* out) override {
    return file_->OpenStream(row_group, columns, batch_rows, out);
  }

 private:
  const std::unique_ptr<CancellableStore> store_;
  const std::unique_ptr<objectstore::ParquetFile> file_;  // goes first: it reads from the store
};

}  // namespace

Result<std::unique_ptr<objectstore::ParquetFile>> OpenCancellable(objectstore::ObjectStore& store,
                                                                  objectstore::ParquetSource& parquet,
                                                                  std::string_view path) {
  if (store.parallel_requests() <= 1) return parquet.Open(store, path);
  auto cancellable = std::make_unique<CancellableStore>(store);
  LEVEE_ASSIGN(auto file, parquet.Open(*cancellable, path));
  return std::make_unique<CancellableFile>(std::move(cancellable), std::move(file));
}

}  // namespace levee::delta
