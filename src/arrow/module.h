// The symbols through which the Arrow module is reached.
#pragma once

#include <cstdint>

#include "base/memory_budget.h"
#include "objectstore/parquet_sink.h"
#include "objectstore/parquet_source.h"

namespace levee::arrow {

// Versioned by name, so that a module of another build is not mistaken for this one's.
inline constexpr char kModuleFactory[] = "LeveeParquetSource2";
// Returns an object that lives as long as the process, and so must the budget: the module has its own copy of every
// layer below, so it is handed the process's. `set_aside_bytes`: what importers hold for decoders anyway.
using ModuleFactory = objectstore::ParquetSource* (*)(MemoryBudget& budget, std::int64_t set_aside_bytes);

// Likewise, for writing.
inline constexpr char kSinkFactory[] = "LeveeParquetSink1";
using SinkFactory = objectstore::ParquetSink* (*)(MemoryBudget& budget);

}  // namespace levee::arrow
