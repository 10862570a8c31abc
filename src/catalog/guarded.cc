#include "catalog/guarded.h"

#include <utility>

#include "base/out_of_memory.h"

namespace levee::catalog {
namespace {

class GuardedStream final : public columnar::BatchStream {
 public:
  explicit GuardedStream(std::unique_ptr<columnar::BatchStream> stream) : stream_(std::move(stream)) {}

  Result<std::unique_ptr<columnar::Batch>> Next() override {
    return CatchOutOfMemory([&] { return stream_->Next(); });
  }

 private:
  const std::unique_ptr<columnar::BatchStream> stream_;
};

class GuardedView final : public View {
 public:
  explicit GuardedView(std::unique_ptr<View> view) : view_(std::move(view)) {}

  const TableState& state() const override { return view_->state(); }
  Result<std::vector<columnar::ColumnKey>> Columns() const override {
    return CatchOutOfMemory([&] { return view_->Columns(); });
  }
  Result<std::vector<columnar::ColumnKey>> StoredColumns() const override {
    return CatchOutOfMemory([&] { return view_->StoredColumns(); });
  }
  Result<columnar::ColumnKey> StatisticsColumn(columnar::ColumnRole role, std::string_view name) const override {
    return CatchOutOfMemory([&] { return view_->StatisticsColumn(role, name); });
  }
  Result<std::unique_ptr<columnar::BatchStream>> Files(const FilesRequest& request,
                                                       Explanation* explanation) const override {
    return CatchOutOfMemory([&]() -> Result<std::unique_ptr<columnar::BatchStream>> {
      LEVEE_ASSIGN(auto stream, view_->Files(request, explanation));
      return GuardStream(std::move(stream));
    });
  }
  Result<std::int64_t> Count(const FilesRequest& request, Explanation* explanation) const override {
    return CatchOutOfMemory([&] { return view_->Count(request, explanation); });
  }
  Result<TableSummary> Summary() const override {
    return CatchOutOfMemory([&] { return view_->Summary(); });
  }
  Result<std::unique_ptr<columnar::BatchStream>> Sizes(const SizesRequest& request,
                                                       Explanation* explanation) const override {
    return CatchOutOfMemory([&]() -> Result<std::unique_ptr<columnar::BatchStream>> {
      LEVEE_ASSIGN(auto stream, view_->Sizes(request, explanation));
      return GuardStream(std::move(stream));
    });
  }
  Result<WhyReport> Why(std::string_view path, std::string_view where) const override {
    return CatchOutOfMemory([&] { return view_->Why(path, where); });
  }

 private:
  const std::unique_ptr<View> view_;
};

class GuardedUnion final : public UnionView {
 public:
  explicit GuardedUnion(std::unique_ptr<UnionView> view) : view_(std::move(view)) {}

  const std::vector<std::unique_ptr<View>>& tables() const override { return view_->tables(); }
  Result<std::unique_ptr<columnar::BatchStream>> Files(const UnionRequest& request,
                                                       Explanation* explanation) const override {
    return CatchOutOfMemory([&]() -> Result<std::unique_ptr<columnar::BatchStream>> {
      LEVEE_ASSIGN(auto stream, view_->Files(request, explanation));
      return GuardStream(std::move(stream));
    });
  }
  Result<std::int64_t> Count(const UnionRequest& request, Explanation* explanation) const override {
    return CatchOutOfMemory([&] { return view_->Count(request, explanation); });
  }

 private:
  const std::unique_ptr<UnionView> view_;
};

}  // namespace

std::unique_ptr<UnionView> GuardUnion(std::unique_ptr<UnionView> view) {
  return std::make_unique<GuardedUnion>(std::move(view));
}

std::unique_ptr<View> GuardView(std::unique_ptr<View> view) { return std::make_unique<GuardedView>(std::move(view)); }

std::unique_ptr<columnar::BatchStream> GuardStream(std::unique_ptr<columnar::BatchStream> stream) {
  return std::make_unique<GuardedStream>(std::move(stream));
}

}  // namespace levee::catalog
