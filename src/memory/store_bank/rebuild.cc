#include "memory/store_bank/rebuild.h"

#include <algorithm>
#include <map>
#include <optional>

#include "memory/bank/batch.h"
#include "memory/bank/merge.h"
#include "memory/query/segment_indexes.h"
#include "memory/store_bank/examination.h"

namespace levee::memory {
namespace {

constexpr std::string_view kAsideNote = "aside:";

// One look at the bank, and what follows from it as long as nobody else changes the layout.
class Rebuilding {
 public:
  Rebuilding(store::BankStore& store, const TextIndex& like, store::BankNews news, RebuildReport& report)
      : store_(store), reading_(store, like), news_(std::move(news)), generation_(news_.state.generation), report_(report) {}

  // False: somebody else has changed the layout.
  Result<bool> Run(bool all) {
    for (const store::BankBatch& batch : news_.batches) {
      const Status sound = ExamineBatch(batch);
      if (sound) continue;
      LEVEE_ASSIGN(const bool done, ReplaceBatch(batch, sound.error().ToString()));
      if (!done) return false;
    }
    for (const store::BankSegment& record : news_.layout->segments) {
      ExaminedSegment examined = ExamineSegment(record, reading_);
      if (!all && examined.findings.empty()) continue;
      LEVEE_ASSIGN(const bool done, ReplaceSegment(record, examined));
      if (!done) return false;
    }
    return true;
  }

 private:
  // An empty one stands in its place, so that numbers stay what they are.
  Result<bool> ReplaceBatch(const store::BankBatch& batch, const std::string& why) {
    const std::string name = "batch " + std::to_string(batch.number);
    LEVEE_ASSIGN(bool done, KeepAside(name, {batch.body}, why));
    if (!done) return false;
    store::BankMerge merge = EmptyMerge();
    merge.replaced_batches.push_back({batch.number, BatchBuilder(0).Finish()});
    LEVEE_ASSIGN(done, Publish(merge));
    if (done) report_.lost.push_back(why);
    return done;
  }

  Result<bool> ReplaceSegment(const store::BankSegment& record, const ExaminedSegment& examined) {
    const Findings& findings = examined.findings;
    const bool lossy = !findings.losses().empty();
    if (lossy) {
      LEVEE_ASSIGN(const bool kept, KeepAside(examined.name, {record.directory, record.ended}, findings.losses().front()));
      if (!kept) return false;
    }
    Result<bool> done = true;
    if (examined.part == nullptr) {
      store::BankMerge merge = EmptyMerge();
      merge.dropped.push_back(record.id);
      done = Publish(merge);
    } else {
      done = BuildAgain(examined, lossy);
    }
    if (!done || !*done) return done;
    report_.repaired.insert(report_.repaired.end(), findings.repairable().begin(), findings.repairable().end());
    report_.lost.insert(report_.lost.end(), findings.losses().begin(), findings.losses().end());
    if (findings.untold() > 0) report_.lost.push_back(examined.name + ": and " + std::to_string(findings.untold()) + " more");
    return true;
  }

  Result<bool> BuildAgain(const ExaminedSegment& examined, bool keep_chunks) {
    LEVEE_ASSIGN(const EndedRows ended, EndedOf(examined));
    MergePlan plan{.generation = generation_, .merged_position = news_.layout->merged_position,
                   .sources = {{examined.part, ended}}, .dropped = {examined.segment}, .ended = {}, .dictionaries = {},
                   .keep_since = std::nullopt, .keep_chunks = keep_chunks};
    for (const store::BankSegment& other : news_.layout->segments) {
      if (other.id == examined.segment->id()) continue;
      const auto directory = DecodeSegmentDirectory(other.directory, "memory segment " + std::to_string(other.id));
      // Its dictionaries are not known, and may be shared: nothing goes.
      if (!directory) plan.keep_chunks = true;
      if (directory) plan.dictionaries.insert(plan.dictionaries.end(), directory->dictionaries.begin(), directory->dictionaries.end());
    }
    LEVEE_ASSIGN(const auto texts, reading_.text.IndexAfresh(*examined.part, reading_.names));
    const SegmentExtras extras{
        .write_postings = [&](std::span<const SourceRow> rows) { return reading_.text.Merge({&texts, 1}, rows); },
        .make_index_writer = IndexWritersOf(Definitions(), reading_.names)};
    LEVEE_ASSIGN(const MergeResult result, RunMerge(plan, store_, reading_.names, reading_.pages, extras));
    if (result.published) ++generation_;
    return result.published;
  }

  // None where the notes cannot be read: upkeep adds them once they can.
  std::vector<IndexDefinition> Definitions() const {
    std::map<std::string, std::string> notes;
    for (const store::BankNote& note : news_.layout->notes) notes.emplace(note.key, note.value);
    return IndexDefinitionsOf(notes).value_or(std::vector<IndexDefinition>());
  }

