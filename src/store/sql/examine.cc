// Examine and Verify: every blob of a table is read, and its records are held against each other.
#include <algorithm>
#include <map>
#include <set>

#include "base/cancellation.h"
#include "store/sql/commit_rows.h"
#include "store/sql/partition_runs.h"
#include "store/sql/query.h"
#include "store/sql/sql_store.h"
#include "store/sql/stored_entries.h"
#include "store/sql/table_record_check.h"

namespace levee::store {
namespace {

constexpr char kRanges[] =
    "SELECT range_id, is_main, first_version, last_version FROM ranges WHERE table_id=?1 AND published=1"
    " ORDER BY is_main DESC, first_version, range_id";
constexpr char kSegments[] =
    "SELECT segment_id, kind, format, row_count, min_added, max_added, min_removed, max_removed FROM segments"
    " WHERE range_id=?1 AND state=1 ORDER BY segment_id";
constexpr char kState[] = "SELECT version, json FROM state_actions WHERE range_id=?1";
constexpr char kBody[] = "SELECT body FROM segments WHERE segment_id=?1";
constexpr char kCommits[] = "SELECT version FROM commits WHERE table_id=?1 AND version>=?2 AND version<=?3 ORDER BY version";

std::string TextOf(const Error& error) { return error.what + ": " + error.why; }

// Takes [first, last] out of spans.
void TakeOut(std::vector<VersionInterval>& spans, std::int64_t first, std::int64_t last) {
  std::vector<VersionInterval> left;
  for (const auto& [begin, end] : spans) {
    if (begin < first) left.emplace_back(begin, std::min(end, first - 1));
    if (end > last) left.emplace_back(std::max(begin, last + 1), end);
  }
  spans = std::move(left);
}

// Examines a range. Reads without a cache, so that each byte comes from the database.
class RangeExaminer {
 public:
  RangeExaminer(Driver& driver, std::int64_t table_id, std::shared_ptr<const Dictionary> dictionary, RangeDamage& damage)
      : reader_(0), session_(driver), table_id_(table_id), dictionary_(std::move(dictionary)), damage_(damage) {
    damage_.readable = {{damage_.first_version, damage_.last_version}};
  }

  Status Run() {
    LEVEE_ASSIGN(const std::vector<SegmentInfo> segments, ListSegments());
    for (const SegmentInfo& info : segments) {
      LEVEE_RETURN_IF_ERROR(CheckCancelled());
      segment_ids_.insert(info.id);
      LEVEE_RETURN_IF_ERROR(CheckSegment(info));
    }
    for (const std::int64_t id : named_by_removals_) {
      if (segment_ids_.contains(id)) continue;
      damage_.data.push_back("segment " + std::to_string(id) + ": it is gone, though removals name it");
      damage_.readable.clear();
    }
    LEVEE_RETURN_IF_ERROR(CheckSums());
    LEVEE_RETURN_IF_ERROR(CheckState());
    return CheckCommits();
  }

 private:
  // True: `status` is of damage, which went to `texts`. Another error ends the examination.
  static Result<bool> Note(const Status& status, std::vector<std::string>& texts) {
    if (status) return false;
    const ErrorCode code = status.error().code;
    if (code != ErrorCode::kCorrupt && code != ErrorCode::kNotFound) return std::unexpected(status.error());
    texts.push_back(TextOf(status.error()));
    return true;
  }
  template <typename T>
  static Status AsStatus(const Result<T>& result) {
    if (result) return {};
    return std::unexpected(result.error());
  }

  Result<std::vector<SegmentInfo>> ListSegments() {
    LEVEE_ASSIGN(Connection * connection, session_.Connect());
    LEVEE_ASSIGN(Query query, Query::Make(*connection, kSegments, damage_.range_id));
    std::vector<SegmentInfo> segments;
    while (true) {
      LEVEE_ASSIGN(const bool row, query.Step());
      if (!row) return segments;
      SegmentInfo info;
      info.id = query.Int(0);
      info.kind = static_cast<SegmentKind>(query.Int(1));
      info.format = static_cast<SegmentFormat>(query.Int(2));
      info.rows = query.Int(3);
      info.min_added = query.Int(4);
      info.max_added = query.Int(5);
      info.min_removed = query.Int(6);
      info.max_removed = query.Int(7);
      segments.push_back(info);
    }
  }

