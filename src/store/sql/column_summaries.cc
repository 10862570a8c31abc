// What the statistics of all live entries say of a column: from zone maps where a block's entries are all alive,
// from the entries themselves where they are not, or where a zone map cannot tell.
#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "base/cancellation.h"
#include "base/memory_budget.h"
#include "columnar/segment.h"
#include "store/sql/bounds.h"
#include "store/sql/entry_selector.h"
#include "store/sql/layout_read.h"
#include "store/sql/sql_store.h"
#include "types/value.h"

namespace levee::store {
namespace {

using columnar::ColumnKey;
using columnar::ColumnRole;
using columnar::ColumnVector;
using columnar::kBlockRows;
using types::TypeKind;
using Rows = std::vector<std::uint32_t>;

// Zone maps cut texts to so many bytes; this many blocks are looked into to find the whole text.
constexpr std::size_t kZoneTextBytes = 16;
constexpr std::size_t kTextBlocksMax = 64;
constexpr std::int64_t kMicrosPerMilli = 1000;
// Writers may cut texts to 32 characters.
constexpr std::size_t kCutTextBytes = 32;

bool IsNaN(const types::PhysicalValue& value) {
  const double* number = std::get_if<double>(&value);
  return number != nullptr && std::isnan(*number);
}

// A block whose bound was cut.
struct TextBlock {
  std::string bound;
  const SegmentSet::Item* item;
  std::uint32_t block;
};

// A column while it is summed up.
class Folder {
 public:
  Folder(SegmentReader& reader, ReadSession& session, const Layout& layout, const ColumnKey& column)
      : reader_(reader), session_(session), layout_(layout),
        column_{"", column.path, column.type, column.role == ColumnRole::kPartitionValue},
        zones_(reader, session, *layout.dictionary, *layout.segments) {
    summary_.path = column.path;
    summary_.type = column.type;
    summary_.lower.type = summary_.upper.type = column.type;
    summary_.lower_exact = summary_.upper_exact = summary_.nulls_exact = true;
  }

  // Live rows of a segment, all or some.
  Status AddSegment(std::size_t index, const Selection& selection) {
    const SegmentSet::Item& item = layout_.segments->items[index];
    auto row = selection.rows.begin();
    for (std::uint32_t block = 0; block < item.blocks; ++block) {
      const auto first = static_cast<std::uint32_t>(block * kBlockRows);
      const auto count = std::min<std::size_t>(kBlockRows, static_cast<std::size_t>(item.info.rows) - first);
      Rows rows;
      for (; row != selection.rows.end() && *row < first + count; ++row) rows.push_back(*row - first);
      if (selection.all || rows.size() == count) {
        LEVEE_RETURN_IF_ERROR(AddBlock(item, block, count));
      } else if (!rows.empty()) {
        SegmentColumns columns(reader_, session_, *layout_.dictionary, item.info, block);
        LEVEE_RETURN_IF_ERROR(AddRows(columns, &rows));
      }
    }
    return {};
  }

  Status AddGroup(std::size_t index, const Selection& selection) {
    GroupColumns columns(*layout_.groups[index]);
    return AddRows(columns, selection.all ? nullptr : &selection.rows);
  }

  Result<ColumnSummary> Finish() {
    LEVEE_RETURN_IF_ERROR(LookIntoTexts(false));
    LEVEE_RETURN_IF_ERROR(LookIntoTexts(true));
    if (!lower_known_) Forget(summary_.lower, summary_.lower_exact);
    if (!upper_known_) Forget(summary_.upper, summary_.upper_exact);
    if (summary_.lower.is_null()) summary_.lower_exact = false;
    if (summary_.upper.is_null()) summary_.upper_exact = false;
    if (column_.is_partition) return std::move(summary_);
    if (IsTime()) summary_.upper_exact = false;  // writers cut times to milliseconds
    const bool text = !summary_.upper.is_null() && column_.type.kind == TypeKind::kString;
    if (text && summary_.upper.as_string().size() >= kCutTextBytes) summary_.upper_exact = false;
    return std::move(summary_);
  }

 private:
  bool IsTime() const {
    return column_.type.kind == TypeKind::kTimestamp || column_.type.kind == TypeKind::kTimestampNtz;
  }

