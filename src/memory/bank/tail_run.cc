#include "memory/bank/tail_run.h"

#include "base/check.h"
#include "base/hash.h"

namespace levee::memory {

Status TailRun::Append(std::int64_t number, OpenedBatch batch, Interner& names) {
  LEVEE_CHECK(!sealed_ && number > last_batch_);
  const std::int64_t written = batch.written;
  size_bytes_ += batch.payload.size();
  // Rows refer to the payload where it stays: moving the vector moves no bytes.
  const Status appended = ForEachRow(batch, number, [&](const RowView& row) -> Status {
    LEVEE_ASSIGN(const std::string_view id, DecodeColdId(row.cold));
    const auto at = static_cast<std::uint32_t>(columns_.rows());
    columns_.hashes.push_back(Hash64(id));
    columns_.operation.push_back(row.operation);
    columns_.version.push_back(row.version);
    columns_.name_space.push_back(names.Intern(row.name_space));
    columns_.category.push_back(names.Intern(row.category));
    columns_.author.push_back(names.Intern(row.author));
    columns_.created.push_back(row.created);
    columns_.updated.push_back(row.updated);
    columns_.expires.push_back(row.expires);
    columns_.written.push_back(written);
    columns_.content_bytes.push_back(row.content_bytes);
    for (const std::string_view tag : row.tags) columns_.tags.push_back(names.Intern(tag));
    columns_.tag_ends.push_back(static_cast<std::uint32_t>(columns_.tags.size()));
    cold_.push_back(row.cold);
    embeddings_.push_back(row.embedding);
    Remember(columns_.hashes.back(), at);
    return {};
  });
  payloads_.push_back(std::make_unique<const Bytes>(std::move(batch.payload)));
  last_batch_ = number;
  return appended;
}

Status TailRun::RowsOfHash(std::uint64_t hash, std::vector<std::uint32_t>& rows) {
  if (slots_.empty()) return {};
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const std::uint32_t row = slots_[slot] - 1;
    if (columns_.hashes[row] == hash) rows.push_back(row);
  }
  return {};
}

void TailRun::Remember(std::uint64_t hash, std::uint32_t row) {
  if ((row + 1) * 2 > slots_.size()) {
    std::vector<std::uint32_t> old = std::move(slots_);
    slots_.assign(std::max<std::size_t>(64, old.size() * 2), 0);
    for (std::uint32_t i = 0; i < row; ++i) {
      std::size_t slot = columns_.hashes[i] & (slots_.size() - 1);
      while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = i + 1;
    }
  }
  std::size_t slot = hash & (slots_.size() - 1);
  while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
  slots_[slot] = row + 1;
}

}  // namespace levee::memory
