#include "api/file_stream.h"

#include <array>
#include <utility>
#include <vector>

#include "api/stats_text.h"
#include "base/cancellation.h"
#include "columnar/arrow_export.h"
#include "output/arrow_format.h"

namespace levee::api {
namespace {

using columnar::Batch;
using columnar::BatchStream;
using columnar::ColumnKey;
using columnar::ColumnRole;

// Keeps what its files are read from, and renders their statistics on demand.
class FileStream final : public BatchStream {
 public:
  FileStream(std::unique_ptr<BatchStream> files, bool needs_stats, std::shared_ptr<const void> store)
      : store_(std::move(store)), files_(std::move(files)), needs_stats_(needs_stats) {}

  Result<std::unique_ptr<Batch>> Next() override {
    // Of the thread that reads, also where the batch is there already.
    LEVEE_RETURN_IF_ERROR(CheckCancelled());
    LEVEE_ASSIGN(std::unique_ptr<Batch> batch, files_->Next());
    if (batch != nullptr && needs_stats_) LEVEE_RETURN_IF_ERROR(AddStatsText(*batch));
    return batch;
  }

 private:
  const std::shared_ptr<const void> store_;  // goes last
  const std::unique_ptr<BatchStream> files_;
  const bool needs_stats_;
};

class OneBatch final : public BatchStream {
 public:
  explicit OneBatch(Batch batch) : batch_(std::make_unique<Batch>(std::move(batch))) {}

  Result<std::unique_ptr<Batch>> Next() override { return std::move(batch_); }

 private:
  std::unique_ptr<Batch> batch_;
};

ArrowStream Export(std::unique_ptr<BatchStream> batches, std::vector<columnar::ArrowColumn> columns) {
  ArrowStream stream;
  columnar::ExportArrowStream(std::move(batches), std::move(columns), stream.get());
  return stream;
}

// Columns that no entry has: beside the roles of entries, told apart by their paths.
ColumnKey MarkKey(const char* name, types::TypeKind type) { return {ColumnRole::kRemoveResidual, name, {type, 0, 0}}; }

void AddMarks(Batch& files, const std::vector<output::ChangeMark>& marks, const std::array<ColumnKey, 3>& keys) {
  std::array<columnar::ColumnVector, 3> values;
  for (std::size_t i = 0; i < keys.size(); ++i) values[i].physical = types::PhysicalTypeOf(keys[i].type);
  for (const output::ChangeMark& mark : marks) {
    values[0].PushString(mark.added ? "add" : "remove");
    values[1].PushInt(mark.version);
    mark.data_change ? values[2].PushInt(*mark.data_change ? 1 : 0) : values[2].PushNull();
  }
  for (std::size_t i = 0; i < keys.size(); ++i) files.columns.push_back({keys[i], std::move(values[i])});
}

}  // namespace

ArrowStream FilesAsArrow(std::unique_ptr<BatchStream> files, const FilePlan& plan, std::shared_ptr<const void> store) {
  files = std::make_unique<FileStream>(std::move(files), plan.needs_stats, std::move(store));
  return Export(std::move(files), output::ArrowColumnsOf(plan.fields));
}

Result<ArrowStream> ChangesAsArrow(ChangeList changes, const FilePlan& plan) {
  if (plan.needs_stats) LEVEE_RETURN_IF_ERROR(AddStatsText(changes.files));
  const std::array<ColumnKey, 3> keys{MarkKey("change", types::TypeKind::kString),
                                      MarkKey("version", types::TypeKind::kLong),
                                      MarkKey("dataChange", types::TypeKind::kBoolean)};
  AddMarks(changes.files, changes.marks, keys);
  std::vector<columnar::ArrowColumn> columns;
  columns.reserve(keys.size() + plan.fields.size());
  for (const ColumnKey& key : keys) columns.push_back({.name = key.path, .key = key});
  for (columnar::ArrowColumn& column : output::ArrowColumnsOf(plan.fields)) columns.push_back(std::move(column));
  return Export(std::make_unique<OneBatch>(std::move(changes.files)), std::move(columns));
}

}  // namespace levee::api
