// What skipping may know of entries: from statistics and partition values, by entry or by block of entries.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "columnar/skipping_evaluator.h"
#include "store/sql/entry_columns.h"
#include "store/sql/layout.h"

namespace levee::store {

// Bounds of each entry of a run.
class EntryBounds final : public columnar::BoundsSource {
 public:
  // `timezone`: of partition values of type timestamp.
  EntryBounds(EntryColumns& columns, std::string_view timezone) : columns_(columns), timezone_(timezone) {}

  std::size_t rows() const override { return columns_.rows(); }
  Result<const columnar::ColumnVector*> Lower(const expr::ColumnRef& column) override;
  Result<const columnar::ColumnVector*> Upper(const expr::ColumnRef& column) override;
  Result<const Bitmap*> MayBeNull(const expr::ColumnRef& column) override;
  Result<const Bitmap*> MayBeNonNull(const expr::ColumnRef& column) override;
  bool MayBeEncoded() const override { return columns_.has_cursors(); }
  Result<std::optional<columnar::EncodedBounds>> Encoded(const expr::ColumnRef& column,
                                                         columnar::Sides needed) override;

 private:
  using Values = std::shared_ptr<const columnar::ColumnVector>;
  Result<const columnar::ColumnVector*> Keep(Result<Values> values);
  Result<Values> PartitionValues(const expr::ColumnRef& column);
  Result<Values> ParsedTimestamps(const expr::ColumnRef& column);
  Result<const Bitmap*> KeepBitmap(Result<std::shared_ptr<const Bitmap>> bitmap);
  Result<std::shared_ptr<const Bitmap>> PartitionMayBeNull(const expr::ColumnRef& column);
  Result<std::shared_ptr<const Bitmap>> PartitionMayBeNonNull(const expr::ColumnRef& column);
  Result<std::shared_ptr<const Bitmap>> CountsMayBeNull(const columnar::ColumnKey& null_count);
  Result<std::shared_ptr<const Bitmap>> CountsMayBeNonNull(const columnar::ColumnKey& null_count);

  EntryColumns& columns_;
  const std::string_view timezone_;
  // What returned pointers point to.
  std::vector<Values> values_;
  std::vector<std::shared_ptr<const Bitmap>> bitmaps_;
};

// What is known of a column in each block of a segment set.
struct ZoneColumn {
  columnar::ColumnVector values;  // lower or upper bounds; null: unknown
  Bitmap may_be;                  // null, or not null
};

// Whose blocks ZoneBounds tells of.
enum class BlocksOf : std::uint8_t {
  kEntries,
  kIndex,  // of the column that is asked for; unknown where a segment has none, and it knows nothing of NULLs
};

// Bounds of each block of a set, from the zone maps.
class ZoneBounds final : public columnar::BoundsSource {
 public:
  ZoneBounds(SegmentReader& reader, ReadSession& session, const Dictionary& dictionary, const SegmentSet& set,
             BlocksOf blocks = BlocksOf::kEntries)
      : reader_(reader), session_(session), dictionary_(dictionary), set_(set), blocks_(blocks) {}

  std::size_t rows() const override { return set_.blocks; }
  Result<const columnar::ColumnVector*> Lower(const expr::ColumnRef& column) override;
  Result<const columnar::ColumnVector*> Upper(const expr::ColumnRef& column) override;
  Result<const Bitmap*> MayBeNull(const expr::ColumnRef& column) override;
  Result<const Bitmap*> MayBeNonNull(const expr::ColumnRef& column) override;

 private:
  enum class Part : char { kLower = 'l', kUpper = 'u', kIndexLower = 'L', kIndexUpper = 'U', kMayBeNull = 'n', kMayBeNonNull = 'v' };

  Result<const ZoneColumn*> Get(Part part, const expr::ColumnRef& column);
  Result<ZoneColumn> MakeBounds(bool upper, const expr::ColumnRef& column);
  Status AppendBounds(bool upper, const expr::ColumnRef& column, const SegmentSet::Item& item,
                      columnar::ColumnVector& out);
  Result<bool> HasBound(const expr::ColumnRef& column, const SegmentSet::Item& item, std::size_t block);
  Result<ZoneColumn> MakeMayBe(bool null, const expr::ColumnRef& column);
  Result<std::shared_ptr<const columnar::ZoneMap>> Zone(const SegmentSet::Item& item, const columnar::ColumnKey& key);

  SegmentReader& reader_;
  ReadSession& session_;
  const Dictionary& dictionary_;
  const SegmentSet& set_;
  const BlocksOf blocks_;
  std::list<std::shared_ptr<const ZoneColumn>> held_;  // what returned pointers point to
};

}  // namespace levee::store
