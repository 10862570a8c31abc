// Commits and state actions as rows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/sql/driver.h"
#include "store/store.h"

namespace levee::store {

// What totals need beyond a CommitRecord: num_records is known only while no live file lacks its count.
struct RecordTotals {
  std::int64_t known_records = 0;          // summed over live files that say
  std::int64_t files_without_records = 0;  // live files that do not

  std::optional<std::int64_t> num_records() const {
    return files_without_records == 0 ? std::optional(known_records) : std::nullopt;
  }
};

// Keeps what is there when the version is known already.
Status InsertCommit(Connection& connection, std::int64_t table_id, const CommitRecord& record,
                    const std::optional<RecordTotals>& totals);
// What a search by time reads: a commit's row is found by its version, so that no index has to be written with
// each commit.
const char* CommitAtOrBefore();
// Makes the times of the commits after `version` monotone again, as far as commits that were put before them
// change them.
Status AdjustTimesAfter(Connection& connection, std::int64_t table_id, std::int64_t version);
Status InsertState(Connection& connection, std::int64_t range_id, const StateRecord& record);
// The JSON of a row of state_actions, which is kept as it is or, where that is shorter, as a blob. kCorrupt names
// the range.
Result<std::string> StateJson(ByteSpan stored, std::int64_t range_id);

struct CommitTotals {
  std::int64_t num_files = 0, size_bytes = 0;
  RecordTotals records;
};
// The totals after a version; zeros when the commit is not known.
Result<CommitTotals> ReadTotals(Connection& connection, std::int64_t table_id, std::int64_t version);

}  // namespace levee::store
