// The state behind EntryBatchBuilder, which the checkpoint reader fills straight from Arrow arrays.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "delta/action_views.h"
#include "delta/entry_batch_builder.h"
#include "delta/row_columns.h"
#include "delta/stats_parser.h"
#include "delta/stats_slots.h"

namespace levee::delta {

// The partition columns of a batch: the raw text and, where the type has one, the typed value.
class PartitionColumns {
 public:
  // `columns` outlives this object.
  PartitionColumns(const types::Schema& schema, RowColumns& columns, bool typed);
  // `ordinal` is the entry's place in its map, by which the column is guessed.
  void Set(std::size_t row, std::size_t ordinal, const PartitionView& value);

 private:
  struct Column {
    std::string name;  // as the map's keys have it: physical
    types::PrimitiveType type;
    RowColumn* raw = nullptr;
    RowColumn* typed = nullptr;  // null: the type has no typed column
    std::string last_text;       // rows of a partition follow one another: parse once
    types::PhysicalValue last_value;
  };
  Column& Find(std::size_t ordinal, std::string_view name);
  Column& Add(std::string name, types::PrimitiveType type, bool typed);

  RowColumns& columns_;
  std::vector<Column> known_;
  std::unordered_map<std::string, std::size_t> by_name_;
};

struct EntryBatchBuilder::Impl {
  explicit Impl(const types::Schema& schema);
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // Starts a row; its statistics JSON is parsed, when it has any.
  void Append(const AddView& add);
  columnar::Batch Finish();
  // The row that Append added last, for statistics that come as a struct.
  std::size_t last_row() const { return rows - 1; }

  RowColumns columns;
  PartitionColumns partitions;
  StatsSlots slots;
  StatsParser stats;
  std::size_t rows = 0;
  std::vector<PartitionView> scratch;
};

// Sets the path, the deletion vector's columns and the key's hash of a row.
void SetKeyColumns(RowColumns& columns, std::size_t row, std::string_view path,
                   const std::optional<DeletionVectorView>& dv);

}  // namespace levee::delta
