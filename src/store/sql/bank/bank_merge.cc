// Staging chunks, exchanging segments, deleting what is in no layout any more.
#ifndef LEVEE_EMBEDDED
#include <cstring>

#include "store/sql/bank/sql_bank.h"
#include "store/sql/query.h"

namespace levee::store {
namespace {

constexpr char kGeneration[] = "SELECT generation FROM bank_layout";
constexpr char kSetLayout[] = "UPDATE bank_layout SET generation=generation+1, merged_position=?1";
constexpr char kDeleteBatches[] = "DELETE FROM bank_batches WHERE batch_id<=?1";
constexpr char kDeleteSegment[] = "DELETE FROM bank_segments WHERE segment_id=?1";
constexpr char kInsertSegment[] = "INSERT INTO bank_segments(directory, ended) VALUES(?1, ?2)";
constexpr char kSetEnded[] = "UPDATE bank_segments SET ended=?2 WHERE segment_id=?1";
constexpr char kSetBatch[] = "UPDATE bank_batches SET body=?2 WHERE batch_id=?1";
constexpr char kSetNote[] = "INSERT OR REPLACE INTO bank_notes(key, value) VALUES(?1, ?2)";
constexpr char kInsertDropped[] = "INSERT INTO bank_dropped(dropped_ms, chunks) VALUES(?1, ?2)";
constexpr char kInsertChunk[] = "INSERT INTO bank_chunks(data) VALUES(?1)";
constexpr char kDeleteChunk[] = "DELETE FROM bank_chunks WHERE chunk_id=?1";
constexpr char kDeleteChunks[] = "DELETE FROM bank_chunks WHERE chunk_id BETWEEN ?1 AND ?2";
constexpr char kBeginStaging[] = "INSERT INTO bank_staging(touched_ms) VALUES(?1)";
constexpr char kTouchStaging[] = "UPDATE bank_staging SET touched_ms=?2 WHERE staging_id=?1";
constexpr char kStageRange[] =
    "INSERT INTO bank_staged(first_chunk, last_chunk, staging_id) VALUES(?1, ?2, ?3)";
constexpr char kDeleteStaging[] = "DELETE FROM bank_staging WHERE staging_id=?1";
constexpr char kDeleteRanges[] = "DELETE FROM bank_staged WHERE staging_id=?1";
constexpr char kOldDropped[] = "SELECT dropped_id, chunks FROM bank_dropped WHERE dropped_ms<?1 LIMIT 1";
constexpr char kDeleteDropped[] = "DELETE FROM bank_dropped WHERE dropped_id=?1";
constexpr char kSetDropped[] = "UPDATE bank_dropped SET chunks=?2 WHERE dropped_id=?1";
constexpr char kOldStaging[] = "SELECT staging_id FROM bank_staging WHERE touched_ms<?1 LIMIT 1";
constexpr char kRangesOf[] = "SELECT first_chunk, last_chunk FROM bank_staged WHERE staging_id=?1";

// Chunks of one transaction, which takes about a millisecond: writers wait for it.
constexpr std::size_t kDeletedAtOnce = 64;

// A merge that is silent for so long is dead: each of its steps takes well below a second.
constexpr std::int64_t kStagingLifeMs = 10 * 60'000;

ByteSpan AsSpan(const std::vector<std::int64_t>& numbers) {
  return {reinterpret_cast<const std::uint8_t*>(numbers.data()), numbers.size() * sizeof(std::int64_t)};
}

std::vector<std::int64_t> AsNumbers(ByteSpan bytes) {
  std::vector<std::int64_t> numbers(bytes.size() / sizeof(std::int64_t));
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(std::int64_t));
  return numbers;
}

Status Exchange(Connection& connection, const BankMerge& merge, std::int64_t now_ms) {
  LEVEE_RETURN_IF_ERROR(Execute(connection, kDeleteBatches, merge.merged_position));
  for (const std::int64_t id : merge.dropped) LEVEE_RETURN_IF_ERROR(Execute(connection, kDeleteSegment, id));
  for (const auto& [directory, ended] : merge.added) {
    LEVEE_RETURN_IF_ERROR(Execute(connection, kInsertSegment, ByteSpan(directory), ByteSpan(ended)));
  }
  for (const BankSegment& segment : merge.ended) {
    LEVEE_RETURN_IF_ERROR(Execute(connection, kSetEnded, segment.id, ByteSpan(segment.ended)));
  }
  if (!merge.dropped_chunks.empty()) {
    LEVEE_RETURN_IF_ERROR(Execute(connection, kInsertDropped, now_ms, AsSpan(merge.dropped_chunks)));
  }
  for (const BankBatch& batch : merge.replaced_batches) {
    LEVEE_RETURN_IF_ERROR(Execute(connection, kSetBatch, batch.number, ByteSpan(batch.body)));
  }
  for (const BankNote& note : merge.notes) LEVEE_RETURN_IF_ERROR(Execute(connection, kSetNote, note.key, note.value));
  LEVEE_RETURN_IF_ERROR(Execute(connection, kDeleteStaging, merge.staging));
  LEVEE_RETURN_IF_ERROR(Execute(connection, kDeleteRanges, merge.staging));
  return Execute(connection, kSetLayout, merge.merged_position);
}

// True: there may be more.
Result<bool> DeleteOneDropped(Connection& connection, std::int64_t before_ms) {
  std::int64_t id = 0;
  std::vector<std::int64_t> chunks;
  {
    LEVEE_ASSIGN(Query query, Query::Make(connection, kOldDropped, before_ms));
    LEVEE_ASSIGN(const bool row, query.Step());
    if (!row) return false;
    id = query.Int(0);
    chunks = AsNumbers(query.Blob(1));
  }
  for (std::size_t i = 0; i < kDeletedAtOnce && !chunks.empty(); ++i) {
    LEVEE_RETURN_IF_ERROR(Execute(connection, kDeleteChunk, chunks.back()));
    chunks.pop_back();
  }
  LEVEE_RETURN_IF_ERROR(chunks.empty() ? Execute(connection, kDeleteDropped, id)
                                       : Execute(connection, kSetDropped, id, AsSpan(chunks)));
  return true;
}

Result<bool> DeleteOneStaging(Connection& connection, std::int64_t before_ms) {
  std::int64_t id = 0;
  {
    LEVEE_ASSIGN(Query query, Query::Make(connection, kOldStaging, before_ms));
    LEVEE_ASSIGN(const bool row, query.Step());
    if (!row) return false;
    id = query.Int(0);
  }
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
  {
    LEVEE_ASSIGN(Query query, Query::Make(connection, kRangesOf, id));
    while (true) {
      LEVEE_ASSIGN(const bool row, query.Step());
      if (!row) break;
      ranges.emplace_back(query.Int(0), query.Int(1));
    }
  }
  for (const auto& [first, last] : ranges) LEVEE_RETURN_IF_ERROR(Execute(connection, kDeleteChunks, first, last));
  LEVEE_RETURN_IF_ERROR(Execute(connection, kDeleteStaging, id));
  LEVEE_RETURN_IF_ERROR(Execute(connection, kDeleteRanges, id));
  return true;
}

Status RepeatInTransactions(Driver& driver, Result<bool> (*step)(Connection&, std::int64_t), std::int64_t before_ms) {
  while (true) {
    LEVEE_ASSIGN(const Lease writer, driver.Writer(Durability::kStaging));
    LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
    LEVEE_ASSIGN(const bool again, step(*writer, before_ms));
    LEVEE_RETURN_IF_ERROR(transaction.Commit());
    if (!again) return {};
  }
}

}  // namespace

