// Reads a checkpoint of a log in memory, whatever it holds.
#pragma once

#include <atomic>

#include "arrow/loader.h"
#include "delta/checkpoint_reader.h"
#include "delta/entry_batch_builder.h"
#include "tests/fuzz/fuzz.h"

namespace levee::fuzz {

inline types::Schema SchemaOf(const delta::CheckpointState& state) {
  for (const delta::StateAction& action : state.state) {
    if (action.kind != delta::StateKind::kMetadata) continue;
    if (auto metadata = delta::ParseMetadata(action.json)) return std::move(metadata->schema);
  }
  constexpr char kSchema[] = R"({"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{}}]})";
  static const types::Schema schema = *delta::ParseSchema(kSchema, {}, "none");
  return schema;
}

// Each batch that is handed over holds together.
inline void ReadCheckpoint(objectstore::ObjectStore& log, const delta::CheckpointFiles& checkpoint) {
  static objectstore::ParquetSource& parquet = **arrow::LoadParquetSource();
  const auto state = delta::ReadCheckpointState(log, parquet, checkpoint);
  if (!state) return;
  for (const delta::StateAction& action : state->state) {
    if (action.kind == delta::StateKind::kProtocol) static_cast<void>(delta::ParseProtocol(action.json));
  }
  const types::Schema schema = SchemaOf(*state);
  const auto take = [&](columnar::Batch batch) -> Status {
    for (const columnar::BatchColumn& column : batch.columns) {
      FUZZ_REQUIRE(column.values.rows == batch.rows);
      FUZZ_REQUIRE(column.values.physical == types::PhysicalTypeOf(column.key.type));
    }
    FUZZ_REQUIRE(delta::RenderStats(batch).size() == batch.rows);
    return {};
  };
  static_cast<void>(
      delta::ReadCheckpointFiles(log, parquet, checkpoint, *state, schema, {.threads = 1}, take, take));
}

}  // namespace levee::fuzz
