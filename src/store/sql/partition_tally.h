// Adding up entries by the values of their partition columns.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "columnar/batch.h"
#include "store/summary.h"

namespace levee::store {

// Not thread-safe.
class PartitionTally {
 public:
  // Adds `times` (1 or -1) each of the given rows, by their kPartition and kPartitionValue columns.
  void Add(const columnar::Batch& entries, const std::vector<std::uint32_t>& rows, std::int64_t times);
  // The same for every row.
  void AddAll(const columnar::Batch& entries);
  // Adds sums to sums.
  void Add(const PartitionSummary& summary);

  std::size_t rows() const { return sums_.size(); }
  // What was added up, without partitions that came to nothing; leaves an empty tally.
  PartitionSummary Take();

 private:
  struct Source {
    std::size_t slot;  // of columns_
    const columnar::ColumnVector* values;
  };
  std::vector<Source> SourcesOf(const columnar::Batch& batch);
  std::size_t Find(const std::vector<Source>& sources, std::size_t row);

  std::vector<columnar::BatchColumn> columns_;  // of the partitions; may be shorter than sums_
  std::vector<FileSums> sums_;
  struct KeyHasher {
    std::size_t operator()(const Hash128& hash) const { return hash.low; }
  };
  std::unordered_map<Hash128, std::size_t, KeyHasher> places_;  // by the hash of a tuple's bytes
  std::string key_;                                             // scratch
  std::string last_key_;
  std::size_t last_ = 0;
};

// The sums of one entry.
FileSums SumsOf(const columnar::ColumnVector* sizes, const columnar::ColumnVector* records, std::size_t row);

}  // namespace levee::store
