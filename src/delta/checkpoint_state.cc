// The state actions of a checkpoint.
#include "delta/action_parser.h"
#include "delta/arrow_json.h"
#include "delta/checkpoint_parts.h"
#include "delta/checkpoint_reader.h"

namespace levee::delta {
namespace {

// Rows of state actions are few and may stand anywhere among nulls.
constexpr int kBatchRows = 32'768;

struct StateColumn {
  StateKind kind;
  const char* name;
};
constexpr StateColumn kStateColumns[] = {{StateKind::kProtocol, "protocol"},
                                         {StateKind::kMetadata, "metaData"},
                                         {StateKind::kTransaction, "txn"},
                                         {StateKind::kDomainMetadata, "domainMetadata"}};

// Writers leave a struct null, or not null with nothing in it, where a row has another action.
bool IsEmpty(const ArrowColumn& action, std::int64_t row) {
  if (action.kind() != ArrowKind::kStruct || action.IsNull(row)) return true;
  for (const ArrowColumn& field : action.Children()) {
    if (field.kind() != ArrowKind::kList && field.kind() != ArrowKind::kMap &&
        field.kind() != ArrowKind::kStruct && !field.IsNull(row)) {
      return false;
    }
  }
  return true;
}

Status TakeStates(const ArrowColumn& batch, std::int64_t rows, CheckpointState& state) {
  for (const StateColumn& column : kStateColumns) {
    const ArrowColumn action = batch.Child(column.name);
    for (std::int64_t row = 0; action.exists() && row < rows; ++row) {
      if (IsEmpty(action, row)) continue;
      StateAction taken{column.kind, {}, {}};
      AppendArrowJson(taken.json, action, row);
      LEVEE_ASSIGN(taken.key, StateKey(column.kind, taken.json));
      state.state.push_back(std::move(taken));
    }
  }
  return {};
}

Status TakeSidecars(const ArrowColumn& batch, std::int64_t rows, CheckpointState& state) {
  const ArrowColumn sidecar = batch.Child("sidecar");
  const ArrowColumn path = sidecar.Child("path");
  const ArrowColumn size = sidecar.Child("sizeInBytes");
  if (path.kind() != ArrowKind::kText) return {};
  for (std::int64_t row = 0; row < rows; ++row) {
    if (sidecar.IsNull(row) || path.IsNull(row)) continue;
    objectstore::ObjectInfo info;
    info.name = path.Text(row);
    if (size.kind() == ArrowKind::kInteger && !size.IsNull(row)) {
      info.size_bytes = static_cast<std::uint64_t>(size.Integer(row));
    }
    state.sidecars.push_back(std::move(info));
  }
  return {};
}

Status ReadRowGroup(objectstore::ParquetFile& file, int row_group, CheckpointState& state) {
  std::vector<std::string> columns;
  for (const char* const name : {"protocol", "metaData", "txn", "domainMetadata", "sidecar"}) {
    if (MayHold(file, row_group, name)) columns.emplace_back(name);
  }
  if (columns.empty()) return {};
  return VisitBatches(file, row_group, columns, kBatchRows,
                      [&](const ArrowColumn& batch, std::int64_t rows) -> Result<bool> {
                        LEVEE_RETURN_IF_ERROR(TakeStates(batch, rows, state));
                        LEVEE_RETURN_IF_ERROR(TakeSidecars(batch, rows, state));
                        return true;
                      });
}

Result<CheckpointState> ReadManifest(objectstore::ObjectStore& store, const CheckpointFiles& checkpoint) {
  const std::string path = std::string(kLogFolder) + "/" + checkpoint.parts.front().name;
  LEVEE_ASSIGN(std::string text, store.Read(path));
  CommitContent content;
  std::vector<SidecarAction> sidecars;
  if (Status parsed = ParseActions(std::move(text), content, &sidecars); !parsed) {
    if (parsed.error().code == ErrorCode::kCancelled) return std::unexpected(std::move(parsed).error());
    return Fail(ErrorCode::kCorrupt, path, parsed.error().ToString());
  }
  CheckpointState state;
  state.state = std::move(content.state);
  for (SidecarAction& sidecar : sidecars) {
    state.sidecars.push_back(
        {std::move(sidecar.path), static_cast<std::uint64_t>(sidecar.size_bytes), 0, {}});
  }
  return state;
}

}  // namespace

Result<CheckpointState> ReadCheckpointState(objectstore::ObjectStore& store,
                                            objectstore::ParquetSource& parquet,
                                            const CheckpointFiles& checkpoint) {
  if (checkpoint.kind == CheckpointFiles::Kind::kV2Json) return ReadManifest(store, checkpoint);
  LEVEE_ASSIGN(const auto files, OpenCheckpointFiles(store, parquet, checkpoint, {}));
  CheckpointState state;
  for (const auto& file : files) {
    for (int row_group = 0; row_group < file->row_groups(); ++row_group) {
      LEVEE_RETURN_IF_ERROR(ReadRowGroup(*file, row_group, state));
    }
  }
  return state;
}

}  // namespace levee::delta
