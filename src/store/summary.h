// What a table's entries come to, by partition and by column.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "columnar/batch.h"
#include "types/data_type.h"
#include "types/value.h"

namespace levee::store {

// Files below this size cost a reader more to open than to read.
inline constexpr std::int64_t kSmallFileBytes = 32 << 20;

// Sums over files. Those of a change may be negative.
struct FileSums {
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::int64_t known_records = 0;          // of the files that say
  std::int64_t files_without_records = 0;  // those that do not
  std::int64_t small_files = 0;            // below kSmallFileBytes

  void Add(const FileSums& other) {
    files += other.files;
    bytes += other.bytes;
    known_records += other.known_records;
    files_without_records += other.files_without_records;
    small_files += other.small_files;
  }
  // Empty when some file does not say.
  std::optional<std::int64_t> num_records() const {
    return files_without_records == 0 ? std::optional(known_records) : std::nullopt;
  }
  friend bool operator==(const FileSums&, const FileSums&) = default;
};

// The sums of each partition. A partition may have several rows, which add up, as where a value of it was kept as
// another type.
struct PartitionSummary {
  columnar::Batch values;      // kPartition and kPartitionValue columns, a row a partition
  std::vector<FileSums> sums;  // by row; files is above 0
};

// Where the kept sums by partition of a table's main range stand.
struct ViewState {
  std::int64_t head = -1;               // the newest version
  std::optional<std::int64_t> version;  // that the sums stand for; empty: there are none
  std::int64_t rows = 0;                // of all runs

  bool behind() const { return !version || *version < head; }
};

// What a refresh did to a view.
enum class Refreshed : std::uint8_t {
  kNothing,      // it was at the head, or not behind enough
  kIncremental,  // what commits changed was added
  kFull          // all entries were counted anew
};

// What the statistics of all files say of a column together; of a partition column, what its values do.
struct ColumnSummary {
  std::string path;  // physical, joined by types::kPathSeparator
  types::PrimitiveType type;
  // No value is below `lower` or above `upper`; null: some file does not say, or none has a value.
  types::Value lower, upper;
  // The bound is one that a file gave, of an entry that is alive: no entry has a lower (higher) one.
  bool lower_exact = false, upper_exact = false;
  std::int64_t nulls = 0;    // at least
  bool nulls_exact = false;  // every file gave its count
};

}  // namespace levee::store