  // A block of which every entry is alive.
  Status AddBlock(const SegmentSet::Item& item, std::uint32_t block, std::size_t rows) {
    SegmentColumns columns(reader_, session_, *layout_.dictionary, item.info, block);
    if (column_.is_partition) {
      LEVEE_ASSIGN(const Bitmap* may_be_null, zones_.MayBeNull(column_));
      if (may_be_null == nullptr || may_be_null->Get(item.first_block + block)) return AddRows(columns, nullptr);
      LEVEE_ASSIGN(const bool told, AddZone(item, block));
      return told ? Status() : AddRows(columns, nullptr);
    }
    LEVEE_ASSIGN(const bool bounded, AddZone(item, block));
    if (!bounded) LEVEE_RETURN_IF_ERROR(AddBoundsOf(columns, nullptr));
    LEVEE_ASSIGN(const auto nulls, NullZone(item));
    if (nulls == nullptr) {
      summary_.nulls_exact = false;
    } else if (!nulls->has_null.Get(block) && nulls->lower.ints[block] == nulls->upper.ints[block]) {
      summary_.nulls += nulls->lower.ints[block] * static_cast<std::int64_t>(rows);
    } else {
      return AddNullsOf(columns, nullptr);
    }
    return {};
  }

  // Entry by entry.
  Status AddRows(EntryColumns& columns, const Rows* rows) {
    if (column_.is_partition) return AddValuesOf(columns, rows);
    LEVEE_RETURN_IF_ERROR(AddBoundsOf(columns, rows));
    return AddNullsOf(columns, rows);
  }

  // False: the zone map does not tell.
  Result<bool> AddZone(const SegmentSet::Item& item, std::uint32_t block) {
    LEVEE_ASSIGN(const ColumnVector* lower, Zone(false));
    LEVEE_ASSIGN(const ColumnVector* upper, Zone(true));
    const std::size_t at = item.first_block + block;
    if (!lower->IsValid(at) || !upper->IsValid(at)) return false;
    const types::PhysicalValue low = lower->At(at), high = upper->At(at);
    if (IsNaN(low) || IsNaN(high)) return false;
    if (column_.type.kind != TypeKind::kString && std::holds_alternative<std::string>(low)) return false;
    const bool cut = std::holds_alternative<std::string>(low);
    if (cut && std::get<std::string>(low).size() >= kZoneTextBytes) {
      low_texts_.push_back({std::get<std::string>(low), &item, block});
    } else {
      FoldLower(low);
    }
    if (cut && std::get<std::string>(high).size() >= kZoneTextBytes) {
      high_texts_.push_back({std::get<std::string>(high), &item, block});
    } else {
      FoldUpper(high);
    }
    return true;
  }

  // Bounds of every block of the set; asked for once.
  Result<const ColumnVector*> Zone(bool upper) {
    const ColumnVector*& known = upper ? upper_zone_ : lower_zone_;
    if (known == nullptr) {
      LEVEE_ASSIGN(known, upper ? zones_.Upper(column_) : zones_.Lower(column_));
    }
    return known;
  }

  Result<std::shared_ptr<const columnar::ZoneMap>> NullZone(const SegmentSet::Item& item) {
    if (null_item_ == &item) return null_zone_;
    null_item_ = &item;
    null_zone_ = nullptr;
    const auto id = layout_.dictionary->Find(Long(ColumnRole::kNullCount));
    if (id) {
      LEVEE_ASSIGN(null_zone_, reader_.ZoneMap(session_, {item.info.id, *id, types::PhysicalType::kInt64}));
    }
    return null_zone_;
  }

  ColumnKey Long(ColumnRole role) const { return {role, column_.physical_path, {TypeKind::kLong, 0, 0}}; }

  // Of a partition column: the value is both bounds, and all rows of a file are NULL or none.
  Status AddValuesOf(EntryColumns& columns, const Rows* rows) {
    EntryBounds bounds(columns, "UTC");
    LEVEE_ASSIGN(const ColumnVector* values, bounds.Lower(column_));
    LEVEE_ASSIGN(const Bitmap* non_null, bounds.MayBeNonNull(column_));
    LEVEE_ASSIGN(const auto records, ReadAs(columns, columnar::PlainKey(ColumnRole::kNumRecords)));
    ForEach(columns, rows, [&](std::size_t row) {
      if (non_null != nullptr && !non_null->Get(row)) {
        const bool known = records != nullptr && records->IsValid(row);
        if (known) summary_.nulls += records->ints[row];
        summary_.nulls_exact = summary_.nulls_exact && known;
      } else if (values != nullptr && values->IsValid(row)) {
        FoldLower(values->At(row));
        FoldUpper(values->At(row));
      } else {
        lower_known_ = upper_known_ = false;  // a text that is no value
      }
    });
    return {};
  }

