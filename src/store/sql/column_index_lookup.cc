#include "store/sql/column_index_lookup.h"

#include <algorithm>

#include "columnar/segment.h"
#include "columnar/skipping_evaluator.h"
#include "store/sql/bounds.h"
#include "store/sql/entry_columns.h"

namespace levee::store {
namespace {

using columnar::ColumnRole;
using expr::ColumnRef;
using expr::NodeKind;
using expr::SkippingNode;

// An entry that is looked into alone costs as many in a row; measured with decoded blocks at hand.
constexpr std::size_t kEntriesAsOneAlone = 200;

// The bounds of an index's block, called what they are called in entries. Nothing else is known there.
class IndexColumns final : public EntryColumns {
 public:
  IndexColumns(SegmentReader& reader, ReadSession& session, const Dictionary& dictionary, const SegmentInfo& segment,
               std::uint32_t block)
      : stored_(reader, session, dictionary, segment, block, Expect::kNothing) {}

  std::size_t rows() const override { return stored_.rows(); }
  Result<std::vector<StoredColumn>> Find(ColumnRole role, std::string_view path) override {
    if (role == ColumnRole::kMin) return stored_.Find(ColumnRole::kIndexLow, path);
    if (role == ColumnRole::kMax) return stored_.Find(ColumnRole::kIndexHigh, path);
    return std::vector<StoredColumn>();
  }