  Status CheckSegment(const SegmentInfo& info) {
    const std::size_t data_before = damage_.data.size(), derived_before = damage_.derived.size();
    Status read = info.format == SegmentFormat::kMicro ? CheckMicro(info) : CheckColumns(info);
    LEVEE_ASSIGN([[maybe_unused]] const bool bad, Note(read, damage_.data));
    if (info.format == SegmentFormat::kColumns && info.kind == SegmentKind::kActive) {
      LEVEE_ASSIGN([[maybe_unused]] const bool keys, Note(AsStatus(reader_.Keys(session_, info.id)), damage_.derived));
      LEVEE_ASSIGN([[maybe_unused]] const bool statistics,
                   Note(AsStatus(reader_.Statistics(session_, info.id)), damage_.derived));
    }
    session_.Release();
    if (damage_.data.size() > data_before) {
      damage_.data_segments.push_back(info.id);
      Lose(info);
    } else if (damage_.derived.size() > derived_before) {
      damage_.derived_segments.push_back(info.id);
    }
    return {};
  }

  // The versions that need the segment.
  void Lose(const SegmentInfo& info) {
    const std::int64_t first = damage_.first_version, last = damage_.last_version;
    switch (info.kind) {
      case SegmentKind::kHistory:
        return TakeOut(damage_.readable, std::max(info.min_added, first), std::min(info.max_removed - 1, last));
      case SegmentKind::kRemovals: return TakeOut(damage_.readable, std::max(info.min_removed, first), last);
      case SegmentKind::kTombstones: return;  // no version's files need them
      default: return TakeOut(damage_.readable, std::max(info.min_added, first), last);
    }
  }

  Status CheckMicro(const SegmentInfo& info) {
    if (info.kind != SegmentKind::kRemovals) {
      LEVEE_ASSIGN(const columnar::Batch batch, ReadMicroSegment(session_, *dictionary_, info.id));
      if (static_cast<std::int64_t>(batch.rows) == info.rows) return {};
      return Fail(ErrorCode::kCorrupt, "segment " + std::to_string(info.id), "it has not all rows");
    }
    LEVEE_ASSIGN(Connection * connection, session_.Connect());
    LEVEE_ASSIGN(Query query, Query::Make(*connection, kBody, info.id));
    LEVEE_ASSIGN([[maybe_unused]] const bool row, query.Step());
    LEVEE_ASSIGN(const RemovalBatch removals,
                 DecodeRemovals(query.Blob(0), *dictionary_, "segment " + std::to_string(info.id)));
    for (const EntryPlace& place : removals.entries) named_by_removals_.insert(place.segment_id);
    return {};
  }

  // Each damaged column is named; damage to the directory is what is returned.
  Status CheckColumns(const SegmentInfo& info) {
    LEVEE_ASSIGN(const auto directory, reader_.Directory(session_, info.id));
    for (const std::uint32_t id : directory->Columns()) {
      if (id >= dictionary_->size()) {
        return Fail(ErrorCode::kCorrupt, "segment " + std::to_string(info.id), "its directory names an unknown column");
      }
      const columnar::ColumnKey& key = dictionary_->key(id);
      const SegmentColumn column{info.id, id, types::PhysicalTypeOf(key.type)};
      LEVEE_ASSIGN([[maybe_unused]] const bool zones, Note(AsStatus(reader_.ZoneMap(session_, column)), damage_.derived));
      columnar::ColumnVector values;
      values.physical = column.physical;
      Status read = reader_.AppendAll(session_, column, values);
      if (read && values.rows != static_cast<std::size_t>(info.rows)) {
        read = Fail(ErrorCode::kCorrupt, "segment " + std::to_string(info.id),
                    "column " + std::to_string(id) + " has not all rows");
      }
      auto& texts = columnar::IsIndexRole(key.role) ? damage_.derived : damage_.data;
      LEVEE_ASSIGN([[maybe_unused]] const bool bad, Note(read, texts));
    }
    return {};
  }

  Status CheckSums() {
    LEVEE_ASSIGN(Connection * connection, session_.Connect());
    LEVEE_ASSIGN(damage_.sums, Note(AsStatus(ReadRuns(*connection, damage_.range_id)), damage_.derived));
    return {};
  }

