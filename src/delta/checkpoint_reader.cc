#include "delta/checkpoint_reader.h"

#include <algorithm>
#include <atomic>
#include <set>

#include "base/cancellation.h"
#include "base/parallel.h"
#include "delta/action_parser.h"
#include "delta/checkpoint_parts.h"
#include "delta/checkpoint_rows.h"
#include "delta/entry_batch_builder.h"
#include "delta/entry_batch_impl.h"
#include "delta/stats_struct.h"
#include "metrics/metrics.h"

namespace levee::delta {
namespace {

// A row may carry kilobytes of statistics: what Arrow holds decoded at a time.
constexpr int kArrowBatchRows = 1'024;
constexpr std::size_t kBatchRowsMax = 65'536;

// The fields of `action` (but those that say again what others say) as prefixes of leaf paths.
void AddFields(const objectstore::ParquetFile& file, const std::string& action, bool with_struct_stats,
               std::set<std::string>& columns) {
  for (const std::string& leaf : file.leaf_paths()) {
    if (!leaf.starts_with(action + ".")) continue;
    const std::size_t begin = action.size() + 1;
    const std::string_view field = std::string_view(leaf).substr(begin, leaf.find('.', begin) - begin);
    if (field == "partitionValues_parsed" || (field == "stats_parsed" && !with_struct_stats)) continue;
    columns.insert(action + "." + std::string(field));
  }
}

bool HasStructStats(const objectstore::ParquetFile& file) {
  return std::any_of(file.leaf_paths().begin(), file.leaf_paths().end(),
                     [](const std::string& leaf) { return leaf.starts_with("add.stats_parsed."); });
}

bool HasTextStats(const objectstore::ParquetFile& file, int row_group) {
  for (std::size_t i = 0; i < file.leaf_paths().size(); ++i) {
    if (file.leaf_paths()[i] == "add.stats") return !file.AllNull(row_group, i);
  }
  return false;
}

// Reads units, one thread's share of them.
class UnitReader {
 public:
  // `handed_over` is shared: whether any reader has given a batch away.
  UnitReader(const types::Schema& schema, const CheckpointOptions& options, CheckpointSink& sink,
             std::atomic<bool>& handed_over)
      : schema_(schema), tombstones_(options.tombstones),
        batch_bytes_(options.batch_bytes), sink_(sink), any_handed_over_(handed_over), builder_(schema) {}

  Status ReadRowGroup(objectstore::ParquetFile& file, int row_group) {
    const metrics::Span span(metrics::Metric::kReadCheckpointSpan);
    const bool has_struct = HasStructStats(file);
    bool with_struct = has_struct && !HasTextStats(file, row_group);
    skip_rows_ = 0;
    const RowGroup group{file, row_group};
    LEVEE_ASSIGN(bool complete, Stream(group, with_struct, has_struct));
    // Some adds have their statistics as a struct only: once more from there on, with the struct.
    if (!complete) LEVEE_RETURN_IF_ERROR(Stream(group, true, false));
    return {};
  }

  Status ReadManifest(objectstore::ObjectStore& store, const std::string& path) {
    LEVEE_ASSIGN(std::string text, store.Read(path));
    CommitContent content;
    if (Status parsed = ParseActions(std::move(text), content, nullptr); !parsed) {
      if (parsed.error().code == ErrorCode::kCancelled) return std::unexpected(std::move(parsed).error());
      return Fail(ErrorCode::kCorrupt, path, parsed.error().ToString());
    }
    for (const AddAction& add : content.adds) {
      builder_.Append(add);
      if (AddsAreFull()) LEVEE_RETURN_IF_ERROR(FlushAdds());
    }
    if (!tombstones_) return {};
    for (RemoveAction& remove : content.removes) {
      removes_.push_back(std::move(remove));
      if (removes_.size() == kBatchRowsMax) LEVEE_RETURN_IF_ERROR(FlushRemoves());
    }
    return {};
  }

  // Units are completed together until their rows are worth a batch of their own. The first batch of all is
  // filled up: most checkpoints have no second one.
  Status EndUnit(std::size_t unit) {
    units_.push_back(unit);
    const bool worth = builder_.rows() + removes_.size() >= kBatchRowsMax / 2 || BytesReach(batch_bytes_ / 2);
    return handed_over_ || (worth && any_handed_over_) ? Complete() : Status();
  }

