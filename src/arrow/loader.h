// Loads the Arrow module on first need, so that what never reads Parquet never pays for it.
#pragma once

#include "base/status.h"
#include "objectstore/parquet_sink.h"
#include "objectstore/parquet_source.h"

namespace levee::arrow {

// The process's Parquet reader: the module that LEVEE_ARROW_MODULE names, else levee_arrow.so beside the library that this
// is a part of, else in ../lib of the program. LEVEE_ARROW_LIBRARIES names a folder with libarrow and libparquet that wins
// over the one the module was built or installed with. kUnsupported when it cannot be loaded, with the loader's reason.
// Thread-safe; loads once.
Result<objectstore::ParquetSource*> LoadParquetSource();
// The process's Parquet writer, of the same module.
Result<objectstore::ParquetSink*> LoadParquetSink();

}  // namespace levee::arrow
