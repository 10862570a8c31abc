// Loads the Arrow module on first need, so that what never reads Parquet never pays for it.
#pragma once

#include "base/status.h"
#include "objectstore/parquet_source.h"

namespace levee::arrow {

// The process's Parquet reader. Looks for levee_arrow.so beside the program (../lib), then beside the library that this is
// a part of, then where LEVEE_ARROW_MODULE points. kUnsupported when it cannot be loaded, with the loader's reason.
// Thread-safe; loads once.
Result<objectstore::ParquetSource*> LoadParquetSource();

}  // namespace levee::arrow