  // `rows`: null for every one.
  template <typename Visit>
  static void ForEach(const EntryColumns& columns, const Rows* rows, Visit&& visit) {
    const std::size_t count = rows != nullptr ? rows->size() : columns.rows();
    for (std::size_t i = 0; i < count; ++i) visit(rows != nullptr ? (*rows)[i] : i);
  }

  Status AddBoundsOf(EntryColumns& columns, const Rows* rows) {
    LEVEE_ASSIGN(const auto lower, ReadAs(columns, {ColumnRole::kMin, column_.physical_path, column_.type}));
    LEVEE_ASSIGN(const auto upper, ReadAs(columns, {ColumnRole::kMax, column_.physical_path, column_.type}));
    LEVEE_ASSIGN(const auto nulls, ReadAs(columns, Long(ColumnRole::kNullCount)));
    LEVEE_ASSIGN(const auto records, ReadAs(columns, columnar::PlainKey(ColumnRole::kNumRecords)));
    const auto has_no_value = [&](std::size_t row) {
      return records != nullptr && records->IsValid(row) &&
             (records->ints[row] == 0 ||
              (nulls != nullptr && nulls->IsValid(row) && nulls->ints[row] == records->ints[row]));
    };
    ForEach(columns, rows, [&](std::size_t row) {
      const bool low = lower != nullptr && lower->IsValid(row) && !IsNaN(lower->At(row));
      const bool high = upper != nullptr && upper->IsValid(row) && !IsNaN(upper->At(row));
      if (low) FoldLower(lower->At(row));
      if (high) FoldUpper(upper->At(row));
      if ((low && high) || (!low && !high && has_no_value(row))) return;
      lower_known_ = lower_known_ && low;
      upper_known_ = upper_known_ && high;
    });
    return {};
  }

  Status AddNullsOf(EntryColumns& columns, const Rows* rows) {
    LEVEE_ASSIGN(const auto nulls, ReadAs(columns, Long(ColumnRole::kNullCount)));
    ForEach(columns, rows, [&](std::size_t row) {
      const bool known = nulls != nullptr && nulls->IsValid(row);
      if (known) summary_.nulls += nulls->ints[row];
      summary_.nulls_exact = summary_.nulls_exact && known;
    });
    return {};
  }

  void FoldLower(const types::PhysicalValue& value) {
    types::Value& lower = summary_.lower;
    if (lower.is_null() || types::ComparePhysical(value, lower.physical) < 0) lower.physical = value;
  }

  void FoldUpper(types::PhysicalValue value) {
    if (IsTime() && !column_.is_partition) {
      std::int64_t& micros = std::get<std::int64_t>(value);
      if (micros % kMicrosPerMilli == 0) micros += kMicrosPerMilli - 1;
    }
    types::Value& upper = summary_.upper;
    if (upper.is_null() || types::ComparePhysical(value, upper.physical) > 0) upper.physical = std::move(value);
  }

  // Reads the whole texts of the blocks that may hold the least (greatest) one.
  Status LookIntoTexts(bool upper) {
    std::vector<TextBlock>& blocks = upper ? high_texts_ : low_texts_;
    types::Value& best = upper ? summary_.upper : summary_.lower;
    std::ranges::sort(blocks, [&](const TextBlock& a, const TextBlock& b) {
      return upper ? a.bound > b.bound : a.bound < b.bound;
    });
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const TextBlock& block = blocks[i];
      if (!best.is_null() && (upper ? block.bound <= best.as_string() : block.bound >= best.as_string())) break;
      if (i == kTextBlocksMax) {
        best.physical = block.bound;
        (upper ? summary_.upper_exact : summary_.lower_exact) = false;
        break;
      }
      SegmentColumns columns(reader_, session_, *layout_.dictionary, block.item->info, block.block);
      ColumnRole role = upper ? ColumnRole::kMax : ColumnRole::kMin;
      if (column_.is_partition) role = ColumnRole::kPartition;
      LEVEE_ASSIGN(const auto texts, ReadAs(columns, {role, column_.physical_path, column_.type}));
      for (std::size_t row = 0; texts != nullptr && row < texts->rows; ++row) {
        if (texts->IsValid(row)) upper ? FoldUpper(texts->At(row)) : FoldLower(texts->At(row));
      }
    }
    return {};
  }

