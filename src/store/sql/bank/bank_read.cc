// What is new in the bank, and its chunks.
#ifndef LEVEE_EMBEDDED
#include <algorithm>

#include "store/sql/bank/sql_bank.h"
#include "store/sql/query.h"

namespace levee::store {
namespace {

// The newest batch is found at the right edge of its tree, the layout in a table of one row.
constexpr char kState[] =
    "SELECT generation, merged_position, (SELECT coalesce(max(batch_id), 0) FROM bank_batches) FROM bank_layout";
constexpr char kSegments[] = "SELECT segment_id, directory, ended FROM bank_segments ORDER BY segment_id";
constexpr char kNotes[] = "SELECT key, value FROM bank_notes ORDER BY key";
constexpr char kBatches[] = "SELECT batch_id, body FROM bank_batches WHERE batch_id>?1 ORDER BY batch_id";
constexpr char kChunk[] = "SELECT data FROM bank_chunks WHERE chunk_id=?1";

Bytes Copy(ByteSpan bytes) { return {bytes.begin(), bytes.end()}; }

Status ReadLayout(Connection& connection, BankLayout& layout) {
  LEVEE_ASSIGN(Query segments, Query::Make(connection, kSegments));
  while (true) {
    LEVEE_ASSIGN(const bool row, segments.Step());
    if (!row) break;
    layout.segments.push_back({segments.Int(0), Copy(segments.Blob(1)), Copy(segments.Blob(2))});
  }
  LEVEE_ASSIGN(Query notes, Query::Make(connection, kNotes));
  while (true) {
    LEVEE_ASSIGN(const bool row, notes.Step());
    if (!row) return {};
    layout.notes.push_back({notes.Text(0), notes.Text(1)});
  }
}

}  // namespace

Result<BankNews> ReadBankNews(Connection& connection, const BankState& known) {
  BankNews news;
  std::int64_t merged = 0;
  {
    LEVEE_ASSIGN(Query query, Query::Make(connection, kState));
    LEVEE_RETURN_IF_ERROR(query.Step());
    merged = query.Int(1);
    news.state = {.position = std::max(query.Int(2), merged), .generation = query.Int(0)};
  }
  if (news.state == known) return news;
  std::int64_t after = known.position;
  if (news.state.generation != known.generation) {
    news.layout.emplace().merged_position = merged;
    LEVEE_RETURN_IF_ERROR(ReadLayout(connection, *news.layout));
    after = merged;
  }
  LEVEE_ASSIGN(Query batches, Query::Make(connection, kBatches, after));
  while (true) {
    LEVEE_ASSIGN(const bool row, batches.Step());
    if (!row) return news;
    news.batches.push_back({batches.Int(0), Copy(batches.Blob(1))});
  }
}

Result<BankNews> SqlBank::ReadNews(const BankState& known) {
  LEVEE_ASSIGN(const Lease reader, driver_.PassingReader());
  LEVEE_ASSIGN(const Transaction snapshot, Transaction::Begin(*reader, TransactionMode::kRead));
  return ReadBankNews(*reader, known);
}

Status SqlBank::VisitChunk(std::int64_t chunk, const std::function<Status(ByteSpan bytes)>& visit) {
  LEVEE_ASSIGN(const Lease reader, driver_.PassingReader());
  LEVEE_ASSIGN(Query query, Query::Make(*reader, kChunk, chunk));
  LEVEE_ASSIGN(const bool row, query.Step());
  if (!row) return Fail(ErrorCode::kNotFound, "store " + driver_.uri(), "bank chunk " + std::to_string(chunk) + " is gone");
  return visit(query.Blob(0));
}

}  // namespace levee::store
#endif