  Status CheckState() {
    LEVEE_ASSIGN(Connection * connection, session_.Connect());
    LEVEE_ASSIGN(Query query, Query::Make(*connection, kState, damage_.range_id));
    while (true) {
      LEVEE_ASSIGN(const bool row, query.Step());
      if (!row) return {};
      LEVEE_ASSIGN(const bool bad, Note(AsStatus(StateJson(query.Blob(1), damage_.range_id)), damage_.data));
      if (bad) TakeOut(damage_.readable, query.Int(0), damage_.last_version);
    }
  }

  Status CheckCommits() {
    LEVEE_ASSIGN(Connection * connection, session_.Connect());
    LEVEE_ASSIGN(Query query, Query::Make(*connection, kCommits, table_id_, damage_.first_version, damage_.last_version));
    std::int64_t expected = damage_.first_version;
    while (expected <= damage_.last_version) {
      LEVEE_ASSIGN(const bool row, query.Step());
      const std::int64_t found = row ? query.Int(0) : damage_.last_version + 1;
      if (found > expected) {
        damage_.data.push_back("commits " + std::to_string(expected) + " to " + std::to_string(found - 1) +
                               ": they are gone");
        TakeOut(damage_.readable, expected, found - 1);
      }
      expected = found + 1;
    }
    session_.Release();
    return {};
  }

  SegmentReader reader_;
  ReadSession session_;
  const std::int64_t table_id_;
  const std::shared_ptr<const Dictionary> dictionary_;
  RangeDamage& damage_;
  std::set<std::int64_t> segment_ids_, named_by_removals_;
};

// The ranges as they are published; the main one by the table's row, whatever the others say.
Result<std::vector<RangeDamage>> ListRanges(Connection& connection, const RangeHead& main) {
  std::vector<RangeDamage> ranges;
  bool has_main = main.last_version < 0 && main.range_id == 0;  // never imported
  LEVEE_ASSIGN(Query query, Query::Make(connection, kRanges, main.table_id));
  while (true) {
    LEVEE_ASSIGN(const bool row, query.Step());
    if (!row) break;
    RangeDamage range;
    range.range_id = query.Int(0);
    range.main = range.range_id == main.range_id;
    range.first_version = range.main ? main.first_version : query.Int(2);
    range.last_version = range.main ? main.last_version : query.Int(3);
    has_main = has_main || range.main;
    // One that calls itself the main range but is not the table's is no reader's.
    if (range.main || query.Int(1) == 0) ranges.push_back(std::move(range));
  }
  if (has_main) return ranges;
  RangeDamage gone{.range_id = main.range_id, .main = true, .first_version = main.first_version, .last_version = main.last_version};
  gone.data.push_back("main range " + std::to_string(main.range_id) + ": it is not there");
  ranges.insert(ranges.begin(), std::move(gone));
  return ranges;
}

}  // namespace

Result<TableDamage> SqlStore::Examine(std::int64_t table_id) {
  TableDamage damage;
  std::shared_ptr<const Dictionary> dictionary;
  {
    LEVEE_ASSIGN(const Lease reader, driver_->Reader());
    LEVEE_ASSIGN(Transaction snapshot, Transaction::Begin(*reader, TransactionMode::kRead));
    LEVEE_ASSIGN(const RangeHead main, ReadMainHead(*reader, table_id));
    damage.layout_generation = main.layout_generation;
    LEVEE_ASSIGN(damage.ranges, ListRanges(*reader, main));
    LEVEE_ASSIGN(const RecordCheck record, CheckRecord(*reader, table_id));
    damage.record = record.problems;
    auto loaded = LoadDictionary(*reader, table_id, nullptr);
    if (!loaded && loaded.error().code != ErrorCode::kCorrupt) return std::unexpected(std::move(loaded).error());
    if (!loaded) damage.columns.push_back(TextOf(loaded.error()));
    if (loaded) dictionary = std::move(*loaded);
  }
  if (dictionary == nullptr) return damage;
  for (RangeDamage& range : damage.ranges) {
    if (range.data.empty()) LEVEE_RETURN_IF_ERROR(RangeExaminer(*driver_, table_id, dictionary, range).Run());
  }
  return damage;
}

Result<std::vector<std::string>> SqlStore::Verify(std::int64_t table_id) {
  LEVEE_ASSIGN(TableDamage damage, Examine(table_id));
  std::vector<std::string> texts = std::move(damage.columns);
  const auto add = [&](std::vector<std::string>& more) {
    texts.insert(texts.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  add(damage.record);
  for (RangeDamage& range : damage.ranges) {
    add(range.data);
    add(range.derived);
  }
  return texts;
}

}  // namespace levee::store
