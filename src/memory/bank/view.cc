#include "memory/bank/view.h"

#include <algorithm>

#include "base/hash.h"

namespace levee::memory {
namespace {

Result<bool> HasId(const RowRef& ref, std::string_view id) {
  LEVEE_ASSIGN(const ColdRecord cold, ref.part->Cold(ref.row));
  LEVEE_ASSIGN(const std::string_view own, DecodeColdId(cold.bytes));
  return own == id;
}

}  // namespace

Status View::Apply(store::BankNews news) {
  if (news.layout) {
    LEVEE_RETURN_IF_ERROR(ApplyLayout(std::move(*news.layout), news.batches));
  }
  const std::int64_t known = runs_.empty() ? merged_position_ : runs_.back()->last_batch();
  for (store::BankBatch& batch : news.batches) {
    if (batch.number > known) LEVEE_RETURN_IF_ERROR(AppendBatch(std::move(batch)));
  }
  state_ = news.state;
  return {};
}

Status View::ApplyLayout(store::BankLayout layout, const std::vector<store::BankBatch>& batches) {
  merged_position_ = layout.merged_position;
  notes_.clear();
  for (store::BankNote& note : layout.notes) notes_.emplace(std::move(note.key), std::move(note.value));
  std::vector<std::shared_ptr<StoredSegment>> segments;
  totals_ = {};
  next_expiry_ = kNever;
  for (store::BankSegment& record : layout.segments) {
    const auto same = std::find_if(segments_.begin(), segments_.end(),
                                   [&](const auto& segment) { return segment->id() == record.id; });
    if (same != segments_.end()) {
      segments.push_back(*same);
    } else {
      LEVEE_ASSIGN(auto segment, StoredSegment::Open(record.id, record.directory, store_, pages_, names_));
      const auto former = std::find_if(segments_.begin(), segments_.end(),
                                       [&](const auto& each) { return segment->has_rows_of(*each); });
      if (former != segments_.end()) segment->TakeLoaded(**former);
      segments.push_back(std::move(segment));
    }
    LEVEE_RETURN_IF_ERROR(segments.back()->TakeEnded(record.ended, totals_));
    last_written_ = std::max(last_written_, segments.back()->last_written());
    next_expiry_ = std::min(next_expiry_, segments.back()->next_expiry());
  }
  segments_ = std::move(segments);
  // Runs that merging left whole stay, with what was made of them; others are read again.
  const std::int64_t first_unmerged = batches.empty() ? merged_position_ + 1 : batches.front().number;
  std::vector<std::shared_ptr<TailRun>> kept;
  for (auto& run : runs_) {
    const bool continues = kept.empty() ? run->first_batch() == first_unmerged
                                        : run->first_batch() == kept.back()->last_batch() + 1;
    if (run->first_batch() > merged_position_ && continues) kept.push_back(std::move(run));
  }
  runs_ = std::move(kept);
  ListParts();
  tail_keys_.Clear();
  for (const auto& run : runs_) {
    for (std::uint32_t row = 0; row < run->rows(); ++row) LEVEE_RETURN_IF_ERROR(Admit(*run, row));
  }
  return {};
}

Status View::AppendBatch(store::BankBatch batch) {
  LEVEE_ASSIGN(OpenedBatch opened, OpenBatch(batch.number, batch.body));
  const bool fits = !runs_.empty() && !runs_.back()->sealed();
  if (!fits) {
    runs_.push_back(std::make_shared<TailRun>(batch.number));
    ListParts();
  }
  TailRun& run = *runs_.back();
  last_written_ = std::max(last_written_, opened.written);
  const std::uint32_t first = run.rows();
  LEVEE_RETURN_IF_ERROR(run.Append(batch.number, std::move(opened), names_));
  for (std::uint32_t row = first; row < run.rows(); ++row) LEVEE_RETURN_IF_ERROR(Admit(run, row));
  const RunLimits& most = run_limits_;
  if (run.rows() >= most.rows || run.batches() >= most.batches || run.size_bytes() >= most.bytes) run.Seal();
  return {};
}

Status View::Admit(TailRun& run, std::uint32_t row) {
  LEVEE_ASSIGN(const RowColumns* columns, run.Columns());
  if (columns->operation[row] == Operation::kDelete) {
    run.ended.End(row, columns->written[row]);
  } else if (!run.ended.Has(row)) {
    totals_.Add(columns->name_space[row], 1, columns->content_bytes[row]);
    next_expiry_ = std::min(next_expiry_, columns->expires[row]);
  }
  std::vector<RowRef> formers;
  LEVEE_RETURN_IF_ERROR(FindRows(columns->hashes[row], formers));
  tail_keys_.Add(columns->hashes[row], {&run, row});
  std::string_view id;
  for (const RowRef& former : formers) {
    if (former.part->ended.Has(former.row)) continue;
    if (id.empty()) {
      LEVEE_ASSIGN(const ColdRecord cold, run.Cold(row));
      LEVEE_ASSIGN(id, DecodeColdId(cold.bytes));
    }
    LEVEE_ASSIGN(const bool is_former, HasId(former, id));
    if (is_former) LEVEE_RETURN_IF_ERROR(End(former, columns->written[row]));
  }
  return {};
}

Status View::FindRows(std::uint64_t hash, std::vector<RowRef>& found) const {
  std::vector<const SegmentKeys*> keys;
  keys.reserve(segments_.size());
  for (const auto& segment : segments_) {
    LEVEE_ASSIGN(keys.emplace_back(), segment->Keys());
    keys.back()->PrefetchBucket(hash);
  }
  for (const SegmentKeys* each : keys) each->PrefetchHashes(hash);
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    rows.clear();
    keys[i]->Find(hash, rows);
    for (const std::uint32_t row : rows) found.push_back({segments_[i].get(), row});
  }
  tail_keys_.Find(hash, found);
  return {};
}

