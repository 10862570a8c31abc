#include "cli/union_columns.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "api/file_order.h"

namespace levee::cli {
namespace {

using columnar::ColumnKey;
using output::FileField;
using output::FileFieldKind;
using types::TypeKind;

constexpr std::string_view kTableField = "table";

FileField TableField() {
  return {.kind = FileFieldKind::kBound, .name = std::string(kTableField), .column = query::UnionLabelKey()};
}

Failure In(const NamedView& table, Failure failure) {
  failure.error.what = std::string(table.name) + ": " + failure.error.what;
  return failure;
}

bool IsWhole(TypeKind kind) {
  return kind == TypeKind::kByte || kind == TypeKind::kShort || kind == TypeKind::kInteger || kind == TypeKind::kLong;
}

bool IsReal(TypeKind kind) { return kind == TypeKind::kFloat || kind == TypeKind::kDouble; }

// That holds the values of both as they are kept. Empty: there is none.
std::optional<types::PrimitiveType> TypeOfBoth(types::PrimitiveType a, types::PrimitiveType b) {
  if (a == b) return a;
  if (IsWhole(a.kind) && IsWhole(b.kind)) return types::PrimitiveType{TypeKind::kLong};
  if (IsReal(a.kind) && IsReal(b.kind)) return types::PrimitiveType{TypeKind::kDouble};
  return std::nullopt;
}

class UnionPlanner {
 public:
  UnionPlanner(std::span<const NamedView> tables, const api::FileChoice& choice) : tables_(tables), choice_(choice) {
    plan_.columns.resize(tables.size());
  }

  std::expected<UnionPlan, Failure> Run(std::string_view order) {
    if (const auto done = AddFields(); !done) return std::unexpected(done.error());
    if (const auto done = AddOrder(order); !done) return std::unexpected(done.error());
    return std::move(plan_);
  }

 private:
  std::expected<void, Failure> AddFields() {
    const std::size_t table_at = ReadNames();
    for (const NamedView& table : tables_) {
      const api::FileChoice choice{.columns = names_, .defaults = choice_.defaults, .listed = choice_.listed};
      auto own = OfOption(api::PlanFiles(table.view, choice), api::kFileColumns, "columns");
      if (!own) return std::unexpected(In(table, own.error()));
      plans_.push_back(std::move(*own));
    }
    for (const FileField& field : plans_.front().fields) {
      if (only_label_) break;
      if (const auto done = AddField(field); !done) return std::unexpected(done.error());
    }
    auto& fields = plan_.files.fields;
    fields.insert(fields.begin() + static_cast<std::ptrdiff_t>(std::min(table_at, fields.size())), TableField());
    AddOtherColumns();
    return {};
  }

  // The names that each table is asked for; the place of "table" among them.
  std::size_t ReadNames() {
    std::string names;
    std::size_t at = 0;
    if (choice_.columns) {
      std::size_t place = 0;
      for (const std::string_view name : api::SplitNames(*choice_.columns)) {
        if (name == kTableField) {
          at = place;
          continue;
        }
        names += (place++ == 0 ? "" : ",") + std::string(name);
      }
      only_label_ = place == 0;
      if (only_label_) names = "path";
    } else if (choice_.defaults == api::FileDefaults::kTable) {
      const bool partitioned = std::ranges::any_of(
          tables_, [](const NamedView& table) { return !table.view.state().metadata.partition_columns.empty(); });
      names = partitioned ? "path,size,numRecords,partitionValues" : "path,size,numRecords";
    } else {
      return at;
    }
    chosen_ = std::move(names);
    names_ = chosen_;
    return at;
  }

  std::expected<void, Failure> AddField(const FileField& first) {
    FileField field = first;
    if (field.kind == FileFieldKind::kPartitionValues) AddPartitionColumns(field);
    if (field.kind == FileFieldKind::kBound) {
      std::vector<ColumnKey> keys;
      for (const api::FilePlan& own : plans_) {
        const auto found = std::ranges::find(own.fields, field.name, &FileField::name);
        if (found == own.fields.end() || found->kind != FileFieldKind::kBound) return {};
        keys.push_back(found->column);
      }
      auto united = Unite(field.name, keys);
      if (!united) return choice_.columns ? std::unexpected(united.error()) : std::expected<void, Failure>();
      field.column = std::move(*united);
    }
    plan_.files.fields.push_back(std::move(field));
    return {};
  }

