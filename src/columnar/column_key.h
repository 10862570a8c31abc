// What a column of file entries means.
#pragma once

#include <cstdint>
#include <string>

#include "types/data_type.h"

namespace levee::columnar {

// The role of a column; each row is one file entry (an `add` action with its validity) or, in
// batches of removals and tombstones, one `remove` action. The numbers reach the disk.
enum class ColumnRole : std::uint8_t {
  // The add action's own fields, absent values null.
  kPath = 1,                      // string, as the log has it
  kSize = 2,                      // long, bytes
  kModificationTime = 3,          // long, milliseconds since the epoch
  kDataChange = 4,                // boolean
  kPartition = 5,                 // string, by column: the raw text of the log ("" kept apart from null)
  kPartitionValue = 6,            // typed, by column, for types other than string and timestamp; null where
                                  // the raw text is null, "" or does not parse
  kNumRecords = 7,                // long
  kTightBounds = 8,               // boolean, null when the statistics do not say
  kMin = 9,                       // typed, by column; null: no lower bound known
  kMax = 10,                      // typed, by column; null: no upper bound known
  kNullCount = 11,                // long, by column; null: unknown
  kStatsForm = 12,                // long: see StatsForm; null: the action has no statistics
  kStatsResidual = 13,            // string: JSON that the typed columns do not hold, see StatsForm
  kTags = 14,                     // string: the JSON object of the log, or null
  kBaseRowId = 15,                // long
  kDefaultRowCommitVersion = 16,  // long
  kClusteringProvider = 17,       // string
  kActionResidual = 18,           // string: JSON object of the action's other fields (unknown ones), or null
  // The deletion vector; all null without one.
  kDvStorageType = 20,   // string, "u", "i" or "p"
  kDvPathOrInline = 21,  // string
  kDvOffset = 22,        // long, null when absent
  kDvSizeInBytes = 23,   // long
  kDvCardinality = 24,   // long
  // Validity: the entry lives in [added, removed).
  kAddedVersion = 30,    // long; null: at or below the floor of its range
  kRemovedVersion = 31,  // long; null: alive
  kKeyHash = 32,         // long: the bits of types::FileKeyHash(path, deletion vector)
  // Of removals and tombstones (and of entries whose remove is known).
  kDeletionTimestamp = 40,     // long, milliseconds
  kRemoveDataChange = 41,      // boolean
  kExtendedFileMetadata = 42,  // boolean
  kRemoveResidual = 43,        // string: JSON of the remove action's fields that differ from its entry's
  // A column's bounds in another order, beside a segment's own columns: ascending by lower bound, rows that lack
  // a bound last. Only stored segments have these; no batch of entries does.
  kIndexLow = 50,   // typed, by column: kMin
  kIndexHigh = 51,  // typed, by column: kMax
  kIndexRow = 52,   // long, by column: the row of the segment
};

// True for the roles whose rows are not those of the entries.
constexpr bool IsIndexRole(ColumnRole role) { return role >= ColumnRole::kIndexLow && role <= ColumnRole::kIndexRow; }

// Values of kStatsForm.
enum class StatsForm : std::uint8_t {
  kTyped = 1,    // the typed columns hold everything
  kPartial = 2,  // kStatsResidual is a JSON object with what the typed columns lack, merged on output
  kRaw = 3,      // kStatsResidual is the log's own text, which is no JSON object
};

struct ColumnKey {
  ColumnRole role = ColumnRole::kPath;
  std::string path;           // by-column roles: physical names joined by types::kPathSeparator; else empty
  types::PrimitiveType type;  // the type of the column's values

  friend bool operator==(const ColumnKey&, const ColumnKey&) = default;
};

// The key of a role that is not by column, with the type that its comment gives.
ColumnKey PlainKey(ColumnRole role);

// A total order: role, path, type.
bool KeyLess(const ColumnKey& a, const ColumnKey& b);

}  // namespace levee::columnar