Status View::End(const RowRef& ref, std::int64_t at) {
  LEVEE_ASSIGN(const RowColumns* columns, ref.part->Columns());
  ref.part->ended.End(ref.row, std::min(at, columns->expires[ref.row]));
  if (columns->operation[ref.row] != Operation::kDelete) {
    totals_.Add(columns->name_space[ref.row], -1, -std::int64_t{columns->content_bytes[ref.row]});
  }
  return {};
}

Status View::Expire(std::int64_t now) {
  if (next_expiry_ > now) return {};
  next_expiry_ = kNever;
  for (const auto& part : parts_) {
    LEVEE_ASSIGN(const RowColumns* columns, part->Columns());
    for (std::uint32_t row = 0; row < columns->rows(); ++row) {
      const std::int64_t expires = columns->expires[row];
      if (expires == kNever || part->ended.Has(row)) continue;
      if (expires <= now) {
        LEVEE_RETURN_IF_ERROR(End({part.get(), row}, expires));
      } else {
        next_expiry_ = std::min(next_expiry_, expires);
      }
    }
  }
  return {};
}

Result<std::optional<RowRef>> View::FindNewest(std::string_view id) const {
  LEVEE_ASSIGN(const std::optional<ReadRow> newest, ReadNewest(id));
  return newest ? std::optional(newest->ref) : std::nullopt;
}

Result<std::optional<ReadRow>> View::ReadNewest(std::string_view id) const {
  const std::uint64_t hash = Hash64(id);
  std::optional<ReadRow> newest;
  // A removal has the version that it ends, and is younger.
  std::pair<std::int64_t, std::int64_t> age;
  std::vector<RowRef> rows;
  LEVEE_RETURN_IF_ERROR(FindRows(hash, rows));
  for (const RowRef& ref : rows) {
    LEVEE_ASSIGN(const RowColumns* columns, ref.part->Columns());
    const std::pair<std::int64_t, std::int64_t> own(columns->version[ref.row], columns->written[ref.row]);
    if (newest && own <= age) continue;
    LEVEE_ASSIGN(ColdRecord record, ref.part->Cold(ref.row));
    LEVEE_ASSIGN(const std::string_view own_id, DecodeColdId(record.bytes));
    if (own_id != id) continue;
    newest = ReadRow{ref, std::move(record)};
    age = own;
  }
  return newest;
}

Result<std::vector<RowRef>> View::FindVersions(std::string_view id) const {
  const std::uint64_t hash = Hash64(id);
  std::vector<std::pair<std::pair<std::int64_t, std::int64_t>, RowRef>> found;
  std::vector<RowRef> rows;
  LEVEE_RETURN_IF_ERROR(FindRows(hash, rows));
  for (const RowRef& ref : rows) {
    LEVEE_ASSIGN(const bool same, HasId(ref, id));
    if (!same) continue;
    LEVEE_ASSIGN(const RowColumns* columns, ref.part->Columns());
    found.push_back({{columns->version[ref.row], columns->written[ref.row]}, ref});
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<RowRef> versions;
  versions.reserve(found.size());
  for (const auto& [age, ref] : found) versions.push_back(ref);
  return versions;
}

Result<bool> View::IsLive(const RowRef& ref) {
  if (ref.part->ended.Has(ref.row)) return false;
  LEVEE_ASSIGN(const RowColumns* columns, ref.part->Columns());
  return columns->operation[ref.row] != Operation::kDelete;
}

Result<std::string> View::IdOf(const RowRef& ref) const {
  LEVEE_ASSIGN(const ColdRecord cold, ref.part->Cold(ref.row));
  LEVEE_ASSIGN(const std::string_view id, DecodeColdId(cold.bytes));
  return std::string(id);
}

void View::ListParts() {
  parts_.assign(segments_.begin(), segments_.end());
  parts_.insert(parts_.end(), runs_.begin(), runs_.end());
}

}  // namespace levee::memory
