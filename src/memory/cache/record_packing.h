// How long records are kept compressed.
#pragma once

#include "cache/value_codec.h"

namespace levee::memory {

// LZ4. Lives as long as the process.
const cache::ValueCodec& RecordPacking();

}  // namespace levee::memory
