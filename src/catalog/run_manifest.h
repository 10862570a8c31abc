// What an import writes down about its runs, so that a later one can go on: docs/formats/import-runs.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "catalog/import_totals.h"
#include "columnar/run_file.h"
#include "columnar/entry_order.h"

namespace levee::catalog {

// Raise it whenever a run would hold anything else than before for the same log.
inline constexpr std::uint32_t kRunManifestVersion = 1;

// The numbers reach the disk.
enum class RunKind : std::uint8_t { kAlive = 0, kEnded = 1, kTombstones = 2 };

struct KeptRun {
  RunKind kind = RunKind::kAlive;
  columnar::Run run;
};

// Units of a checkpoint (delta::CheckpointUnits) that were read whole, and all that came of them.
struct CompletedUnits {
  std::vector<std::size_t> units;
  std::int64_t files = 0;           // adds that were read, for progress
  std::vector<KeptRun> runs;
  ImportTotals::Changes totals;
  std::vector<Hash128> met_ends;    // keys of entries that the commits ended, see EntryTimeline
  Hash128 ends_hash;                // EntryTimeline::HashBaseEnds of them
};

// How the entries of a kind are sorted; stands before the first run of that kind.
struct KeptOrder {
  RunKind kind = RunKind::kAlive;
  columnar::EntryOrder order;
};

// The file's first bytes; `plan` says what the runs are made from.
Bytes EncodeManifestHeader(const Hash128& plan);
// Records, with their length and checksum in front.
Bytes EncodeRecord(const KeptOrder& order);
Bytes EncodeRecord(const CompletedUnits& completed);

struct RunManifest {
  bool same_plan = false;            // false: another plan, version or file altogether; the rest is empty
  std::vector<KeptOrder> orders;
  std::vector<CompletedUnits> completed;
  std::uint64_t valid_bytes = 0;     // where a torn or damaged record begins, or the end
  bool whole = true;                 // false: there is such a record
};

// Reads the records up to the first that is torn or damaged.
RunManifest DecodeManifest(ByteSpan bytes, const Hash128& plan);

}  // namespace levee::catalog