Result<std::int64_t> SqlBank::BeginStaging() {
  LEVEE_ASSIGN(const Lease writer, driver_.Writer(Durability::kStaging));
  LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
  LEVEE_RETURN_IF_ERROR(Execute(*writer, kBeginStaging, clock_.NowMicros() / 1000));
  const std::int64_t id = writer->LastInsertId();
  LEVEE_RETURN_IF_ERROR(transaction.Commit());
  return id;
}

Result<std::int64_t> SqlBank::StageChunks(std::int64_t staging, std::span<const Bytes> chunks) {
  LEVEE_ASSIGN(const Lease writer, driver_.Writer(Durability::kStaging));
  LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
  LEVEE_RETURN_IF_ERROR(Execute(*writer, kTouchStaging, staging, clock_.NowMicros() / 1000));
  if (writer->ChangedRows() == 0) {
    return Fail(ErrorCode::kUnavailable, "store " + driver_.uri(), "a merge was given up by another process", "try again");
  }
  std::int64_t first = 0;
  for (const Bytes& chunk : chunks) {
    LEVEE_RETURN_IF_ERROR(Execute(*writer, kInsertChunk, ByteSpan(chunk)));
    if (first == 0) first = writer->LastInsertId();
  }
  const auto count = static_cast<std::int64_t>(chunks.size());
  if (count != 0) LEVEE_RETURN_IF_ERROR(Execute(*writer, kStageRange, first, first + count - 1, staging));
  LEVEE_RETURN_IF_ERROR(transaction.Commit());
  return first;
}

Result<bool> SqlBank::PublishMerge(const BankMerge& merge) {
  LEVEE_ASSIGN(const Lease writer, driver_.Writer(Durability::kDurable));
  LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
  {
    LEVEE_ASSIGN(Query query, Query::Make(*writer, kGeneration));
    LEVEE_RETURN_IF_ERROR(query.Step());
    if (query.Int(0) != merge.generation) return false;
  }
  LEVEE_RETURN_IF_ERROR(Exchange(*writer, merge, clock_.NowMicros() / 1000));
  LEVEE_RETURN_IF_ERROR(transaction.Commit());
  return true;
}

Status SqlBank::CollectGarbage(std::int64_t now_ms, std::int64_t lease_ms) {
  LEVEE_RETURN_IF_ERROR(RepeatInTransactions(driver_, DeleteOneDropped, now_ms - lease_ms));
  return RepeatInTransactions(driver_, DeleteOneStaging, now_ms - kStagingLifeMs);
}

}  // namespace levee::store
#endif
