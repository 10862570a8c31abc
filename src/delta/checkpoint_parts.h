// The files of a checkpoint, and streaming their rows.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "delta/arrow_view.h"
#include "delta/checkpoint_reader.h"
#include "objectstore/parquet_source.h"

namespace levee::delta {

// The path below the table's folder of a sidecar, which may be named absolutely. kUnsupported when it
// lies elsewhere.
Result<std::string> SidecarPath(const objectstore::ObjectStore& store, std::string_view path);

// Opens the Parquet files that hold a checkpoint's adds: its parts (but a JSON manifest), its sidecars.
Result<std::vector<std::unique_ptr<objectstore::ParquetFile>>> OpenCheckpointFiles(
    objectstore::ObjectStore& store, objectstore::ParquetSource& parquet, const CheckpointFiles& checkpoint,
    const std::vector<objectstore::ObjectInfo>& sidecars);

// Whether row group `row_group` may hold a value below the struct `column` (e.g. "remove").
bool MayHold(const objectstore::ParquetFile& file, int row_group, std::string_view column);

// Streams a row group; `visit` gets each batch and its number of rows, and answers whether to go on.
Status VisitBatches(objectstore::ParquetFile& file, int row_group, const std::vector<std::string>& columns,
                    int batch_rows,
                    const std::function<Result<bool>(const ArrowColumn&, std::int64_t)>& visit);

}  // namespace levee::delta
