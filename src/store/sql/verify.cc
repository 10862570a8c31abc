// Verify: reads every blob of a table and says which ones are damaged.
#include "base/hash.h"
#include "store/sql/commit_rows.h"
#include "store/sql/partition_runs.h"
#include "store/sql/query.h"
#include "store/sql/sql_store.h"
#include "store/sql/stored_entries.h"

namespace levee::store {
namespace {

constexpr char kSegments[] =
    "SELECT s.segment_id, s.kind, s.format, s.row_count FROM segments s JOIN ranges r ON r.range_id=s.range_id"
    " WHERE r.table_id=?1 AND r.published=1 AND s.state=1 ORDER BY s.segment_id";
constexpr char kRanges[] = "SELECT range_id FROM ranges WHERE table_id=?1 AND published=1";
constexpr char kState[] = "SELECT json FROM state_actions WHERE range_id=?1";
constexpr char kBody[] = "SELECT body FROM segments WHERE segment_id=?1";

Result<std::vector<SegmentInfo>> ListSegments(Connection& connection, std::int64_t table_id) {
  std::vector<SegmentInfo> segments;
  LEVEE_ASSIGN(Query query, Query::Make(connection, kSegments, table_id));
  while (true) {
    LEVEE_ASSIGN(const bool row, query.Step());
    if (!row) return segments;
    SegmentInfo info;
    info.id = query.Int(0);
    info.kind = static_cast<SegmentKind>(query.Int(1));
    info.format = static_cast<SegmentFormat>(query.Int(2));
    info.rows = query.Int(3);
    segments.push_back(info);
  }
}

// Reads without a cache, so that each byte comes from the database.
class Verifier {
 public:
  Verifier(Driver& driver, std::shared_ptr<const Dictionary> dictionary)
      : reader_(0), session_(driver), dictionary_(std::move(dictionary)) {}

  // Damage goes to `damaged`; another error ends the verification.
  Status Check(const SegmentInfo& info) {
    LEVEE_RETURN_IF_ERROR(Note(info.format == SegmentFormat::kMicro ? CheckMicro(info) : CheckColumns(info)));
    if (info.format == SegmentFormat::kColumns && info.kind == SegmentKind::kActive) {
      LEVEE_RETURN_IF_ERROR(Note(CheckKeys(info)));
      LEVEE_RETURN_IF_ERROR(Note(AsStatus(reader_.Statistics(session_, info.id))));
    }
    session_.Release();
    return {};
  }

  // Of each range: sums by partition, and state.
  Status CheckRanges(std::int64_t table_id) {
    std::vector<std::int64_t> ranges;
    LEVEE_ASSIGN(Connection * connection, session_.Connect());
    {
      LEVEE_ASSIGN(Query query, Query::Make(*connection, kRanges, table_id));
      while (true) {
        LEVEE_ASSIGN(const bool row, query.Step());
        if (!row) break;
        ranges.push_back(query.Int(0));
      }
    }
    for (const std::int64_t range : ranges) {
      LEVEE_RETURN_IF_ERROR(Note(AsStatus(ReadRuns(*connection, range))));
      LEVEE_RETURN_IF_ERROR(CheckState(*connection, range));
    }
    session_.Release();
    return {};
  }

  std::vector<std::string> Take() { return std::move(damaged_); }

 private:
  Status Note(Status status) {
    if (status) return {};
    const ErrorCode code = status.error().code;
    if (code == ErrorCode::kCorrupt || code == ErrorCode::kNotFound) {
      damaged_.push_back(status.error().what + ": " + status.error().why);
      return {};
    }
    return status;
  }

  Status CheckMicro(const SegmentInfo& info) {
    if (info.kind != SegmentKind::kRemovals) {
      return AsStatus(ReadMicroSegment(session_, *dictionary_, info.id));
    }
    LEVEE_ASSIGN(Connection * connection, session_.Connect());
    LEVEE_ASSIGN(Query query, Query::Make(*connection, kBody, info.id));
    LEVEE_ASSIGN([[maybe_unused]] const bool row, query.Step());
    return AsStatus(DecodeRemovals(query.Blob(0), *dictionary_, "segment " + std::to_string(info.id)));
  }

  Status CheckColumns(const SegmentInfo& info) {
    LEVEE_ASSIGN(const auto directory, reader_.Directory(session_, info.id));
    for (const std::uint32_t id : directory->Columns()) {
      if (id >= dictionary_->size()) {
        return Fail(ErrorCode::kCorrupt, "segment " + std::to_string(info.id), "its directory names an unknown column");
      }
      const SegmentColumn column{info.id, id, types::PhysicalTypeOf(dictionary_->key(id).type)};
      LEVEE_RETURN_IF_ERROR(Note(AsStatus(reader_.ZoneMap(session_, column))));
      columnar::ColumnVector values;
      values.physical = column.physical;
      LEVEE_RETURN_IF_ERROR(Note(reader_.AppendAll(session_, column, values)));
    }
    return {};
  }

  Status CheckState(Connection& connection, std::int64_t range) {
    LEVEE_ASSIGN(Query query, Query::Make(connection, kState, range));
    while (true) {
      LEVEE_ASSIGN(const bool row, query.Step());
      if (!row) return {};
      LEVEE_RETURN_IF_ERROR(Note(AsStatus(StateJson(query.Blob(0), range))));
    }
  }

  Status CheckKeys(const SegmentInfo& info) { return AsStatus(reader_.Keys(session_, info.id)); }

  template <typename T>
  static Status AsStatus(const Result<T>& result) {
    if (result) return {};
    return std::unexpected(result.error());
  }

  SegmentReader reader_;
  ReadSession session_;
  const std::shared_ptr<const Dictionary> dictionary_;
  std::vector<std::string> damaged_;
};

}  // namespace

Result<std::vector<std::string>> SqlStore::Verify(std::int64_t table_id) {
  std::vector<SegmentInfo> segments;
  std::shared_ptr<const Dictionary> dictionary;
  {
    LEVEE_ASSIGN(const Lease reader, driver_->Reader());
    LEVEE_RETURN_IF_ERROR(ReadMainHead(*reader, table_id));
    LEVEE_ASSIGN(segments, ListSegments(*reader, table_id));
    auto loaded = LoadDictionary(*reader, table_id, nullptr);
    if (!loaded && loaded.error().code == ErrorCode::kCorrupt) {
      return std::vector<std::string>{loaded.error().what + ": " + loaded.error().why};
    }
    if (!loaded) return std::unexpected(std::move(loaded).error());
    dictionary = std::move(*loaded);
  }
  Verifier verifier(*driver_, std::move(dictionary));
  for (const SegmentInfo& info : segments) LEVEE_RETURN_IF_ERROR(verifier.Check(info));
  LEVEE_RETURN_IF_ERROR(verifier.CheckRanges(table_id));
  return verifier.Take();
}

}  // namespace levee::store
