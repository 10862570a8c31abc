// The stored columns of a run of entries, wherever they stand: a block, a whole segment, a group in memory.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "store/sql/layout.h"
#include "store/sql/segment_reader.h"

namespace levee::store {

struct StoredColumn {
  types::PrimitiveType type;
  std::shared_ptr<const columnar::ColumnVector> values;
};

// Not thread-safe; lives within one step of a scan.
class EntryColumns {
 public:
  virtual ~EntryColumns() = default;
  virtual std::size_t rows() const = 0;
  // Every column of that meaning, of whatever type; those that are null in every row are left out.
  virtual Result<std::vector<StoredColumn>> Find(columnar::ColumnRole role, std::string_view path) = 0;
  // False: Cursor never answers one.
  virtual bool has_cursors() const { return false; }
  // The column as it is stored, where that is better than Find; null: it is not. One at a time of each purpose.
  virtual Result<std::unique_ptr<columnar::ColumnCursor>> Cursor(
      [[maybe_unused]] const columnar::ColumnKey& key, [[maybe_unused]] ReadSession::ScratchFor purpose) {
    return nullptr;
  }
  // What `make` answers, kept where the entries are read again and again. `key` and `purpose` name it; null
  // stands for "nothing known" and is not kept.
  virtual Result<std::shared_ptr<const Bitmap>> Derived(
      [[maybe_unused]] const columnar::ColumnKey& key, [[maybe_unused]] std::uint32_t purpose,
      const std::function<Result<std::shared_ptr<const Bitmap>>()>& make) {
    return make();
  }
};

// One block of a segment, or all of it.
class SegmentColumns final : public EntryColumns {
 public:
  static constexpr std::uint32_t kWhole = 0xffffffff;

  SegmentColumns(SegmentReader& reader, ReadSession& session, const Dictionary& dictionary,
                 const SegmentInfo& segment, std::uint32_t block, Expect expect = Expect::kMore);
  std::size_t rows() const override { return rows_; }
  Result<std::vector<StoredColumn>> Find(columnar::ColumnRole role, std::string_view path) override;
  bool has_cursors() const override { return block_ == kWhole; }
  Result<std::unique_ptr<columnar::ColumnCursor>> Cursor(const columnar::ColumnKey& key,
                                                         ReadSession::ScratchFor purpose) override;
  Result<std::shared_ptr<const Bitmap>> Derived(
      const columnar::ColumnKey& key, std::uint32_t purpose,
      const std::function<Result<std::shared_ptr<const Bitmap>>()>& make) override;

 private:
  // How Cursor found a column, so that it is asked once.
  struct Known {
    std::uint32_t column_id = 0;
    bool better_as_stored = false;
    std::shared_ptr<const columnar::ColumnVector> decoded;  // null: it was not
  };
  Result<const Known*> Know(const SegmentColumn& column);

  SegmentReader& reader_;
  ReadSession& session_;
  const Dictionary& dictionary_;
  const std::int64_t segment_id_;
  const std::uint32_t block_;
  const Expect expect_;
  std::size_t rows_;
  std::vector<Known> known_;
};

// Chosen rows of a segment. Where they are few, only they are decoded.
class SegmentRows final : public EntryColumns {
 public:
  // `rows`: ascending; must outlive this.
  SegmentRows(SegmentReader& reader, ReadSession& session, const Dictionary& dictionary, const SegmentInfo& segment,
              const std::vector<std::uint32_t>& rows)
      : reader_(reader), session_(session), dictionary_(dictionary), segment_id_(segment.id), rows_(rows) {}
  std::size_t rows() const override { return rows_.size(); }
  Result<std::vector<StoredColumn>> Find(columnar::ColumnRole role, std::string_view path) override;

 private:
  SegmentReader& reader_;
  ReadSession& session_;
  const Dictionary& dictionary_;
  const std::int64_t segment_id_;
  const std::vector<std::uint32_t>& rows_;
};

class GroupColumns final : public EntryColumns {
 public:
  explicit GroupColumns(const RowGroup& group) : group_(group) {}
  std::size_t rows() const override { return group_.places.size(); }
  Result<std::vector<StoredColumn>> Find(columnar::ColumnRole role, std::string_view path) override;

 private:
  const RowGroup& group_;
};

// The column's values as `type`: stored ones of narrower types are widened, incompatible ones left out. Null:
// every row is null.
Result<std::shared_ptr<const columnar::ColumnVector>> ReadAs(EntryColumns& columns, const columnar::ColumnKey& key);

}  // namespace levee::store
