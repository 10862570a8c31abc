#include "delta/plain_replay.h"

#include "delta/action_parser.h"
#include "delta/arrow_json.h"
#include "delta/checkpoint_parts.h"
#include "delta/checkpoint_reader.h"
#include "delta/checkpoint_rows.h"
#include "delta/commit_reader.h"
#include "delta/json_text.h"
#include "delta/stats_value.h"
#include "types/file_key.h"

namespace levee::delta {
namespace {

template <typename Action>
PlainFileKey KeyOf(const Action& action) {
  return {types::CanonicalPath(action.path),
          action.deletion_vector ? action.deletion_vector->UniqueId() : ""};
}

bool IsRemoved(std::string_view domain_json) {
  for (const JsonMember& member : JsonMembersOrNone(domain_json)) {
    if (member.key == "removed") return member.value == "true";
  }
  return false;
}

// Keeps the files in maps.
class FileMaps final : public ReplayVisitor {
 public:
  explicit FileMaps(PlainState& state) : state_(state) {}

  void Start() override {
    state_.files.clear();
    state_.tombstones.clear();
  }
  void Add(const AddAction& add) override {
    const PlainFileKey key = KeyOf(add);
    state_.tombstones.erase(key);
    state_.files.insert_or_assign(key, add);
  }
  void Remove(const RemoveAction& remove) override {
    const PlainFileKey key = KeyOf(remove);
    state_.files.erase(key);
    state_.tombstones.insert_or_assign(key, remove);
  }

 private:
  PlainState& state_;
};

class Replayer {
 public:
  explicit Replayer(ReplayVisitor& files) : files_(files) { files_.Start(); }

  Status Apply(const StateAction& action) {
    switch (action.kind) {
      case StateKind::kProtocol: {
        LEVEE_ASSIGN(state_.protocol, ParseProtocol(action.json));
        has_protocol_ = true;
        break;
      }
      case StateKind::kMetadata: metadata_json_ = action.json; break;
      case StateKind::kTransaction: state_.transactions[action.key] = action.json; break;
      case StateKind::kDomainMetadata:
        state_.domains[action.key] = action.json;
        if (IsRemoved(action.json)) state_.domains.erase(action.key);
        break;
    }
    return {};
  }

  void Apply(const RemoveAction& remove) { files_.Remove(remove); }
  void Apply(const AddAction& add) { files_.Add(add); }

  Status Apply(const CommitContent& commit) {
    for (const StateAction& action : commit.state) LEVEE_RETURN_IF_ERROR(Apply(action));
    for (const RemoveAction& remove : commit.removes) Apply(remove);
    for (const AddAction& add : commit.adds) Apply(add);
    return {};
  }

  Result<PlainState> Finish(std::int64_t version) {
    if (!has_protocol_) return Fail(ErrorCode::kCorrupt, "log", "it has no protocol action");
    LEVEE_RETURN_IF_ERROR(CheckReadable(state_.protocol));
    if (metadata_json_.empty()) return Fail(ErrorCode::kCorrupt, "log", "it has no metaData action");
    LEVEE_ASSIGN(state_.metadata, ParseMetadata(metadata_json_));
    state_.version = version;
    return std::move(state_);
  }

 private:
  ReplayVisitor& files_;
  PlainState state_;
  std::string metadata_json_;
  bool has_protocol_ = false;
};

// The struct's statistics as JSON. Parquet's INT96 and local timestamps look alike in Arrow, so whether
// a time has a zone is asked of the schema.
void AppendStatsJson(std::string& json, const ArrowColumn& column, std::int64_t row, const std::string& path,
                     const std::map<std::string, types::PrimitiveType>& leaves) {
  if (column.kind() == ArrowKind::kTimestamp) {
    const auto leaf = leaves.find(path);
    const auto micros = column.Micros(row);
    if (leaf != leaves.end() && micros) return AppendStatsInteger(json, *micros, leaf->second);
  }
  if (column.kind() != ArrowKind::kStruct) return AppendArrowJson(json, column, row);
  json.push_back('{');
  for (const ArrowColumn& child : column.Children()) {
    if (child.IsNull(row)) continue;
    AppendJsonKey(json, child.name());
    const std::string prefix = path.empty() ? path : path + types::kPathSeparator;
    const bool is_section = column.name() == "stats_parsed";
    AppendStatsJson(json, child, row, is_section ? std::string() : prefix + std::string(child.name()),
                    leaves);
  }
  json.push_back('}');
}

// Applies the rows of a checkpoint's files.
class RowApplier {
 public:
  RowApplier(const types::Schema& schema, Replayer& replayer) : replayer_(replayer) {
    for (const types::LeafColumn& leaf : schema.Leaves()) leaves_[leaf.physical_path] = leaf.type;
  }

  void Apply(const ArrowColumn& batch, std::int64_t rows) {
    AddRows adds(batch);
    const RemoveRows removes(batch);
    for (std::int64_t row = 0; row < rows; ++row) {
      if (removes.Has(row)) replayer_.Apply(removes.Read(row));
      if (!adds.Has(row)) continue;
      AddAction add = OwnedAdd(adds.Read(row));
      if (!add.stats_json && !adds.stats_parsed().IsNull(row)) {
        AppendStatsJson(add.stats_json.emplace(), adds.stats_parsed(), row, "", leaves_);
      }
      replayer_.Apply(add);
    }
  }

