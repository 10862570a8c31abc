// A part out of the store.
#pragma once

#include <memory>

#include "text/chunks.h"
#include "text/part.h"

namespace levee::text {

// `directory` is as PartWriter or MergeParts gave it. The source stays as long as the part does. kCorrupt;
// kUnsupported: of a newer version. Chunks are read when they are needed, and never kept.
Result<std::shared_ptr<const Part>> OpenPart(ByteSpan directory, std::shared_ptr<const ChunkSource> source);

}  // namespace levee::text
