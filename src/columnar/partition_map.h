// The map<utf8, utf8> column of partition values: one entry for each partition column in each row.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "columnar/arrow_array.h"

namespace levee::columnar {

// Makes the maps of batch after batch. The keys are the same in all rows, so that arrays share them.
// Not thread-safe; what it made may outlive it.
class PartitionMapMaker {
 public:
  explicit PartitionMapMaker(const std::vector<ArrowColumn::MapEntry>& entries) : entries_(entries) {}

  static ArrowSchemaNode Schema(std::string name);

  // Takes the text of a single entry's column when `may_take` is set.
  Result<ArrowNode> Make(Batch& batch, bool may_take);

 private:
  struct Keys {
    std::vector<std::int32_t> offsets;
    std::string bytes;
    std::size_t rows = 0;
  };

  ArrowNode MakeKeys(std::size_t rows);
  Result<ArrowNode> MakeValues(Batch& batch, bool may_take) const;

  std::vector<ArrowColumn::MapEntry> entries_;
  std::shared_ptr<const Keys> keys_;  // of the longest batch so far
};

}  // namespace levee::columnar
