#include "delta/checkpoint_reader.h"

#include <algorithm>
#include <atomic>
#include <set>

#include "base/parallel.h"
#include "delta/action_parser.h"
#include "delta/checkpoint_parts.h"
#include "delta/checkpoint_rows.h"
#include "delta/entry_batch_builder.h"
#include "delta/entry_batch_impl.h"
#include "delta/stats_struct.h"

namespace levee::delta {
namespace {

// A row may carry kilobytes of statistics: what Arrow holds decoded at a time.
constexpr int kArrowBatchRows = 1'024;
constexpr std::size_t kBatchRowsMax = 65'536;

using OnBatch = std::function<Status(columnar::Batch)>;

// A row group of one of the checkpoint's files.
struct Unit {
  objectstore::ParquetFile* file = nullptr;
  int row_group = 0;
};

struct Callbacks {
  const types::Schema& schema;
  const OnBatch& on_adds;
  const OnBatch& on_removes;
};

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
  UnitReader(const Callbacks& callbacks, bool tombstones)
      : callbacks_(callbacks), tombstones_(tombstones), builder_(callbacks.schema) {}

  Status Read(const Unit& unit) {
    const bool has_struct = HasStructStats(*unit.file);
    bool with_struct = has_struct && !HasTextStats(*unit.file, unit.row_group);
    skip_rows_ = 0;
    LEVEE_ASSIGN(bool complete, Stream(unit, with_struct, has_struct));
    // Some adds have their statistics as a struct only: once more from there on, with the struct.
    if (!complete) LEVEE_RETURN_IF_ERROR(Stream(unit, true, false));
    return {};
  }

  Status Flush() {
    LEVEE_RETURN_IF_ERROR(FlushAdds());
    return FlushRemoves();
  }

  Status Take(CommitContent content) {
    for (const AddAction& add : content.adds) {
      builder_.Append(add);
      if (builder_.rows() == kBatchRowsMax) LEVEE_RETURN_IF_ERROR(FlushAdds());
    }
    if (tombstones_) removes_ = std::move(content.removes);
    return Flush();
  }

 private:
  // False when it stopped before the batch of row skip_rows_, which needs the struct.
  Result<bool> Stream(const Unit& unit, bool with_struct, bool may_need_struct) {
    std::set<std::string> columns;
    if (MayHold(*unit.file, unit.row_group, "add")) AddFields(*unit.file, "add", with_struct, columns);
    if (tombstones_ && MayHold(*unit.file, unit.row_group, "remove")) {
      AddFields(*unit.file, "remove", false, columns);
    }
    if (columns.empty()) return true;
    bool complete = true;
    std::int64_t first_row = 0;
    const auto visit = [&](const ArrowColumn& batch, std::int64_t rows) -> Result<bool> {
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
    LEVEE_RETURN_IF_ERROR(VisitBatches(*unit.file, unit.row_group,
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
    return {};
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

  Status FlushAdds() {
    if (builder_.rows() == 0) return {};
    return callbacks_.on_adds(builder_.Finish());
  }

  Status FlushRemoves() {
    if (removes_.empty()) return {};
    columnar::Batch batch = RemovesToBatch(removes_, callbacks_.schema);
    removes_.clear();
    return callbacks_.on_removes(std::move(batch));
  }

  const Callbacks& callbacks_;
  const bool tombstones_;
  EntryBatchBuilder builder_;
  std::vector<RemoveAction> removes_;
  std::int64_t skip_rows_ = 0;  // rows of the unit at work that are taken already
};

Status ReadManifestFiles(objectstore::ObjectStore& store, const CheckpointFiles& checkpoint,
                         UnitReader& reader) {
  const std::string path = std::string(kLogFolder) + "/" + checkpoint.parts.front().name;
  LEVEE_ASSIGN(std::string text, store.Read(path));
  CommitContent content;
  if (Status parsed = ParseActions(std::move(text), content, nullptr); !parsed) {
    return Fail(ErrorCode::kCorrupt, path, parsed.error().ToString());
  }
  return reader.Take(std::move(content));
}

}  // namespace

Status ReadCheckpointFiles(objectstore::ObjectStore& store, objectstore::ParquetSource& parquet,
                           const CheckpointFiles& checkpoint, const CheckpointState& state,
                           const types::Schema& schema, const CheckpointOptions& options,
                           const std::function<Status(columnar::Batch)>& on_adds,
                           const std::function<Status(columnar::Batch)>& on_removes) {
  const Callbacks callbacks{schema, on_adds, on_removes};
  if (checkpoint.kind == CheckpointFiles::Kind::kV2Json) {
    UnitReader reader(callbacks, options.tombstones);
    LEVEE_RETURN_IF_ERROR(ReadManifestFiles(store, checkpoint, reader));
  }
  LEVEE_ASSIGN(const auto files, OpenCheckpointFiles(store, parquet, checkpoint, state.sidecars));
  std::vector<Unit> units;
  for (const auto& file : files) {
    for (int row_group = 0; row_group < file->row_groups(); ++row_group)
      units.push_back({file.get(), row_group});
  }
  std::atomic<std::size_t> next{0};
  const std::size_t workers = std::min(static_cast<std::size_t>(std::max(options.threads, 1)), units.size());
  std::atomic<bool> failed{false};
  return ParallelFor(workers, static_cast<int>(workers), [&](std::size_t) -> Status {
    UnitReader reader(callbacks, options.tombstones);
    Status status;
    for (std::size_t unit = next++; unit < units.size() && status && !failed; unit = next++) {
      status = reader.Read(units[unit]);
    }
    if (status && !failed) status = reader.Flush();
    if (!status) failed = true;
    return status;
  });
}

}  // namespace levee::delta