  // By rows of the part. What cannot be read follows from the other versions: a row ended when the next of its id came.
  Result<EndedRows> EndedOf(const ExaminedSegment& examined) {
    EndedRows in_segment, ended;
    const RowColumns& columns = **examined.part->Columns();
    if (examined.ended) {
      for (std::size_t i = 0; i < examined.ended->rows.size(); ++i) in_segment.End(examined.ended->rows[i], examined.ended->times[i]);
    }
    for (std::uint32_t row = 0; row < examined.part->rows(); ++row) {
      if (examined.ended) {
        const std::uint32_t at = examined.part->RowInSegment(row);
        if (in_segment.Has(at)) ended.End(row, in_segment.At(at));
        continue;
      }
      if (columns.operation[row] == Operation::kDelete) ended.End(row, columns.written[row]);
      LEVEE_ASSIGN(const std::optional<std::int64_t> next, NextVersionOf(*examined.part, row));
      if (next) ended.End(row, std::min(*next, columns.expires[row]));
    }
    return ended;
  }

  // When the next version of a row's id was written; of what the tail has, readers find out by themselves.
  Result<std::optional<std::int64_t>> NextVersionOf(SalvagedPart& part, std::uint32_t row) {
    const RowColumns& columns = **part.Columns();
    LEVEE_ASSIGN(const ColdRecord record, part.Cold(row));
    LEVEE_ASSIGN(const std::string_view id, DecodeColdId(record.bytes));
    LEVEE_RETURN_IF_ERROR(OpenAll());
    std::optional<std::int64_t> next;
    std::vector<std::uint32_t> rows;
    for (const auto& segment : segments_) {
      rows.clear();
      // One that is damaged, too, has its own turn: what it cannot say now is not known.
      const auto others = segment->Columns();
      const auto keys = segment->Keys();
      if (!others || !keys) continue;
      (*keys)->Find(columns.hashes[row], rows);
      for (const std::uint32_t other : rows) {
        const std::pair<std::int64_t, std::int64_t> age((*others)->version[other], (*others)->written[other]);
        if (age <= std::pair(columns.version[row], columns.written[row])) continue;
        const auto cold = segment->Cold(other);
        if (!cold || DecodeColdId(cold->bytes) != id) continue;
        next = std::min(next.value_or(age.second), age.second);
      }
    }
    return next;
  }

  Status OpenAll() {
    if (!segments_.empty()) return {};
    for (const store::BankSegment& record : news_.layout->segments) {
      auto segment = StoredSegment::Open(record.id, record.directory, store_, reading_.pages, reading_.names);
      if (segment) segments_.push_back(std::move(*segment));
    }
    return {};
  }

  // Before anything is taken away. Done again after a crash, it keeps the same a second time.
  Result<bool> KeepAside(const std::string& name, const std::vector<Bytes>& bodies, const std::string& why) {
    store::BankMerge merge = EmptyMerge();
    LEVEE_ASSIGN(merge.staging, store_.BeginStaging());
    LEVEE_ASSIGN(const std::int64_t first, store_.StageChunks(merge.staging, bodies));
    std::string text = "chunks " + std::to_string(first) + " to " + std::to_string(first + static_cast<std::int64_t>(bodies.size()) - 1);
    merge.notes.push_back({std::string(kAsideNote) + name, text + ": " + why});
    return Publish(merge);
  }

  store::BankMerge EmptyMerge() const {
    store::BankMerge merge;
    merge.generation = generation_;
    merge.merged_position = news_.layout->merged_position;
    return merge;
  }

  Result<bool> Publish(const store::BankMerge& merge) {
    LEVEE_ASSIGN(const bool published, store_.PublishMerge(merge));
    if (published) ++generation_;
    return published;
  }

  store::BankStore& store_;
  FreshReading reading_;
  const store::BankNews news_;
  std::int64_t generation_;   // as this process leaves it
  RebuildReport& report_;
  std::vector<std::shared_ptr<StoredSegment>> segments_;  // opened where other versions are looked for
};

}  // namespace

Result<RebuildReport> RebuildBank(store::BankStore& store, const TextIndex& like, bool all) {
  constexpr int kAttempts = 20;
  RebuildReport report;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    LEVEE_ASSIGN(store::BankNews news, store.ReadNews({}));
    if (!news.layout) return report;
    LEVEE_ASSIGN(const bool done, Rebuilding(store, like, std::move(news), report).Run(all));
    if (done) return report;
  }
  return Fail(ErrorCode::kUnavailable, "store " + store.uri(), "other processes merge all the time", "try again later");
}

}  // namespace levee::memory
