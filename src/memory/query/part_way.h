// How a part's rows are found: the cheapest of the ways that there are.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "memory/query/conditions.h"
#include "memory/query/item_indexes.h"
#include "memory/query/item_rules.h"
#include "query/plan_report.h"

namespace levee::memory {

// A question, and what answering it may use; all of it outlives the answer.
struct Asking {
  const View& view;
  ItemIndexes& indexes;
  const ItemRules& rules;
  Clock& clock;
  std::int64_t now = 0;  // microseconds since the epoch
  std::vector<IndexDefinition> definitions = {};  // of the view
};

// INDEX_ERROR: the store has an index that is none.
Result<Asking> Ask(const View& view, ItemIndexes& indexes, const ItemRules& rules, Clock& clock);

enum class RowAccess : std::uint8_t {
  kAll,       // every row in the range of times
  kNewest,    // the same, until there are enough
  kTagList,   // the rows of the rarest tag, or of several
  kIndex,     // the rows that a custom index names
  kInOrder,   // every row in the order of a custom index, until there are enough
};

std::string_view RowAccessName(RowAccess access);

// What is wanted of the rows that match.
struct Wanted {
  std::size_t first = 0;              // so many of the first are enough; 0: all
  const FoundOrder* order = nullptr;  // in which they are the first; null: no matter which
  double place_ns = 0;                // what each that matches costs afterwards
};

// A way, as it was chosen. The candidates hold every row of the part that matches.
struct PartWay {
  RowAccess access = RowAccess::kAll;
  std::uint32_t first = 0, last = 0;           // rows in the range of times
  std::span<const std::uint32_t> listed;       // of kTagList, ascending
  std::vector<std::uint32_t> found;            // of kIndex, ascending; of kTagList, when it is several lists
  std::shared_ptr<const PartIndex> index;      // of kInOrder
  bool metadata_holds = false;                 // the index has decided the condition on metadata
  double examined = 0, matched = 0;            // as expected
  std::vector<query::Alternative> alternatives;
  std::vector<const IndexDefinition*> unbuilt; // that would have served, of the Asking
  double cost_ns = 0;                          // as expected
  std::int64_t records_max = kNoLimit;         // so many records read cost as much as one of these indexes

  static constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

  std::span<const std::uint32_t> candidates() const { return found.empty() ? listed : std::span(found); }
};

// What reading the record of a row and looking into its metadata takes, in nanoseconds; measured on items of 1 KB.
inline constexpr double kReadRecordNs = 3'000;
// Of rows, where no index tells about their metadata.
inline constexpr double kKeptByMetadata = 0.3;

Result<PartWay> ChooseWay(const Asking& asking, const std::shared_ptr<Part>& part, const Conditions& conditions,
                          const Wanted& wanted);

// After the way was gone: indexes that would have served are told what it cost beyond what was expected.
void TellCost(const Asking& asking, const std::shared_ptr<Part>& part, const PartWay& way, std::int64_t records_read);

// The part of a part's rows that conditions on columns leave, tags aside.
Result<double> KeptByColumns(const Asking& asking, const std::shared_ptr<Part>& part, const Conditions& conditions);

}  // namespace levee::memory
