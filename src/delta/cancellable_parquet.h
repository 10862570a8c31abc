// Parquet files in clouds whose reads end with the work that they are for.
#pragma once

#include <memory>
#include <string_view>

#include "base/status.h"
#include "objectstore/parquet_source.h"

namespace levee::delta {

// As parquet.Open. Where requests are sent ahead, by threads of the reader's own, they are called off with what the calling
// thread does now.
Result<std::unique_ptr<objectstore::ParquetFile>> OpenCancellable(objectstore::ObjectStore& store,
                                                                  objectstore::ParquetSource& parquet,
                                                                  std::string_view path);

}  // namespace levee::delta