  void AddPartitionColumns(FileField& field) const {
    field.label = query::UnionLabelKey();
    field.partition_columns.clear();
    for (const NamedView& table : tables_) {
      std::vector<std::string> own = api::PartitionColumns(table.view.state().metadata);
      for (const std::string& column : own) {
        if (std::ranges::find(field.partition_columns, column) == field.partition_columns.end())
          field.partition_columns.push_back(column);
      }
      field.partition_columns_of.insert_or_assign(std::string(table.name), std::move(own));
    }
  }

  // One key for a column that each table has under its own.
  std::expected<ColumnKey, Failure> Unite(const std::string& name, const std::vector<ColumnKey>& keys) {
    std::optional<types::PrimitiveType> type = keys.front().type;
    for (std::size_t i = 1; i < keys.size(); ++i) {
      const types::PrimitiveType before = *type;
      type = keys[i].role == keys[0].role ? TypeOfBoth(before, keys[i].type) : std::nullopt;
      if (type) continue;
      return std::unexpected(In(
          tables_[i], UsageError{name, "it is a " + types::TypeName(keys[i].type) + " here, and a " +
                                           types::TypeName(before) + " in " + std::string(tables_[0].name),
                                 "ask the tables one by one"}));
    }
    const bool same = std::ranges::all_of(keys, [&](const ColumnKey& key) { return key == keys[0]; });
    ColumnKey united = same ? keys[0] : query::UnitedKey(united_++, *type);
    for (std::size_t i = 0; i < keys.size(); ++i) AddUnited(i, {keys[i], united});
    api::AddColumn(plan_.files.columns, united);
    return united;
  }

  void AddUnited(std::size_t table, query::UnitedColumn column) {
    auto& columns = plan_.columns[table];
    const bool known = std::ranges::any_of(
        columns, [&](const auto& other) { return other.own == column.own && other.united == column.united; });
    if (!known) columns.push_back(std::move(column));
  }

  // What other fields are made of, as each table has it; statistics are printed from a table's own bounds.
  void AddOtherColumns() {
    api::AddColumn(plan_.files.columns, query::UnionLabelKey());
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      plan_.files.needs_stats = plan_.files.needs_stats || plans_[i].needs_stats;
      for (const ColumnKey& key : plans_[i].columns) {
        const bool of_field = std::ranges::any_of(plans_[i].fields, [&](const FileField& field) {
          return field.kind == FileFieldKind::kBound && field.column == key;
        });
        if (of_field && !plans_[i].needs_stats) continue;
        AddUnited(i, {key, key});
        api::AddColumn(plan_.files.columns, key);
      }
    }
  }

  std::expected<void, Failure> AddOrder(std::string_view text) {
    if (text.empty()) return {};
    for (const std::string_view part : api::SplitNames(text)) {
      std::string_view name = part;
      const bool descending = api::TakeDescending(name);
      if (name == kTableField) {
        plan_.order.push_back(
            {.column = query::UnionLabelKey(), .descending = descending, .name = std::string(kTableField)});
        continue;
      }
      std::vector<ColumnKey> keys;
      query::SortKey key;
      for (const NamedView& table : tables_) {
        auto own = OfOption(api::ReadOrder(table.view, part, choice_.listed), api::kFileOrder, "order-by");
        if (!own) return std::unexpected(In(table, own.error()));
        key = std::move(own->front());
        keys.push_back(key.column);
      }
      // The columns of the answer stay those that are printed.
      std::vector<ColumnKey> printed = plan_.files.columns;
      auto united = Unite(std::string(name), keys);
      if (!united) return std::unexpected(united.error());
      plan_.files.columns = std::move(printed);
      key.column = std::move(*united);
      plan_.order.push_back(std::move(key));
    }
    return {};
  }

  const std::span<const NamedView> tables_;
  const api::FileChoice& choice_;
  std::string chosen_;                      // what names_ borrows
  std::optional<std::string_view> names_;
  std::vector<api::FilePlan> plans_;        // by table
  bool only_label_ = false;                 // no other field is chosen
  std::size_t united_ = 0;
  UnionPlan plan_;
};

}  // namespace

std::expected<UnionPlan, Failure> PlanUnion(std::span<const NamedView> tables, const api::FileChoice& choice,
                                            std::string_view order) {
  return UnionPlanner(tables, choice).Run(order);
}

}  // namespace levee::cli
