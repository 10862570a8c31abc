// The rows of a data file that a deletion vector marks (Delta protocol, "Deletion Vectors" and "Deletion Vector Format").
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "delta/actions.h"
#include "levee/levee.h"
#include "objectstore/object_store.h"

namespace levee::delta {

// Rows count from 0 in the order of the data file. Kept as ranges, since a vector may mark billions of rows.
class DeletedRows {
 public:
  using Range = RowRange;

  // Appends above all that is there; what touches the last range lengthens it.
  void Append(std::uint64_t first, std::uint64_t last);

  const std::vector<Range>& ranges() const { return ranges_; }  // ascending, apart from each other
  std::uint64_t count() const { return count_; }
  // A bit a row of a file of `rows` rows, the lowest of a byte first, set for those that stay: an Arrow bitmap.
  Bytes KeptRows(std::uint64_t rows) const;

 private:
  std::vector<Range> ranges_;
  std::uint64_t count_ = 0;
};

// Decodes the bitmap of the protocol: its magic number, then 32-bit Roaring bitmaps in their portable form, each with the
// upper half of its rows' numbers. kCorrupt where it breaks off or contradicts itself.
Result<DeletedRows> DecodeDeletionVector(ByteSpan bitmap);

// Opens the store of a vector that lies outside of its table.
using OtherStoreOpener =
    std::function<Result<std::unique_ptr<objectstore::ObjectStore>>(std::string_view path_or_uri)>;

// Reads what a file's deletion vector says: inline, of a file of the table, or of one anywhere. kCorrupt where size,
// checksum or cardinality do not agree; kUnsupported names a storage type that is unknown.
Result<DeletedRows> ReadDeletionVector(objectstore::ObjectStore& table, const OtherStoreOpener& open_other,
                                       const DeletionVectorDescriptor& descriptor);

}  // namespace levee::delta