 private:
  Replayer& replayer_;
  std::map<std::string, types::PrimitiveType> leaves_;
};

Status ApplyCheckpoint(objectstore::ObjectStore& store, objectstore::ParquetSource* parquet,
                       const CheckpointFiles& checkpoint, Replayer& replayer) {
  constexpr int kBatchRows = 1'024;
  if (parquet == nullptr)
    return Fail(ErrorCode::kUnsupported, checkpoint.Id(), "no Parquet reader is loaded");
  LEVEE_ASSIGN(const CheckpointState state, ReadCheckpointState(store, *parquet, checkpoint));
  types::Schema schema;
  for (const StateAction& action : state.state) {
    LEVEE_RETURN_IF_ERROR(replayer.Apply(action));
    if (action.kind != StateKind::kMetadata) continue;
    LEVEE_ASSIGN(Metadata metadata, ParseMetadata(action.json));
    schema = std::move(metadata.schema);
  }
  if (checkpoint.kind == CheckpointFiles::Kind::kV2Json) {
    LEVEE_ASSIGN(std::string text, store.Read(std::string(kLogFolder) + "/" + checkpoint.Id()));
    CommitContent content;
    LEVEE_RETURN_IF_ERROR(ParseActions(std::move(text), content, nullptr));
    LEVEE_RETURN_IF_ERROR(replayer.Apply(content));
  }
  RowApplier rows_of(schema, replayer);
  LEVEE_ASSIGN(const auto files, OpenCheckpointFiles(store, *parquet, checkpoint, state.sidecars));
  for (const auto& file : files) {
    for (int row_group = 0; row_group < file->row_groups(); ++row_group) {
      LEVEE_RETURN_IF_ERROR(VisitBatches(*file, row_group, {"add", "remove"}, kBatchRows,
                                         [&](const ArrowColumn& batch, std::int64_t rows) -> Result<bool> {
                                           rows_of.Apply(batch, rows);
                                           return true;
                                         }));
    }
  }
  return {};
}

Status ApplyCommits(objectstore::ObjectStore& store, const ReplayPlan& plan, Replayer& replayer) {
  // One after another: a log may have more commits than fit into memory.
  auto compacted = plan.compacted.begin();
  const auto apply_compacted = [&](std::int64_t before) -> Status {
    for (; compacted != plan.compacted.end() && compacted->last_version < before; ++compacted) {
      LEVEE_ASSIGN(const CommitContent content, ReadCompacted(store, *compacted));
      LEVEE_RETURN_IF_ERROR(replayer.Apply(content));
    }
    return {};
  };
  for (const CommitFile& file : plan.commits) {
    LEVEE_RETURN_IF_ERROR(apply_compacted(file.version));
    LEVEE_ASSIGN(const CommitContent content, ReadCommit(store, file));
    LEVEE_RETURN_IF_ERROR(replayer.Apply(content));
  }
  return apply_compacted(INT64_MAX);
}

}  // namespace

Result<PlainState> ReplayPlainly(objectstore::ObjectStore& store, objectstore::ParquetSource* parquet,
                                 const ReplayPlan& plan, bool* checkpoint_failed) {
  PlainState files;
  FileMaps maps(files);
  LEVEE_ASSIGN(PlainState state, ReplayPlainly(store, parquet, plan, maps, checkpoint_failed));
  state.files = std::move(files.files);
  state.tombstones = std::move(files.tombstones);
  return state;
}

Result<PlainState> ReplayPlainly(objectstore::ObjectStore& store, objectstore::ParquetSource* parquet,
                                 const ReplayPlan& plan, ReplayVisitor& visitor, bool* checkpoint_failed) {
  Replayer replayer(visitor);
  if (plan.checkpoint) {
    Status applied = ApplyCheckpoint(store, parquet, *plan.checkpoint, replayer);
    if (checkpoint_failed != nullptr) *checkpoint_failed = !applied;
    LEVEE_RETURN_IF_ERROR(std::move(applied));
  }
  LEVEE_RETURN_IF_ERROR(ApplyCommits(store, plan, replayer));
  return replayer.Finish(plan.version);
}

Result<PlainState> ReplayTablePlainly(objectstore::ObjectStore& store, objectstore::ParquetSource* parquet,
                                      std::optional<std::int64_t> version) {
  LEVEE_ASSIGN(const LogListing listing, ListLog(store, 0));
  std::set<std::string> unusable;
  while (true) {
    LEVEE_ASSIGN(const ReplayPlan plan, PlanReplay(listing, version, unusable));
    bool checkpoint_failed = false;
    auto state = ReplayPlainly(store, parquet, plan, &checkpoint_failed);
    if (state || !checkpoint_failed || state.error().code != ErrorCode::kCorrupt) return state;
    unusable.insert(plan.checkpoint->Id());
    // When nothing older will do, the checkpoint's own error says most.
    if (!PlanReplay(listing, version, unusable)) return state;
  }
}

}  // namespace levee::delta
