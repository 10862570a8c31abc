#include "store/sql/partition_runs.h"

#include <algorithm>
#include <array>

#include "store/sql/micro_batch.h"
#include "store/sql/partition_tally.h"
#include "store/sql/query.h"
#include "store/sealed_blob.h"

namespace levee::store {
namespace {

using columnar::ColumnKey;

constexpr char kReadVersion[] = "SELECT summary_version FROM ranges WHERE range_id=?1";
constexpr char kSetVersion[] = "UPDATE ranges SET summary_version=?2 WHERE range_id=?1";
constexpr char kCountRows[] = "SELECT coalesce(sum(row_count), 0) FROM partition_runs WHERE range_id=?1";
constexpr char kReadRuns[] = "SELECT run_id, body FROM partition_runs WHERE range_id=?1 ORDER BY run_id";
constexpr char kNewestRun[] =
    "SELECT run_id, row_count, body FROM partition_runs WHERE range_id=?1 ORDER BY run_id DESC LIMIT 1";
constexpr char kInsertRun[] = "INSERT INTO partition_runs(range_id, row_count, body) VALUES(?1, ?2, ?3)";
constexpr char kDeleteRun[] = "DELETE FROM partition_runs WHERE run_id=?1";
constexpr char kDeleteRuns[] = "DELETE FROM partition_runs WHERE range_id=?1";

// The columns of a run before those of its partitions.
constexpr std::array<std::int64_t FileSums::*, 5> kSums{&FileSums::files, &FileSums::bytes, &FileSums::known_records,
                                                        &FileSums::files_without_records, &FileSums::small_files};
constexpr std::array<const char*, 5> kSumNames{"files", "bytes", "records", "withoutRecords", "smallFiles"};

ColumnKey SumKey(std::size_t i) {
  return {columnar::ColumnRole::kSize, kSumNames[i], {types::TypeKind::kLong, 0, 0}};
}

std::string RunName(std::int64_t run_id) { return "partition run " + std::to_string(run_id); }

}  // namespace

Bytes EncodePartitionRun(const PartitionSummary& run) {
  columnar::Batch batch;
  batch.rows = run.sums.size();
  std::vector<ColumnKey> keys;
  for (std::size_t i = 0; i < kSums.size(); ++i) {
    columnar::BatchColumn column{SumKey(i), {}};
    for (const FileSums& sums : run.sums) column.values.PushInt(sums.*kSums[i]);
    batch.columns.push_back(std::move(column));
  }
  for (const columnar::BatchColumn& column : run.values.columns) batch.columns.push_back(column);
  for (const columnar::BatchColumn& column : batch.columns) keys.push_back(column.key);
  const auto id_of = [&](const ColumnKey& key) {
    return static_cast<std::uint32_t>(std::ranges::find(keys, key) - keys.begin());
  };
  ByteWriter writer;
  WriteColumnKeys({keys.begin() + kSums.size(), keys.end()}, writer);
  WriteBatch(batch, id_of, writer);
  return SealBlob(kPartitionRunMagic, writer.bytes(), Compression::kWhenSmaller);
}

Result<PartitionSummary> DecodePartitionRun(ByteSpan blob, const std::string& what) {
  LEVEE_ASSIGN(const Bytes payload, OpenBlob(kPartitionRunMagic, blob, what));
  ByteReader reader(payload);
  std::vector<ColumnKey> keys;
  for (std::size_t i = 0; i < kSums.size(); ++i) keys.push_back(SumKey(i));
  if (!ReadColumnKeys(reader, keys)) return Fail(ErrorCode::kCorrupt, what, "its keys do not decode");
  LEVEE_ASSIGN(columnar::Batch batch, ReadBatch(reader, Dictionary(keys), what));
  PartitionSummary run;
  run.sums.resize(batch.rows);
  for (std::size_t i = 0; i < kSums.size(); ++i) {
    const columnar::ColumnVector* values = std::as_const(batch).Find(keys[i]);
    if (values == nullptr || values->has_nulls()) return Fail(ErrorCode::kCorrupt, what, "a sum is missing");
    for (std::size_t row = 0; row < batch.rows; ++row) run.sums[row].*kSums[i] = values->ints[row];
  }
  std::erase_if(batch.columns, [](const columnar::BatchColumn& column) {
    return column.key.role == columnar::ColumnRole::kSize;
  });
  run.values = std::move(batch);
  return run;
}

Result<std::optional<std::int64_t>> ReadSumsVersion(Connection& connection, std::int64_t range_id) {
  LEVEE_ASSIGN(Query query, Query::Make(connection, kReadVersion, range_id));
  LEVEE_ASSIGN(const bool row, query.Step());
  return row ? query.MaybeInt(0) : std::nullopt;
}

Result<std::int64_t> CountRunRows(Connection& connection, std::int64_t range_id) {
  LEVEE_ASSIGN(Query query, Query::Make(connection, kCountRows, range_id));
  LEVEE_ASSIGN([[maybe_unused]] const bool row, query.Step());
  return query.Int(0);
}

Result<std::vector<std::shared_ptr<const PartitionSummary>>> ReadRuns(Connection& connection, std::int64_t range_id) {
  std::vector<std::shared_ptr<const PartitionSummary>> runs;
  LEVEE_ASSIGN(Query query, Query::Make(connection, kReadRuns, range_id));
  while (true) {
    LEVEE_ASSIGN(const bool row, query.Step());
    if (!row) return runs;
    LEVEE_ASSIGN(PartitionSummary run, DecodePartitionRun(query.Blob(1), RunName(query.Int(0))));
    runs.push_back(std::make_shared<const PartitionSummary>(std::move(run)));
  }
}

Status SetSumsVersion(Connection& connection, std::int64_t range_id, std::int64_t version) {
  return Execute(connection, kSetVersion, range_id, version);
}

Status InsertRun(Connection& connection, std::int64_t range_id, const PartitionSummary& run) {
  if (run.sums.empty()) return {};
  const Bytes body = EncodePartitionRun(run);
  return Execute(connection, kInsertRun, range_id, static_cast<std::int64_t>(run.sums.size()), ByteSpan(body));
}

Status MergeRun(Connection& connection, std::int64_t range_id, PartitionSummary run) {
  while (!run.sums.empty()) {
    std::int64_t run_id = 0;
    PartitionTally tally;
    {
      LEVEE_ASSIGN(Query query, Query::Make(connection, kNewestRun, range_id));
      LEVEE_ASSIGN(const bool row, query.Step());
      if (!row || query.Int(1) > 2 * static_cast<std::int64_t>(run.sums.size())) break;
      run_id = query.Int(0);
      LEVEE_ASSIGN(const PartitionSummary newest, DecodePartitionRun(query.Blob(2), RunName(run_id)));
      tally.Add(newest);
    }
    tally.Add(run);
    run = tally.Take();
    LEVEE_RETURN_IF_ERROR(Execute(connection, kDeleteRun, run_id));
  }
  return InsertRun(connection, range_id, run);
}

Status DeleteRuns(Connection& connection, std::int64_t range_id) { return Execute(connection, kDeleteRuns, range_id); }

}  // namespace levee::store
