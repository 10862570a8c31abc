#include "api/table.h"

#include <string_view>
#include <utility>
#include <vector>

#include "api/explain_svg.h"
#include "api/explain_text.h"
#include "api/file_columns.h"
#include "api/file_order.h"
#include "api/file_stream.h"
#include "api/table_json.h"
#include "delta/deleted_rows.h"
#include "objectstore/object_store.h"

namespace levee::api {
namespace {

class PinnedTable final : public Table {
 public:
  PinnedTable(std::unique_ptr<catalog::View> view, std::shared_ptr<const void> store)
      : store_(std::move(store)), view_(std::move(view)) {}

  std::int64_t version() const override { return state().version; }
  std::int64_t timestamp_ms() const override { return state().commit.timestamp_ms; }
  const std::string& uri() const override { return state().record.uri; }
  const std::string& name() const override { return state().record.name; }
  const std::string& schema_json() const override { return state().metadata.schema_string; }
  const std::vector<std::string>& partition_columns() const override { return state().metadata.partition_columns; }
  std::string DescribeJson() const override { return TableJson(state()); }

  Result<ArrowStream> Files(const FilesQuery& query) const override {
    LEVEE_ASSIGN(FilePlan plan, Plan(query));
    LEVEE_ASSIGN(const catalog::FilesRequest request, Request(query, plan));
    LEVEE_ASSIGN(auto files, view_->Files(request, nullptr));
    return FilesAsArrow(std::move(files), plan, store_);
  }

  Result<std::int64_t> Count(const FilesQuery& query) const override {
    LEVEE_ASSIGN(const catalog::FilesRequest request, Request(query, {}));
    return view_->Count(request, nullptr);
  }

  Result<std::string> Explain(const FilesQuery& query, ExplainFormat format, bool analyze) const override {
    catalog::Explanation explanation;
    LEVEE_ASSIGN(const FilePlan plan, Plan(query));
    LEVEE_ASSIGN(const catalog::FilesRequest request, Request(query, plan));
    LEVEE_ASSIGN(const auto files, view_->Files(request, &explanation));
    ExplainedAnswer answer{.table = uri(), .explanation = explanation};
    while (true) {
      LEVEE_ASSIGN(const auto batch, files->Next());
      if (batch == nullptr) break;
      answer.files += static_cast<std::int64_t>(batch->rows);
    }
    answer.all_files = state().commit.num_files;
    answer.times = analyze;
    switch (format) {
      case ExplainFormat::kJson: return ExplainJson(answer);
      case ExplainFormat::kSvg: return ExplainSvg(answer);
      case ExplainFormat::kText: break;
    }
    return ExplainText(answer);
  }

  Result<std::vector<RowRange>> DeletedRows(const DeletionVector& vector) const override {
    LEVEE_ASSIGN(const delta::DeletedRows deleted, ReadDeleted(vector));
    return deleted.ranges();
  }

  Result<std::vector<std::uint8_t>> KeptRows(const DeletionVector& vector, std::uint64_t rows) const override {
    LEVEE_ASSIGN(const delta::DeletedRows deleted, ReadDeleted(vector));
    return deleted.KeptRows(rows);
  }

 private:
  const catalog::TableState& state() const { return view_->state(); }

  Result<delta::DeletedRows> ReadDeleted(const DeletionVector& vector) const {
    LEVEE_ASSIGN(const auto objects, objectstore::OpenObjectStore(uri()));
    const delta::DeletionVectorDescriptor descriptor{.storage_type = vector.storage_type,
                                                     .path_or_inline = vector.path_or_inline,
                                                     .offset = vector.offset,
                                                     .size_bytes = vector.size_bytes,
                                                     .cardinality = vector.cardinality};
    return delta::ReadDeletionVector(*objects, objectstore::OpenObjectStore, descriptor);
  }

  Result<FilePlan> Plan(const FilesQuery& query) const {
    if (!query.columns) return PlanFiles(*view_, {.defaults = FileDefaults::kArrow});
    const std::vector<std::string_view> names(query.columns->begin(), query.columns->end());
    return PlanFields(*view_, names);
  }

  Result<catalog::FilesRequest> Request(const FilesQuery& query, const FilePlan& plan) const {
    catalog::FilesRequest request{.where = query.where,
                                  .columns = plan.columns,
                                  .limit = query.limit,
                                  .paths = query.paths,
                                  .except = query.except,
                                  .rows = query.rows};
    if (!query.order.empty()) {
      LEVEE_ASSIGN(request.order, ReadOrder(*view_, query.order, nullptr));
    }
    return request;
  }

  const std::shared_ptr<const void> store_;
  const std::unique_ptr<catalog::View> view_;
};

}  // namespace

std::unique_ptr<Table> MakeTable(std::unique_ptr<catalog::View> view, std::shared_ptr<const void> store) {
  return std::make_unique<PinnedTable>(std::move(view), std::move(store));
}

}  // namespace levee::api