  Status Complete() {
    LEVEE_RETURN_IF_ERROR(FlushAdds());
    LEVEE_RETURN_IF_ERROR(FlushRemoves());
    handed_over_ = false;
    if (units_.empty()) return {};
    LEVEE_RETURN_IF_ERROR(sink_.Complete(units_));
    units_.clear();
    return {};
  }

 private:
  struct RowGroup {
    objectstore::ParquetFile& file;
    int number;
  };

  // False when it stopped before the batch of row skip_rows_, which needs the struct.
  Result<bool> Stream(const RowGroup& group, bool with_struct, bool may_need_struct) {
    std::set<std::string> columns;
    if (MayHold(group.file, group.number, "add")) AddFields(group.file, "add", with_struct, columns);
    if (tombstones_ && MayHold(group.file, group.number, "remove")) {
      AddFields(group.file, "remove", false, columns);
    }
    if (columns.empty()) return true;
    bool complete = true;
    std::int64_t first_row = 0;
    const auto visit = [&](const ArrowColumn& batch, std::int64_t rows) -> Result<bool> {
      LEVEE_RETURN_IF_ERROR(CheckCancelled());
      const std::int64_t from = std::clamp<std::int64_t>(skip_rows_ - first_row, 0, rows);
      first_row += rows;
      AddRows adds(batch);
      if (may_need_struct && !with_struct && AnyWithoutText(adds, rows)) {
        complete = false;
        return false;
      }
      LEVEE_RETURN_IF_ERROR(AppendAdds(adds, from, rows));
      LEVEE_RETURN_IF_ERROR(AppendRemoves(batch, from, rows));
      skip_rows_ = std::max(skip_rows_, first_row);
      return true;
    };
    LEVEE_RETURN_IF_ERROR(VisitBatches(group.file, group.number,
                                       std::vector<std::string>(columns.begin(), columns.end()),
                                       kArrowBatchRows, visit));
    return complete;
  }

  static bool AnyWithoutText(const AddRows& adds, std::int64_t rows) {
    for (std::int64_t row = 0; row < rows; ++row) {
      if (adds.Has(row) && !adds.HasStatsText(row)) return true;
    }
    return false;
  }

  Status AppendAdds(AddRows& adds, std::int64_t from, std::int64_t rows) {
    EntryBatchBuilder::Impl& impl = builder_.impl();
    StatsStruct struct_stats(adds.stats_parsed(), impl.slots, impl.columns);
    for (std::int64_t row = from; row < rows; ++row) {
      if (!adds.Has(row)) continue;
      const AddView add = adds.Read(row);
      impl.Append(add);
      if (!add.stats_json && !adds.stats_parsed().IsNull(row)) struct_stats.Append(impl.last_row(), row);
      if (builder_.rows() == kBatchRowsMax) LEVEE_RETURN_IF_ERROR(FlushAdds());
    }
    return BytesReach(batch_bytes_) ? FlushAdds() : Status();
  }

  Status AppendRemoves(const ArrowColumn& batch, std::int64_t from, std::int64_t rows) {
    if (!tombstones_ || !batch.Child("remove").exists()) return {};
    const RemoveRows removes(batch);
    for (std::int64_t row = from; row < rows; ++row) {
      if (!removes.Has(row)) continue;
      removes_.push_back(removes.Read(row));
      if (removes_.size() == kBatchRowsMax) LEVEE_RETURN_IF_ERROR(FlushRemoves());
    }
    return {};
  }

  // False without a bound.
  bool BytesReach(std::size_t bytes) const { return bytes != 0 && builder_.SizeBytes() >= bytes; }
  // Asking for the bytes at every row costs more than the bound is worth.
  bool AddsAreFull() const {
    return builder_.rows() == kBatchRowsMax || (builder_.rows() % kArrowBatchRows == 0 && BytesReach(batch_bytes_));
  }

  Status FlushAdds() {
    if (builder_.rows() == 0) return {};
    handed_over_ = any_handed_over_ = true;
    return sink_.Adds(builder_.Finish());
  }