  static void Forget(types::Value& bound, bool& exact) {
    bound.physical = std::monostate();
    exact = false;
  }

  SegmentReader& reader_;
  ReadSession& session_;
  const Layout& layout_;
  const expr::ColumnRef column_;
  ZoneBounds zones_;
  ColumnSummary summary_;
  bool lower_known_ = true, upper_known_ = true;  // every file says
  const ColumnVector* lower_zone_ = nullptr;
  const ColumnVector* upper_zone_ = nullptr;
  const SegmentSet::Item* null_item_ = nullptr;  // whose null_zone_ is
  std::shared_ptr<const columnar::ZoneMap> null_zone_;
  std::vector<TextBlock> low_texts_, high_texts_;
};

// What a folder has in memory: both bounds of every block, twice where texts are looked into.
std::uint64_t FolderBytes(const Layout& layout, const ColumnKey& column) {
  constexpr std::uint64_t kFolderBytes = sizeof(Folder) + 512;
  const bool text = column.type.kind == TypeKind::kString || column.role == ColumnRole::kPartitionValue;
  const std::uint64_t block_bytes = text ? 2 * (sizeof(std::string) + sizeof(TextBlock)) : 2 * 9;
  return kFolderBytes + layout.segments->blocks * block_bytes;
}

// Of columns that fit into memory together.
Status SummariseSome(SegmentReader& reader, ReadSession& session, const Layout& layout, std::int64_t version,
                     std::span<const ColumnKey> columns, std::vector<ColumnSummary>& summaries) {
  std::vector<std::unique_ptr<Folder>> folders;
  folders.reserve(columns.size());
  for (const ColumnKey& column : columns) {
    folders.push_back(std::make_unique<Folder>(reader, session, layout, column));
  }
  EntrySelector selector(reader, session, layout, {.filter = {EntryFilter::Kind::kAlive, version, 0}});
  Selection selection;
  while (true) {
    LEVEE_ASSIGN(const bool more, selector.Next(selection));
    if (!more) break;
    for (const auto& folder : folders) {
      LEVEE_RETURN_IF_ERROR(CheckCancelled());
      LEVEE_RETURN_IF_ERROR(selection.in_group ? folder->AddGroup(selection.index, selection)
                                               : folder->AddSegment(selection.index, selection));
    }
  }
  for (const auto& folder : folders) {
    LEVEE_ASSIGN(ColumnSummary summary, folder->Finish());
    summaries.push_back(std::move(summary));
  }
  return {};
}

// As many columns at once as memory has room for; each round chooses the entries anew.
Result<std::vector<ColumnSummary>> Summarise(SegmentReader& reader, ReadSession& session, const Layout& layout,
                                             std::int64_t version, std::span<const ColumnKey> columns) {
  std::vector<ColumnSummary> summaries;
  summaries.reserve(columns.size());
  while (!columns.empty()) {
    MemoryHold memory(MemoryBudget::Process(), MemoryPart::kSummaries);
    LEVEE_RETURN_IF_ERROR(memory.Grow(FolderBytes(layout, columns.front())));
    std::size_t count = 1;
    while (count < columns.size() && memory.TryGrow(FolderBytes(layout, columns[count]))) ++count;
    LEVEE_RETURN_IF_ERROR(SummariseSome(reader, session, layout, version, columns.first(count), summaries));
    columns = columns.subspan(count);
  }
  return summaries;
}

}  // namespace

Result<std::vector<ColumnSummary>> SqlStore::SummariseColumns(std::int64_t table_id, std::int64_t version,
                                                              const std::vector<ColumnKey>& columns) {
  return ReadByLayout(
      {*driver_, layouts_}, [&](ReadSession& session) { return layouts_.Get(session, table_id, version); },
      [&](ReadSession& session, const Layout& layout) {
        return Summarise(reader_, session, layout, version, columns);
      });
}

}  // namespace levee::store
