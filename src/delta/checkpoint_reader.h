// Reads a checkpoint of any kind, streamed, to typed batches.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "columnar/batch.h"
#include "delta/actions.h"
#include "delta/log_listing.h"
#include "objectstore/parquet_source.h"

namespace levee::delta {

// The small part of a checkpoint: protocol, metaData, txn and domainMetadata.
struct CheckpointState {
  std::vector<StateAction> state;
  std::vector<objectstore::ObjectInfo> sidecars;  // V2: where the adds are (name only is set, with size)
};

// Reads the state actions only (few columns, not the adds).
Result<CheckpointState> ReadCheckpointState(objectstore::ObjectStore& store,
                                            objectstore::ParquetSource& parquet,
                                            const CheckpointFiles& checkpoint);

struct CheckpointOptions {
  int threads = 1;
  bool tombstones = true;  // read the remove actions too
};

// Streams the adds (as EntryBatchBuilder builds them) and the removes (as RemovesToBatch does), row
// group by row group on `threads`. Both callbacks may be called from several threads at once, with
// batches of at most 65,536 rows; an error from one stops the reading and is returned. kCorrupt when the
// checkpoint cannot be read: the caller falls back to an older one.
Status ReadCheckpointFiles(objectstore::ObjectStore& store, objectstore::ParquetSource& parquet,
                           const CheckpointFiles& checkpoint, const CheckpointState& state,
                           const types::Schema& schema, const CheckpointOptions& options,
                           const std::function<Status(columnar::Batch)>& on_adds,
                           const std::function<Status(columnar::Batch)>& on_removes);

}  // namespace levee::delta
