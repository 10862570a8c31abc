// The one symbol through which the Arrow module is reached.
#pragma once

#include "objectstore/parquet_source.h"

namespace levee::arrow {

// Versioned by name, so that a module of another build is not mistaken for this one's.
inline constexpr char kModuleFactory[] = "LeveeParquetSource1";
// Returns an object that lives as long as the process.
using ModuleFactory = objectstore::ParquetSource* (*)();

}  // namespace levee::arrow
