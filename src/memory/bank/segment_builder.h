// Makes a segment of rows of other parts.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "memory/bank/index_writer.h"
#include "memory/bank/interner.h"
#include "memory/bank/pages.h"
#include "memory/bank/part.h"
#include "memory/bank/segment_directory.h"
#include "store/bank.h"

namespace levee::memory {

// A row that goes into a segment.
struct SourceRow {
  std::uint32_t source = 0;  // place in the list of sources
  std::uint32_t row = 0;
};

// A page of a source that the new segment takes over as it is.
struct KeptPage {
  std::uint32_t source = 0, page = 0;
  friend bool operator==(const KeptPage&, const KeptPage&) = default;
};
struct KeptPageHash {
  std::size_t operator()(const KeptPage& page) const {
    return (std::uint64_t{page.source} << 32 | page.page) * 0x9e3779b97f4a7c15ULL;
  }
};

struct SegmentSource {
  std::shared_ptr<Part> part;
  EndedRows ended;  // as it was when the merge began
};

// How many of a page's rows a segment of a merge takes; see PlanPages.
using PagePlan = std::unordered_map<KeptPage, bool, KeptPageHash>;

// The posting lists of a new segment; chunks by their numbers there.
struct PostingLists {
  Bytes directory;
  std::vector<Bytes> chunks;
};
// Makes them for rows of the sources, in their new order. Empty: segments have none.
using WritePostings = std::function<Result<PostingLists>(std::span<const SourceRow> rows)>;

// A segment before it is published.
struct BuiltSegment {
  SegmentDirectory directory;
  EndedRecord ended;
};

// What building needs beside the rows; all of it outlives the call.
struct BuildContext {
  store::BankStore& store;
  std::int64_t staging = 0;
  Interner& names;
  const std::vector<SegmentSource>& sources;
  const PagePlan& kept_pages;
  const WritePostings& write_postings;
  const MakeIndexWriter& make_index_writer;
  SegmentPages& pages;
  int threads = 1;
};

// At most columnar::kSegmentRowsMax rows, in the segment's order. Stages its chunks.
Result<BuiltSegment> BuildSegment(const BuildContext& context, std::span<const SourceRow> rows);

// The record of a part's ended rows and of what is left.
EndedRecord MakeEndedRecord(const RowColumns& columns, const EndedRows& ended, const Interner& names);

}  // namespace levee::memory