 private:
  SegmentColumns stored_;
};

// The one column that a predicate is about, if its bounds alone decide; null: it is about others or about NULLs.
const ColumnRef* OnlyColumn(const SkippingNode& node) {
  switch (node.kind) {
    case NodeKind::kAnd:
    case NodeKind::kOr: {
      const ColumnRef* only = nullptr;
      for (const SkippingNode& child : node.children) {
        const ColumnRef* column = OnlyColumn(child);
        if (column == nullptr || (only != nullptr && *only != *column)) return nullptr;
        only = column;
      }
      return only;
    }
    case NodeKind::kCompare:
    case NodeKind::kIn:
    case NodeKind::kLike: return node.column.is_partition ? nullptr : &node.column;
    default: return nullptr;
  }
}

void AppendConjuncts(const SkippingNode& node, std::vector<const SkippingNode*>& conjuncts) {
  if (node.kind == NodeKind::kAnd) {
    for (const SkippingNode& child : node.children) AppendConjuncts(child, conjuncts);
  } else if (node.kind != NodeKind::kKeep) {
    conjuncts.push_back(&node);
  }
}

bool HasIndex(const Dictionary& dictionary, const ColumnRef& column) {
  return dictionary.Find({ColumnRole::kIndexRow, column.physical_path, {types::TypeKind::kLong, 0, 0}}).has_value();
}

// As many blocks of an index as take less than so many of entries: a block of an index has three columns where those of
// the entries have two bounds, and the rows that it names are in no order. Measured: docs/planner.md, "Costs".
std::size_t BlocksWorth(std::size_t entry_blocks) {
  return entry_blocks < 2 ? 0 : std::max<std::size_t>(1, entry_blocks / 4);
}

// The other way round: the least number of blocks of entries.
std::size_t BlocksRepaying(std::size_t index_blocks) {
  return index_blocks == 0 ? 1 : index_blocks == 1 ? 2 : 4 * index_blocks;
}

std::size_t CountBlocks(const Bitmap& blocks, const SegmentSet::Item& item) {
  std::size_t count = 0;
  const std::size_t last = item.first_block + item.blocks;
  for (auto block = blocks.NextIn(item.first_block, last); block < last; block = blocks.NextIn(block + 1, last)) ++count;
  return count;
}

// Whether so many blocks of a segment are left.
bool HasBlocks(const Bitmap& blocks, const SegmentSet::Item& item, std::size_t least) {
  const std::size_t last = item.first_block + item.blocks;
  auto block = blocks.NextIn(item.first_block, last);
  while (block < last && --least > 0) block = blocks.NextIn(block + 1, last);
  return block < last;
}

}  // namespace

ColumnIndexLookup::ColumnIndexLookup(SegmentReader& reader, ReadSession& session, const Layout& layout,
                                     const SkippingNode& predicate, std::string_view timezone)
    : reader_(reader), session_(session), layout_(layout), timezone_(timezone) {
  std::vector<const SkippingNode*> conjuncts;
  AppendConjuncts(predicate, conjuncts);
  for (const SkippingNode* conjunct : conjuncts) {
    const ColumnRef* column = OnlyColumn(*conjunct);
    if (column == nullptr || !HasIndex(*layout.dictionary, *column)) continue;
    const auto same = std::ranges::find_if(terms_, [&](const Term& term) { return *OnlyColumn(term.node) == *column; });
    if (same != terms_.end()) {
      same->node.children.push_back(*conjunct);
      continue;
    }
    Term term;
    term.node.kind = NodeKind::kAnd;
    term.node.children = {*conjunct};
    terms_.push_back(std::move(term));
  }
  for (Term& term : terms_) term.whole = term.node.children.size() == conjuncts.size();
}

Status ColumnIndexLookup::Prepare(const Bitmap& candidates) {
  ZoneBounds zones(reader_, session_, *layout_.dictionary, *layout_.segments, BlocksOf::kIndex);
  for (Term& term : terms_) {
    LEVEE_ASSIGN(term.blocks, columnar::EvaluateSkipping(term.node, zones, &candidates));
  }
  return {};
}

Result<std::optional<IndexedRows>> ColumnIndexLookup::Find(std::size_t item, std::size_t zone_entries,
                                                           Access access) {
  const SegmentSet::Item& segment = layout_.segments->items[item];
  const bool free_choice = access != Access::kIndex;
  const std::size_t worth = free_choice ? BlocksWorth(zone_entries / columnar::kBlockRows) : segment.blocks;
  LEVEE_ASSIGN(const Term* term, Best(segment, worth));
  if (term == nullptr) return std::nullopt;
  IndexedRows rows;
  ScanCounters& counters = session_.counters();
  for (std::uint32_t block = 0; block < segment.blocks; ++block) {
    if (!term->blocks.Get(segment.first_block + block)) continue;
    ++counters.index_blocks;
    LEVEE_RETURN_IF_ERROR(ReadBlock(segment.info, *term, block, rows));
  }
  if (free_choice && rows.open.size() * kEntriesAsOneAlone > zone_entries) return std::nullopt;
  ++counters.index_segments;
  counters.index_entries += static_cast<std::int64_t>(rows.certain.size() + rows.open.size());
  return rows;
}

bool ColumnIndexLookup::Promises(const Bitmap& blocks) const {
  return std::ranges::any_of(layout_.segments->items, [&](const SegmentSet::Item& item) {
    return std::ranges::any_of(terms_, [&](const Term& term) {
      return HasBlocks(blocks, item, BlocksRepaying(CountBlocks(term.blocks, item)));
    });
  });
}

Result<const ColumnIndexLookup::Term*> ColumnIndexLookup::Best(const SegmentSet::Item& item, std::size_t blocks_max) {
  const Term* best = nullptr;
  std::size_t least = blocks_max + 1;
  for (const Term& term : terms_) {
    const std::size_t blocks = CountBlocks(term.blocks, item);
    if (blocks >= least) continue;
    LEVEE_ASSIGN(const bool covers, Covers(item, term));
    if (!covers) continue;
    best = &term;
    least = blocks;
  }
  return best;
}

// Only by a single index whose bounds can be read as the column is typed now.
Result<bool> ColumnIndexLookup::Covers(const SegmentSet::Item& item, const Term& term) {
  const ColumnRef& column = *OnlyColumn(term.node);
  std::vector<std::uint32_t> ids;
  layout_.dictionary->ForEach(ColumnRole::kIndexLow, column.physical_path, [&](std::uint32_t id) {
    ids.push_back(id);
  });
  int readable = 0;
  for (const std::uint32_t id : ids) {
    const types::PrimitiveType type = layout_.dictionary->key(id).type;
    LEVEE_ASSIGN(const bool has, reader_.Has(session_, {item.info.id, id, types::PhysicalTypeOf(type)}));
    if (has && !types::CanWiden(type, column.type)) return false;
    readable += has ? 1 : 0;
  }
  return readable == 1;
}

Status ColumnIndexLookup::ReadBlock(const SegmentInfo& info, const Term& term, std::uint32_t block,
                                    IndexedRows& rows) {
  const ColumnRef& column = *OnlyColumn(term.node);
  IndexColumns columns(reader_, session_, *layout_.dictionary, info, block);
  EntryBounds bounds(columns, timezone_);
  LEVEE_ASSIGN(const Bitmap kept, columnar::EvaluateSkipping(term.node, bounds, nullptr));
  if (kept.None()) return {};
  LEVEE_ASSIGN(const auto low, ReadAs(columns, {ColumnRole::kMin, column.physical_path, column.type}));
  LEVEE_ASSIGN(const auto high, ReadAs(columns, {ColumnRole::kMax, column.physical_path, column.type}));
  const auto id =
      layout_.dictionary->Find({ColumnRole::kIndexRow, column.physical_path, {types::TypeKind::kLong, 0, 0}});
  LEVEE_ASSIGN(const auto numbers, reader_.Block(session_, {info.id, *id, types::PhysicalType::kInt64}, block,
                                                 Expect::kNothing));
  const auto corrupt = [&] {
    return Fail(ErrorCode::kCorrupt, "segment " + std::to_string(info.id), "an index names rows that are not there",
                "run: levee repair, or forget the table and add it again");
  };
  if (numbers == nullptr || numbers->rows != kept.size()) return corrupt();
  bool in_segment = true;
  kept.ForEach([&](std::size_t at) {
    const std::int64_t row = numbers->ints[at];
    in_segment = in_segment && row >= 0 && row < info.rows;
    const bool known = low != nullptr && low->IsValid(at) && high != nullptr && high->IsValid(at);
    (term.whole && known ? rows.certain : rows.open).push_back(static_cast<std::uint32_t>(row));
  });
  return in_segment ? Status() : corrupt();
}

}  // namespace levee::store