  Status FlushRemoves() {
    if (removes_.empty()) return {};
    handed_over_ = true;
    columnar::Batch batch = RemovesToBatch(removes_, schema_);
    removes_.clear();
    return sink_.Removes(std::move(batch));
  }

  const types::Schema& schema_;
  const bool tombstones_;
  const std::size_t batch_bytes_;
  CheckpointSink& sink_;
  std::atomic<bool>& any_handed_over_;
  EntryBatchBuilder builder_;
  std::vector<RemoveAction> removes_;
  std::vector<std::size_t> units_;  // read, but not completed
  bool handed_over_ = false;        // since the last completion
  std::int64_t skip_rows_ = 0;      // rows of the row group at work that are taken already
};

// Hands everything on to two functions.
class CallbackSink final : public CheckpointSink {
 public:
  using OnBatch = std::function<Status(columnar::Batch)>;
  CallbackSink(const OnBatch& on_adds, const OnBatch& on_removes) : on_adds_(on_adds), on_removes_(on_removes) {}
  Status Adds(columnar::Batch batch) override { return on_adds_(std::move(batch)); }
  Status Removes(columnar::Batch batch) override { return on_removes_(std::move(batch)); }
  Status Complete(const std::vector<std::size_t>&) override { return {}; }

 private:
  const OnBatch& on_adds_;
  const OnBatch& on_removes_;
};

}  // namespace

Result<CheckpointUnits> CheckpointUnits::Open(objectstore::ObjectStore& store, objectstore::ParquetSource& parquet,
                                              const CheckpointFiles& checkpoint, const CheckpointState& state) {
  CheckpointUnits units(store, checkpoint);
  if (checkpoint.kind == CheckpointFiles::Kind::kV2Json) units.units_.emplace_back();
  LEVEE_ASSIGN(units.files_, OpenCheckpointFiles(store, parquet, checkpoint, state.sidecars));
  for (const auto& file : units.files_) {
    for (int row_group = 0; row_group < file->row_groups(); ++row_group) {
      units.units_.push_back({file.get(), row_group});
    }
  }
  return units;
}

Status CheckpointUnits::Read(const types::Schema& schema, const CheckpointOptions& options, const Bitmap& done,
                             const std::function<std::unique_ptr<CheckpointSink>()>& make_sink) const {
  std::vector<std::size_t> wanted;
  for (std::size_t unit = 0; unit < units_.size(); ++unit) {
    if (done.size() == 0 || !done.Get(unit)) wanted.push_back(unit);
  }
  const std::string manifest = std::string(kLogFolder) + "/" + checkpoint_->parts.front().name;
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false}, handed_over{done.size() != 0 && !done.None()};
  const std::size_t workers = std::min(static_cast<std::size_t>(std::max(options.threads, 1)), wanted.size());
  return ParallelFor(workers, static_cast<int>(workers), [&](std::size_t) -> Status {
    const std::unique_ptr<CheckpointSink> sink = make_sink();
    UnitReader reader(schema, options, *sink, handed_over);
    Status status;
    for (std::size_t i = next++; i < wanted.size() && status && !failed; i = next++) {
      status = CheckCancelled();
      if (!status) break;
      const Unit& unit = units_[wanted[i]];
      status = unit.file == nullptr ? reader.ReadManifest(*store_, manifest)
                                    : reader.ReadRowGroup(*unit.file, unit.row_group);
      if (status) status = reader.EndUnit(wanted[i]);
    }
    if (status && !failed) status = reader.Complete();
    if (!status) failed = true;
    return status;
  });
}

Status ReadCheckpointFiles(objectstore::ObjectStore& store, objectstore::ParquetSource& parquet,
                           const CheckpointFiles& checkpoint, const CheckpointState& state,
                           const types::Schema& schema, const CheckpointOptions& options,
                           const std::function<Status(columnar::Batch)>& on_adds,
                           const std::function<Status(columnar::Batch)>& on_removes) {
  LEVEE_ASSIGN(const CheckpointUnits units, CheckpointUnits::Open(store, parquet, checkpoint, state));
  return units.Read(schema, options, {}, [&] { return std::make_unique<CallbackSink>(on_adds, on_removes); });
}

}  // namespace levee::delta
