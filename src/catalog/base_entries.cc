#include "catalog/base_entries.h"

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "columnar/entry_order.h"

namespace levee::catalog {
namespace {

using columnar::ColumnRole;

std::string TextAt(const columnar::ColumnVector* column, std::size_t row) {
  return column != nullptr && column->IsValid(row) ? std::string(column->strings[row]) : std::string();
}

std::string DvIdAt(const columnar::Batch& batch, std::size_t row) {
  const std::string storage = TextAt(batch.Find(ColumnRole::kDvStorageType), row);
  if (storage.empty()) return {};
  delta::DeletionVectorDescriptor vector;
  vector.storage_type = storage;
  vector.path_or_inline = TextAt(batch.Find(ColumnRole::kDvPathOrInline), row);
  const columnar::ColumnVector* offset = batch.Find(ColumnRole::kDvOffset);
  if (offset != nullptr && offset->IsValid(row)) vector.offset = offset->ints[row];
  return vector.UniqueId();
}

// What the sinks of all threads share.
struct Reading {
  const BaseImport& base;
  std::mutex mutex;              // guards the timeline, files_read, and the progress callback
  std::int64_t files_read = 0;

  void Report(std::int64_t files) {
    const std::lock_guard lock(mutex);
    files_read += files;
    if (!base.options.on_progress) return;
    base.options.on_progress({.step = "reading checkpoint", .done = files_read, .total = 0});
  }
};

class BaseSink final : public delta::CheckpointSink {
 public:
  explicit BaseSink(Reading& reading) : reading_(reading), share_(reading.base.runs.NewShare()) {}

  Status Adds(columnar::Batch batch) override {
    const auto files = static_cast<std::int64_t>(batch.rows);
    LEVEE_RETURN_IF_ERROR(EndEntries(batch));
    LEVEE_RETURN_IF_ERROR(reading_.base.runs.Add(std::move(batch), share_));
    share_->CountFiles(files);
    reading_.Report(files);
    return {};
  }

  Status Removes(columnar::Batch batch) override {
    LEVEE_RETURN_IF_ERROR(reading_.base.session.AddTombstones(batch));
    return reading_.base.runs.AddTombstones(batch, share_);
  }

  Status Complete(const std::vector<std::size_t>& units) override {
    const auto share = std::exchange(share_, reading_.base.runs.NewShare());
    {
      const std::lock_guard lock(reading_.mutex);
      share->SealEnds(reading_.base.timeline);
    }
    return reading_.base.runs.Complete(share, units);
  }

 private:
  Status EndEntries(columnar::Batch& batch);
  const EntryEnd* FindEnd(const columnar::Batch& batch, std::size_t row);

  Reading& reading_;
  std::shared_ptr<RunShare> share_;
};

Status BaseSink::EndEntries(columnar::Batch& batch) {
  const columnar::ColumnVector* hashes = batch.Find(ColumnRole::kKeyHash);
  if (hashes == nullptr) return Fail(ErrorCode::kInternal, "import", "entries without key hashes");
  std::unordered_map<std::size_t, const EntryEnd*> ends;
  std::vector<std::uint32_t> keep;
  bool vanished = false;
  for (std::size_t row = 0; row < batch.rows; ++row) {
    const EntryEnd* end = nullptr;
    if (reading_.base.timeline.MayEndBase(hashes->ints[row])) end = FindEnd(batch, row);
    if (end != nullptr && end->version <= reading_.base.floor) {
      vanished = true;
      continue;
    }
    if (end != nullptr) ends.emplace(keep.size(), end);
    keep.push_back(static_cast<std::uint32_t>(row));
  }
  if (vanished) batch = columnar::GatherRows(batch, keep);
  AddEndColumns(batch, ends);
  return {};
}

const EntryEnd* BaseSink::FindEnd(const columnar::Batch& batch, std::size_t row) {
  const Hash128 key = WideFileKey(TextAt(batch.Find(ColumnRole::kPath), row), DvIdAt(batch, row));
  const std::lock_guard lock(reading_.mutex);
  const EntryEnd* const end = reading_.base.timeline.FindBaseEnd(key);
  if (end != nullptr) share_->MetEnd(key);
  return end;
}

}  // namespace

Status ReadBaseEntries(const BaseImport& base, const delta::CheckpointUnits& units, const types::Schema& schema,
                       const delta::CheckpointOptions& reading) {
  const auto stage = [&](const columnar::Batch& removes) { return base.session.AddTombstones(removes); };
  LEVEE_ASSIGN(const FoundRuns found, base.runs.Resume(units.size(), base.timeline, stage));
  for (const Hash128& key : found.met_ends) (void)base.timeline.FindBaseEnd(key);
  if (found.units > 0 && base.options.on_note) {
    base.options.on_note("resuming import: " + std::to_string(found.units) + " of " + std::to_string(units.size()) +
                         " row groups already read");
  }
  Reading shared{.base = base};
  shared.Report(found.files);
  return units.Read(schema, reading, found.done, [&] { return std::make_unique<BaseSink>(shared); });
}

}  // namespace levee::catalog
