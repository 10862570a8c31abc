#include "memory/bank/merge.h"

#include <algorithm>
#include <set>
#include <span>
#include <unordered_set>

#include "base/test_pause.h"
#include "columnar/segment.h"

namespace levee::memory {
namespace {

// A segment of so many rows is merged no more, unless a quarter of it can go.
constexpr std::uint32_t kFullRows = columnar::kSegmentRowsMax / 4 * 3;

// Whether merging would drop a quarter of its rows.
bool IsWorn(const StoredSegment& segment, const MergePolicy& policy) {
  if (!policy.keep_since || segment.ended.count() * 4 <= segment.rows()) return false;
  const auto& times = segment.ended.times();
  const auto past = std::count_if(times.begin(), times.end(), [&](const auto& each) { return each.second < *policy.keep_since; });
  return static_cast<std::size_t>(past) * 4 > segment.rows();
}

// Rows that ended stand in segments of their own, which questions about the present pass over; so a segment goes once half
// of its rows have ended.
bool IsMixed(const StoredSegment& segment) {
  return !segment.is_history() && std::uint64_t{segment.ended.count()} * 2 > segment.rows();
}

std::uint64_t SegmentsFor(std::uint64_t rows) { return (rows + columnar::kSegmentRowsMax - 1) / columnar::kSegmentRowsMax; }

// Segments that go together with runs: each not larger than all smaller ones of its kind together, so that a row is moved
// as often as the logarithm of the segments' number.
class SegmentChoice {
 public:
  SegmentChoice(const View& view, const MergePolicy& policy) : policy_(policy), by_size_(view.segments()) {
    std::sort(by_size_.begin(), by_size_.end(), [](const auto& a, const auto& b) { return a->rows() < b->rows(); });
  }

  // `runs`: that are merged.
  std::vector<std::shared_ptr<StoredSegment>> Choose(const std::vector<std::shared_ptr<TailRun>>& runs) {
    for (const auto& run : runs) Count(*run);
    for (const auto& segment : by_size_) {
      if (!segment->is_history()) Consider(segment, rows_ + ended_);
    }
    for (const auto& segment : by_size_) {
      if (segment->is_history() && (ended_ > 0 || policy_.everything)) Consider(segment, ended_);
    }
    // What gives as many segments as before is worth nothing.
    const bool fewer = SegmentsFor(rows_) + SegmentsFor(ended_) < chosen_.size();
    if (runs.empty() && !fewer && !must_) chosen_.clear();
    return std::move(chosen_);
  }

 private:
  void Count(const Part& part) {
    ended_ += part.ended.count();
    rows_ += part.rows() - part.ended.count();
  }
  void Consider(const std::shared_ptr<StoredSegment>& segment, std::uint64_t smaller_rows) {
    const bool grows = segment->rows() < kFullRows && (policy_.everything || segment->rows() <= smaller_rows);
    const bool must = IsWorn(*segment, policy_) || IsMixed(*segment);
    if (!grows && !must) return;
    must_ = must_ || must;
    chosen_.push_back(segment);
    Count(*segment);
  }

  const MergePolicy& policy_;
  std::vector<std::shared_ptr<StoredSegment>> by_size_, chosen_;
  std::uint64_t rows_ = 0, ended_ = 0;  // of what goes, by whether they ended
  bool must_ = false;
};

// Rows newest first, equal ones by id.
class Sorter {
 public:
  explicit Sorter(const std::vector<SegmentSource>& sources) : sources_(sources) {}

  Status Sort(std::vector<SourceRow>& rows) {
    std::vector<const RowColumns*> columns;
    for (const SegmentSource& source : sources_) {
      LEVEE_ASSIGN(const RowColumns* each, source.part->Columns());
      columns.push_back(each);
    }
    const auto updated = [&](const SourceRow& row) { return columns[row.source]->updated[row.row]; };
    std::sort(rows.begin(), rows.end(),
              [&](const SourceRow& a, const SourceRow& b) { return updated(a) > updated(b); });
    for (auto first = rows.begin(); first != rows.end();) {
      const auto last = std::find_if(first, rows.end(), [&](const SourceRow& row) { return updated(row) != updated(*first); });
      if (last - first > 1) LEVEE_RETURN_IF_ERROR(SortById(first, last));
      first = last;
    }
    return {};
  }

