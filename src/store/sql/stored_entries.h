// Whole segments read back, every column: what compaction and tombstones work on.
#pragma once

#include "store/sql/layout.h"
#include "store/sql/segment_reader.h"

namespace levee::store {

// Every column of a segment with a directory, but for kKeyHash.
Result<columnar::Batch> ReadWholeSegment(SegmentReader& reader, ReadSession& session, const Dictionary& dictionary,
                                         const SegmentInfo& info);

// The batch that a small segment's body holds.
Result<columnar::Batch> ReadMicroSegment(ReadSession& session, const Dictionary& dictionary, std::int64_t segment_id);

// One of both, as the segment's format says.
Result<columnar::Batch> ReadSegment(SegmentReader& reader, ReadSession& session, const Dictionary& dictionary,
                                    const SegmentInfo& info);

}  // namespace levee::store
