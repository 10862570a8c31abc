// What a segment keeps of its columns for estimates. Format: docs/formats/statistics.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "columnar/batch.h"
#include "store/sql/distinct_sketch.h"
#include "store/statistics.h"

namespace levee::store {

// Segments with fewer rows keep none: a scan of all is soon done, and small tables stay small.
inline constexpr std::size_t kStatisticsRowsMin = 4096;
// Of a segment; there are as many values and one more.
inline constexpr std::size_t kSegmentBuckets = 32;

// Of a column of bounds (by its kMin key) or of partition values.
struct SegmentStatistics {
  columnar::ColumnKey key;
  std::int64_t rows = 0, known = 0;  // entries; those that have both bounds, about
  double correlation = 0;
  DistinctSketch distinct;              // of every lower bound
  columnar::ColumnVector lower, upper;  // equi-depth, of a sample; as ColumnStatistics has them
};

// Of each column with bounds and each partition column that has values.
std::vector<SegmentStatistics> MakeStatistics(const columnar::Batch& batch);

Bytes EncodeStatistics(const std::vector<SegmentStatistics>& columns);
// kCorrupt names `what`.
Result<std::vector<SegmentStatistics>> DecodeStatistics(ByteSpan blob, const std::string& what);

// Puts the statistics of one column in several segments together. Their values have one physical type.
class StatisticsMerger {
 public:
  void Add(const SegmentStatistics& part);
  ColumnStatistics Take() const;

 private:
  // A value that stands for so many entries.
  struct Weighted {
    types::PhysicalValue value;
    double entries;
  };
  static void AddPoints(const columnar::ColumnVector& values, double entries, std::vector<Weighted>& points);
  static columnar::ColumnVector Cut(std::vector<Weighted> points);

  std::int64_t rows_ = 0, known_ = 0;
  double correlation_ = 0;  // times the rows it is of
  DistinctSketch distinct_;
  std::vector<Weighted> lower_, upper_;
};

}  // namespace levee::store