 private:
  using Place = std::vector<SourceRow>::iterator;

  Status SortById(Place first, Place last) {
    struct Named {
      std::string id;
      std::int64_t version;
      SourceRow row;
    };
    std::vector<Named> named;
    for (Place at = first; at != last; ++at) {
      LEVEE_ASSIGN(const ColdRecord cold, sources_[at->source].part->ColdOnce(at->row));
      LEVEE_ASSIGN(const std::string_view id, DecodeColdId(cold.bytes));
      LEVEE_ASSIGN(const RowColumns* columns, sources_[at->source].part->Columns());
      named.push_back({std::string(id), columns->version[at->row], *at});
    }
    std::sort(named.begin(), named.end(), [](const Named& a, const Named& b) {
      return a.id != b.id ? a.id < b.id : a.version > b.version;
    });
    std::transform(named.begin(), named.end(), first, [](const Named& each) { return each.row; });
    return {};
  }

  const std::vector<SegmentSource>& sources_;
};

// The rows of each new segment, as even parts of those that are there and of those that ended.
std::vector<std::span<const SourceRow>> Slices(std::span<const SourceRow> there, std::span<const SourceRow> ended) {
  std::vector<std::span<const SourceRow>> slices;
  for (const std::span<const SourceRow> rows : {there, ended}) {
    const std::size_t segments = SegmentsFor(rows.size());
    if (segments == 0) continue;
    const std::size_t each = (rows.size() + segments - 1) / segments;
    for (std::size_t first = 0; first < rows.size(); first += each) {
      slices.push_back(rows.subspan(first, std::min(each, rows.size() - first)));
    }
  }
  return slices;
}

// Pages stay where they are when they are still half full of rows of one new segment.
Result<PagePlan> PlanPages(const std::vector<SegmentSource>& sources, const std::vector<std::span<const SourceRow>>& slices) {
  struct Use {
    std::uint64_t bytes = 0;
    std::size_t segment = 0;
    bool mixed = false;
  };
  std::unordered_map<KeptPage, Use, KeptPageHash> uses;
  for (std::size_t slice = 0; slice < slices.size(); ++slice) {
    for (const auto& [source, row] : slices[slice]) {
      auto* const segment = dynamic_cast<StoredSegment*>(sources[source].part.get());
      if (segment == nullptr) continue;
      LEVEE_ASSIGN(const auto* locations, segment->Locations());
      LEVEE_ASSIGN(const RowColumns* columns, segment->Columns());
      const auto [place, is_new] = uses.try_emplace({source, Location::Of((*locations)[row]).page});
      Use& use = place->second;
      if (is_new) use.segment = slice;
      use.mixed = use.mixed || use.segment != slice;
      use.bytes += columns->content_bytes[row];
    }
  }
  PagePlan plan;
  for (const auto& [page, use] : uses) plan.emplace(page, !use.mixed && use.bytes * 2 >= kPageBytes);
  return plan;
}

// The chunks of segments that go, but for the pages that new ones have taken over.
std::vector<std::int64_t> DroppedChunks(const MergePlan& plan, const std::vector<BuiltSegment>& built) {
  std::unordered_set<std::int64_t> kept(plan.dictionaries.begin(), plan.dictionaries.end());
  for (const BuiltSegment& segment : built) {
    kept.insert(segment.directory.pages.begin(), segment.directory.pages.end());
    kept.insert(segment.directory.dictionaries.begin(), segment.directory.dictionaries.end());
  }
  // Two segments that go may have shared a dictionary.
  std::set<std::int64_t> dropped;
  const auto drop = [&](const std::vector<std::int64_t>& chunks) { dropped.insert(chunks.begin(), chunks.end()); };
  for (const auto& segment : plan.dropped) {
    const SegmentDirectory& directory = segment->directory();
    drop(directory.OwnChunks());
    drop(directory.embedding_pages);
    drop(directory.pages);
    drop(directory.dictionaries);
  }
  std::erase_if(dropped, [&](std::int64_t chunk) { return kept.contains(chunk); });
  return {dropped.begin(), dropped.end()};
}

}  // namespace

Result<std::optional<MergePlan>> PlanMerge(const View& view, const MergePolicy& policy) {
  MergePlan plan{.generation = view.state().generation, .merged_position = view.merged_position(),
                 .sources = {}, .dropped = {}, .ended = {}, .dictionaries = {}, .keep_since = policy.keep_since,
                 .keep_chunks = false};
  std::vector<std::shared_ptr<TailRun>> runs;
  for (const auto& run : view.runs()) {
    if (!run->sealed()) break;
    runs.push_back(run);
    plan.merged_position = run->last_batch();
  }
  plan.dropped = SegmentChoice(view, policy).Choose(runs);
  if (runs.empty() && plan.dropped.empty()) return std::nullopt;
  for (const auto& segment : plan.dropped) plan.sources.push_back({segment, segment->ended});
  for (const auto& run : runs) plan.sources.push_back({run, run->ended});
  for (const auto& segment : view.segments()) {
    const bool goes = std::find(plan.dropped.begin(), plan.dropped.end(), segment) != plan.dropped.end();
    const auto& dictionaries = segment->directory().dictionaries;
    if (!goes) plan.dictionaries.insert(plan.dictionaries.end(), dictionaries.begin(), dictionaries.end());
    if (goes || segment->ended.count() == segment->stored_ended()) continue;
    LEVEE_ASSIGN(const RowColumns* columns, segment->Columns());
    plan.ended.push_back({segment->id(), {}, EncodeEnded(MakeEndedRecord(*columns, segment->ended, view.names()))});
  }
  return plan;
}

Result<MergeResult> RunMerge(const MergePlan& plan, store::BankStore& store, Interner& names,
                             SegmentPages& pages, const SegmentExtras& extras, int threads) {
  MergeResult result;
  std::vector<SourceRow> there, ended;
  for (std::uint32_t source = 0; source < plan.sources.size(); ++source) {
    const SegmentSource& from = plan.sources[source];
    for (std::uint32_t row = 0; row < from.part->rows(); ++row) {
      const bool past_keeping = plan.keep_since && from.ended.At(row) < *plan.keep_since;
      if (past_keeping) {
        ++result.purged;
      } else {
        (from.ended.Has(row) ? ended : there).push_back({source, row});
      }
    }
  }
  LEVEE_RETURN_IF_ERROR(Sorter(plan.sources).Sort(there));
  LEVEE_RETURN_IF_ERROR(Sorter(plan.sources).Sort(ended));
  result.rows = static_cast<std::int64_t>(there.size() + ended.size());
  const std::vector<std::span<const SourceRow>> slices = Slices(there, ended);
  LEVEE_ASSIGN(const PagePlan kept_pages, PlanPages(plan.sources, slices));
  store::BankMerge merge{.generation = plan.generation, .merged_position = plan.merged_position, .added = {},
                         .dropped = {}, .ended = plan.ended, .dropped_chunks = {}, .staging = 0, .replaced_batches = {},
                         .notes = {}};
  LEVEE_ASSIGN(merge.staging, store.BeginStaging());
  const BuildContext context{store, merge.staging, names, plan.sources, kept_pages, extras.write_postings,
                             extras.make_index_writer, pages, threads};
  std::vector<BuiltSegment> built;
  for (const std::span<const SourceRow> slice : slices) {
    LEVEE_ASSIGN(BuiltSegment segment, BuildSegment(context, slice));
    merge.added.push_back({EncodeSegmentDirectory(segment.directory), EncodeEnded(segment.ended)});
    built.push_back(std::move(segment));
  }
  for (const auto& segment : plan.dropped) merge.dropped.push_back(segment->id());
  if (!plan.keep_chunks) merge.dropped_chunks = DroppedChunks(plan, built);
  PauseForTest("memory-merge-staged");
  LEVEE_ASSIGN(result.published, store.PublishMerge(merge));
  PauseForTest("memory-merge-published");
  return result;
}

}  // namespace levee::memory
