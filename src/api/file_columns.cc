#include "api/file_columns.h"

#include <algorithm>
#include <array>

#include "api/nearest_name.h"

namespace levee::api {
namespace {

using columnar::ColumnKey;
using columnar::ColumnRole;
using output::FileField;
using output::FileFieldKind;

struct Bound {
  std::string_view prefix;
  ColumnRole role;
};
constexpr std::array kBounds{Bound{"min.", ColumnRole::kMin}, Bound{"max.", ColumnRole::kMax},
                             Bound{"nulls.", ColumnRole::kNullCount}};

constexpr std::array kDvRoles{ColumnRole::kDvStorageType, ColumnRole::kDvPathOrInline, ColumnRole::kDvOffset,
                              ColumnRole::kDvSizeInBytes, ColumnRole::kDvCardinality};

bool HoldsStats(ColumnRole role) {
  switch (role) {
    case ColumnRole::kNumRecords:
    case ColumnRole::kTightBounds:
    case ColumnRole::kMin:
    case ColumnRole::kMax:
    case ColumnRole::kNullCount:
    case ColumnRole::kStatsForm:
    case ColumnRole::kStatsResidual: return true;
    default: return false;
  }
}

ColumnRole RoleOf(FileFieldKind kind) {
  switch (kind) {
    case FileFieldKind::kSize: return ColumnRole::kSize;
    case FileFieldKind::kModificationTime: return ColumnRole::kModificationTime;
    case FileFieldKind::kNumRecords: return ColumnRole::kNumRecords;
    case FileFieldKind::kBaseRowId: return ColumnRole::kBaseRowId;
    case FileFieldKind::kDefaultRowCommitVersion: return ColumnRole::kDefaultRowCommitVersion;
    case FileFieldKind::kTags: return ColumnRole::kTags;
    case FileFieldKind::kAddedVersion: return ColumnRole::kAddedVersion;
    default: return ColumnRole::kPath;
  }
}

class FilePlanner {
 public:
  FilePlanner(const catalog::View& view, const catalog::ListedFiles* listed) : view_(view), listed_(listed) {}

  Result<FilePlan> PlanDefaults(FileDefaults defaults) {
    switch (defaults) {
      case FileDefaults::kPaths: return PlanNames(std::array<std::string_view, 1>{"path"});
      case FileDefaults::kTable: return PlanTable();
      case FileDefaults::kProtocol: return PlanNames(output::PlainFileFieldNames());
      case FileDefaults::kArrow: return PlanArrow();
    }
    return plan_;
  }

  Result<FilePlan> PlanNames(std::span<const std::string_view> names) {
    for (const std::string_view name : names) {
      if (std::optional<ColumnKey> key = ListedColumn(listed_, name)) {
        AddBoundField(std::string(name), std::move(*key));
        continue;
      }
      if (const Status status = AddBound(name, name); !status) return std::unexpected(status.error());
      if (added_bound_) continue;
      std::optional<FileField> field = output::PlainFileField(name);
      if (!field) return std::unexpected(UnknownField(name));
      if (const Status status = AddPlain(std::move(*field)); !status) return std::unexpected(status.error());
    }
    return plan_;
  }

 private:
  Result<FilePlan> PlanTable() {
    if (PartitionColumns(view_.state().metadata).empty()) {
      return PlanNames(std::array<std::string_view, 3>{"path", "size", "numRecords"});
    }
    return PlanNames(std::array<std::string_view, 4>{"path", "size", "numRecords", "partitionValues"});
  }

  Result<FilePlan> PlanArrow() {
    for (const std::string_view name : output::PlainFileFieldNames()) {
      if (name == "stats") continue;
      if (const Status status = AddPlain(*output::PlainFileField(name)); !status) {
        return std::unexpected(status.error());
      }
    }
    LEVEE_ASSIGN(const std::vector<ColumnKey> columns, view_.Columns());
    for (const ColumnKey& key : columns) {
      for (const Bound& bound : kBounds) {
        if (key.role == bound.role) AddBoundField(std::string(bound.prefix) + LogicalName(key.path), key);
      }
    }
    return plan_;
  }

  Status AddPlain(FileField field) {
    if (field.kind == FileFieldKind::kPartitionValues) {
      field.partition_columns = PartitionColumns(view_.state().metadata);
      LEVEE_RETURN_IF_ERROR(AddStored([](ColumnRole role) { return role == ColumnRole::kPartition; }));
    } else if (field.kind == FileFieldKind::kStats) {
      plan_.needs_stats = true;
      LEVEE_RETURN_IF_ERROR(AddStored(HoldsStats));
    } else if (field.kind == FileFieldKind::kDeletionVector) {
      for (const ColumnRole role : kDvRoles) AddColumn(plan_.columns, columnar::PlainKey(role));
    } else {
      AddColumn(plan_.columns, columnar::PlainKey(RoleOf(field.kind)));
    }
    plan_.fields.push_back(std::move(field));
    return {};
  }

