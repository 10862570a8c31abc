// The bounds of file entries that are at hand as a batch.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "columnar/batch.h"
#include "columnar/skipping_evaluator.h"
#include "expr/skipping.h"

namespace levee::query {

// The columns of entries that BatchBounds reads to evaluate `node`.
std::vector<columnar::ColumnKey> BoundsColumns(const expr::SkippingNode& node);

// Over a batch that the caller keeps alive, with the columns that BoundsColumns names; one that is
// absent is null in every row. Partition values without a zone are read in `timezone`.
class BatchBounds final : public columnar::BoundsSource {
 public:
  BatchBounds(const columnar::Batch& batch, std::string timezone);

  std::size_t rows() const override { return batch_.rows; }
  Result<const columnar::ColumnVector*> Lower(const expr::ColumnRef& column) override;
  Result<const columnar::ColumnVector*> Upper(const expr::ColumnRef& column) override;
  Result<const Bitmap*> MayBeNull(const expr::ColumnRef& column) override;
  Result<const Bitmap*> MayBeNonNull(const expr::ColumnRef& column) override;

 private:
  struct Partition {
    columnar::ColumnVector values;
    Bitmap may_be_null, may_be_non_null;
  };
  struct Nulls {
    Bitmap may_be_null, may_be_non_null;
  };

  const Partition& PartitionOf(const expr::ColumnRef& column);
  const Nulls& NullsOf(const expr::ColumnRef& column);

  const columnar::Batch& batch_;
  const std::string timezone_;
  std::map<std::string, Partition> partitions_;  // by physical path
  std::map<std::string, Nulls> nulls_;
};

}  // namespace levee::query
