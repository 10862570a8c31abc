// The partition sums of a range in the database: runs that add up to the sums at one version. Format:
// docs/formats/store.md, "Partition runs".
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "store/sql/driver.h"
#include "store/summary.h"

namespace levee::store {

Bytes EncodePartitionRun(const PartitionSummary& run);
Result<PartitionSummary> DecodePartitionRun(ByteSpan blob, const std::string& what);

// The version that a range's runs stand for; empty: it has none.
Result<std::optional<std::int64_t>> ReadSumsVersion(Connection& connection, std::int64_t range_id);
// How many rows the runs have together.
Result<std::int64_t> CountRunRows(Connection& connection, std::int64_t range_id);
Result<std::vector<std::shared_ptr<const PartitionSummary>>> ReadRuns(Connection& connection, std::int64_t range_id);

// The rest within a write transaction.
Status SetSumsVersion(Connection& connection, std::int64_t range_id, std::int64_t version);
// Adds a run as it is.
Status InsertRun(Connection& connection, std::int64_t range_id, const PartitionSummary& run);
// Adds a run, merged with newer ones of like size: there are few runs, and each row is rewritten a logarithmic
// number of times.
Status MergeRun(Connection& connection, std::int64_t range_id, PartitionSummary run);
Status DeleteRuns(Connection& connection, std::int64_t range_id);

}  // namespace levee::store
