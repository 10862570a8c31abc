// Decoded columns made small for memory: one LZ4 block, for caches. Never written to disk.
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "columnar/batch.h"

namespace levee::columnar {

Bytes PackColumn(const ColumnVector& column);
Bytes PackBatches(const std::vector<Batch>& batches);

// kCorrupt when the bytes are not what the other function made.
Result<ColumnVector> UnpackColumn(ByteSpan packed);
Result<std::vector<Batch>> UnpackBatches(ByteSpan packed);

}  // namespace levee::columnar
