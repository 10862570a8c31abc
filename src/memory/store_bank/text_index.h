// What words are found by, for each part of the bank.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/bitmap.h"
#include "memory/bank/pages.h"
#include "memory/bank/part.h"
#include "memory/bank/segment_builder.h"
#include "memory/bank/stored_segment.h"
#include "memory/bank/view.h"
#include "text/analysis/analyzer.h"
#include "text/check_part.h"
#include "text/memory_part.h"
#include "text/part.h"

namespace levee::memory {

// Which rows count, for a search over one part.
struct IndexedPart {
  std::shared_ptr<const text::Part> text;
  std::shared_ptr<const text::Part> gone_documents;
  Bitmap gone;               // of the text's rows
  std::int64_t unindexed = 0;  // rows that the text has not
};

// Indexes rows of the tail in memory, by whoever asks first. Thread-safe.
class TextIndex {
 public:
  // `pages` outlives it.
  TextIndex(std::shared_ptr<const text::Analyzer> analyzer, const text::FieldWeights& weights, SegmentPages& pages);

  // One that reads other pages, and has nothing in memory yet.
  TextIndex(const TextIndex& like, SegmentPages& pages) : TextIndex(like.analyzer_, like.weights_, pages) {}

  const text::Analyzer& analyzer() const { return *analyzer_; }
  const text::FieldWeights& weights() const { return weights_; }

  // With the view's lock held. `complete`: rows that are not indexed yet are indexed first.
  Result<IndexedPart> Index(const View& view, const std::shared_ptr<Part>& part, bool complete);
  // The rows of a part, whoever is ended; of one that grows no more also without the view's lock.
  Result<std::shared_ptr<const text::Part>> Rows(const std::shared_ptr<Part>& part, const Interner& names, bool complete);
  // The posting lists of rows of sources whose Rows these are: for a segment of them.
  Result<PostingLists> Merge(std::span<const std::shared_ptr<const text::Part>> sources, std::span<const SourceRow> rows) const;
  // The rows of a part, whatever posting lists it has.
  Result<std::shared_ptr<const text::Part>> IndexAfresh(Part& part, const Interner& names) const;
  // Where the posting lists of a segment and its documents disagree; lists of other settings are read only.
  Result<std::vector<std::string>> Check(const StoredSegment& segment, const text::DocumentOfRow& document_of_row) const;
  // Gives up what parts have that are in no view any more.
  void Forget(const View& view);
  // Rows of the view's parts that are not indexed yet.
  std::int64_t Unindexed(const View& view);
  std::int64_t memory_bytes();

 private:
  struct PartText {
    std::mutex mutex;                              // held while rows are added
    std::shared_ptr<const text::Part> stored;      // null: there is none, or it was indexed otherwise
    bool looked = false;                           // for a stored one
    std::shared_ptr<text::MemoryPart> rows, gone;  // null: none yet
    Bitmap gone_rows;                              // that `gone` has
    std::weak_ptr<Part> part;
  };
  std::shared_ptr<PartText> TextOf(const std::shared_ptr<Part>& part);
  Status AddRow(const Interner& names, Part& part, std::uint32_t row, text::MemoryPart& to) const;
  // Looks once for posting lists that the part's segment has.
  Status LookForStored(const Part& part, PartText& text) const;
  Result<std::shared_ptr<const text::Part>> RowsOf(Part& part, PartText& text, const Interner& names, bool complete) const;
  // What decides which tokens a text has.
  std::string Signature() const;

  const std::shared_ptr<const text::Analyzer> analyzer_;
  const text::FieldWeights weights_;
  SegmentPages& pages_;
  text::MemoryPartOptions options_;
  std::mutex mutex_;
  std::unordered_map<const Part*, std::shared_ptr<PartText>> texts_;  // guarded by mutex_
};

}  // namespace levee::memory