  Status AddBound(std::string_view name, std::string_view shown) {
    added_bound_ = false;
    for (const Bound& bound : kBounds) {
      if (!name.starts_with(bound.prefix)) continue;
      LEVEE_ASSIGN(ColumnKey key, view_.StatisticsColumn(bound.role, name.substr(bound.prefix.size())));
      AddBoundField(std::string(shown), std::move(key));
      added_bound_ = true;
      return {};
    }
    return {};
  }

  void AddBoundField(std::string name, ColumnKey key) {
    AddColumn(plan_.columns, key);
    plan_.fields.push_back({.kind = FileFieldKind::kBound, .name = std::move(name), .column = std::move(key)});
  }

  template <typename Matches>
  Status AddStored(Matches matches) {
    // Asked for once, and only when a field needs it: a list of paths does not.
    if (!stored_) {
      LEVEE_ASSIGN(stored_, view_.StoredColumns());
    }
    for (const ColumnKey& key : *stored_) {
      if (matches(key.role)) AddColumn(plan_.columns, key);
    }
    return {};
  }

  // The user's names of a physical path, joined by '.'.
  std::string LogicalName(std::string_view physical_path) {
    if (leaves_.empty()) leaves_ = view_.state().metadata.schema.Leaves();
    std::string name(physical_path);
    std::replace(name.begin(), name.end(), types::kPathSeparator, '.');
    for (const types::LeafColumn& leaf : leaves_) {
      if (leaf.physical_path != physical_path) continue;
      name.clear();
      for (const std::string& part : leaf.logical_path) name += (name.empty() ? "" : ".") + part;
    }
    return name;
  }

  static Error UnknownField(std::string_view name) {
    std::string known;
    for (const std::string_view field : output::PlainFileFieldNames()) known += std::string(field) + ", ";
    return {ErrorCode::kInvalidArgument, std::string(kFileColumns), "there is no field '" + std::string(name) + "'",
            NearestHint(name, output::PlainFileFieldNames(), known + "min.COLUMN, max.COLUMN, nulls.COLUMN; list.COLUMN with --paths")};
  }

  const catalog::View& view_;
  const catalog::ListedFiles* const listed_;
  FilePlan plan_;
  bool added_bound_ = false;
  std::optional<std::vector<ColumnKey>> stored_;
  std::vector<types::LeafColumn> leaves_;
};

}  // namespace

Result<FilePlan> PlanFiles(const catalog::View& view, const FileChoice& choice) {
  FilePlanner planner(view, choice.listed);
  if (!choice.columns) return planner.PlanDefaults(choice.defaults);
  return planner.PlanNames(SplitNames(*choice.columns));
}

std::string_view Unquoted(std::string_view name) {
  if (name.size() < 2 || name.front() != name.back() || (name.front() != '"' && name.front() != '`')) return name;
  return name.substr(1, name.size() - 2);
}

std::optional<ColumnKey> ListedColumn(const catalog::ListedFiles* listed, std::string_view field) {
  if (listed == nullptr || !field.starts_with("list.")) return std::nullopt;
  const std::string_view name = Unquoted(field.substr(5));
  for (const columnar::BatchColumn& column : listed->rows->columns) {
    if (column.key.path == name) return column.key;
  }
  return std::nullopt;
}

Result<FilePlan> PlanFields(const catalog::View& view, std::span<const std::string_view> names) {
  return FilePlanner(view, nullptr).PlanNames(names);
}

std::vector<std::string_view> SplitNames(std::string_view list) {
  std::vector<std::string_view> names;
  char quote = '\0';
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= list.size(); ++i) {
    if (i == list.size() || (list[i] == ',' && quote == '\0')) {
      std::string_view name = list.substr(begin, i - begin);
      while (name.starts_with(' ')) name.remove_prefix(1);
      while (name.ends_with(' ')) name.remove_suffix(1);
      names.push_back(name);
      begin = i + 1;
    } else if (quote != '\0') {
      if (list[i] == quote) quote = '\0';
    } else if (list[i] == '"' || list[i] == '`') {
      quote = list[i];
    }
  }
  return names;
}

void AddColumn(std::vector<ColumnKey>& columns, const ColumnKey& key) {
  if (std::find(columns.begin(), columns.end(), key) == columns.end()) columns.push_back(key);
}

std::vector<std::string> PartitionColumns(const delta::Metadata& metadata) {
  std::vector<std::string> physical;
  for (const std::string& name : metadata.partition_columns) {
    physical.push_back(name);
    for (const types::Field& field : metadata.schema.fields) {
      if (field.name == name && !field.physical_name.empty()) physical.back() = field.physical_name;
    }
  }
  return physical;
}

}  // namespace levee::api
