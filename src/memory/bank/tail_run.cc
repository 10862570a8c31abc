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
    return {};
  });
  payloads_.push_back(std::make_unique<const Bytes>(std::move(batch.payload)));
  last_batch_ = number;
  return appended;
}

}  // namespace levee::memory
