// Reads a checkpoint of any kind, streamed, to typed batches.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/bitmap.h"
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
  bool tombstones = true;        // read the remove actions too
  std::size_t batch_bytes = 0;   // a batch of adds ends soon after it has as many; 0: no bound but its rows
};

// Takes what one thread reads. An error stops the reading and is returned.
class CheckpointSink {
 public:
  virtual ~CheckpointSink() = default;
  // As EntryBatchBuilder builds them, at most 65,536 rows.
  virtual Status Adds(columnar::Batch batch) = 0;
  // As RemovesToBatch does, at most 65,536 rows.
  virtual Status Removes(columnar::Batch batch) = 0;
  // The rows since the last call are all those of `units`.
  virtual Status Complete(const std::vector<std::size_t>& units) = 0;
};

// A checkpoint cut into units that can be read one by one: the actions of a JSON manifest, and each row
// group of its Parquet files. Their numbers depend on the checkpoint's files alone.
class CheckpointUnits {
 public:
  // Opens the files. kCorrupt when one is not there or is no Parquet file. `store` and `checkpoint` must outlive
  // the result.
  static Result<CheckpointUnits> Open(objectstore::ObjectStore& store, objectstore::ParquetSource& parquet,
                                      const CheckpointFiles& checkpoint, const CheckpointState& state);

  std::size_t size() const { return units_.size(); }

  // Reads the units that are not in `done` (empty: all of them), each whole by one of the threads, which
  // makes a sink of its own. kCorrupt when the checkpoint cannot be read: the caller falls back to an older one.
  Status Read(const types::Schema& schema, const CheckpointOptions& options, const Bitmap& done,
              const std::function<std::unique_ptr<CheckpointSink>()>& make_sink) const;

 private:
  struct Unit {
    objectstore::ParquetFile* file = nullptr;  // null: the manifest
    int row_group = 0;
  };

  CheckpointUnits(objectstore::ObjectStore& store, const CheckpointFiles& checkpoint)
      : store_(&store), checkpoint_(&checkpoint) {}

  objectstore::ObjectStore* store_;
  const CheckpointFiles* checkpoint_;
  std::vector<std::unique_ptr<objectstore::ParquetFile>> files_;
  std::vector<Unit> units_;
};

// Reads all units. Both callbacks may be called from several threads at once.
Status ReadCheckpointFiles(objectstore::ObjectStore& store, objectstore::ParquetSource& parquet,
                           const CheckpointFiles& checkpoint, const CheckpointState& state,
                           const types::Schema& schema, const CheckpointOptions& options,
                           const std::function<Status(columnar::Batch)>& on_adds,
                           const std::function<Status(columnar::Batch)>& on_removes);

}  // namespace levee::delta
