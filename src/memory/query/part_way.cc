#include "memory/query/part_way.h"

#include <algorithm>
#include <tuple>

#include "memory/query/field_ranges.h"
#include "memory/query/item_rules.h"
#include "query/cost/machine_costs.h"

namespace levee::memory {
namespace {

// A row that is named by a list stands anywhere: its columns are not in the cache of the processor.
constexpr double kRandomRow = 4;
// Of a row, where rows of a list are put into order.
constexpr double kSortNs = 30;

// The rows of a sorted part within the bounds of `updated`, which descends.
std::pair<std::uint32_t, std::uint32_t> TimeRange(const RowColumns& columns, const Conditions& conditions) {
  const auto& updated = columns.updated;
  const auto first = std::partition_point(updated.begin(), updated.end(),
                                          [&](std::int64_t time) { return time > conditions.updated().until; });
  const auto last = std::partition_point(first, updated.end(),
                                         [&](std::int64_t time) { return time >= conditions.updated().since; });
  return {static_cast<std::uint32_t>(first - updated.begin()), static_cast<std::uint32_t>(last - updated.begin())};
}

class Chooser {
 public:
  Chooser(const Asking& asking, const std::shared_ptr<Part>& part, const Conditions& conditions, const Wanted& wanted)
      : asking_(asking), part_(part), conditions_(conditions), wanted_(wanted) {}

  Result<PartWay> Choose() {
    LEVEE_ASSIGN(const RowColumns* columns, part_->Columns());
    way_.last = part_->rows();
    if (part_->is_sorted()) std::tie(way_.first, way_.last) = TimeRange(*columns, conditions_);
    LEVEE_ASSIGN(kept_, KeptByColumns(asking_, part_, conditions_));
    LEVEE_RETURN_IF_ERROR(LookAtTags());
    Consider(StopsEarly() ? RowAccess::kNewest : RowAccess::kAll,
             {.candidates = static_cast<double>(way_.last - way_.first), .kept = kept_ * kept_by_tags_ * KeptByMetadata(), .row_ns = costs_.evaluate});
    if (asking_.rules.tag_lists) LEVEE_RETURN_IF_ERROR(TakeTagLists());
    LEVEE_RETURN_IF_ERROR(LookAtIndexes());
    for (query::Alternative& each : way_.alternatives) each.chosen = &each == &way_.alternatives[best_];
    way_.access = accesses_[best_];
    way_.cost_ns = way_.alternatives[best_].cost_ns;
    return std::move(way_);
  }

 private:
  struct Estimate {
    double candidates = 0;  // rows
    double kept = 1;        // the part of them that matches
    double row_ns = 0;      // of looking at one
    double extra_ns = 0;
    bool reads_metadata = true;
    std::string name = {};
  };

  // Rows of a sorted part come newest first.
  bool StopsEarly() const {
    const bool newest = wanted_.first > 0 && wanted_.order != nullptr && wanted_.order->is_newest_first();
    return newest && part_->is_sorted() && asking_.rules.newest_first;
  }
  double KeptByMetadata() const { return conditions_.needs_record() ? kKeptByMetadata : 1; }
  // Of so many rows anywhere in the part, those in the range of times.
  double InTime(std::size_t rows) const {
    if (part_->rows() == 0) return 0;
    return static_cast<double>(rows) * (way_.last - way_.first) / part_->rows();
  }
  // How large a part of candidates matches, when all that match are among them.
  double KeptOf(double candidates) const {
    const double matched = (way_.last - way_.first) * kept_ * kept_by_tags_ * KeptByMetadata();
    return candidates <= 0 ? 1 : std::min(1.0, matched / candidates);
  }

  // The cheapest of all that are considered is taken; the first of equal ones.
  bool Consider(RowAccess access, const Estimate& estimate) {
    const bool early = StopsEarly() || access == RowAccess::kInOrder;
    double examined = estimate.candidates;
    if (early && estimate.kept > 0) examined = std::min(examined, static_cast<double>(wanted_.first) / estimate.kept);
    const double records =
        conditions_.needs_record() && estimate.reads_metadata ? examined * std::min(1.0, kept_ * kept_by_tags_) : 0;
    const double cost = examined * estimate.row_ns + records * kReadRecordNs + estimate.extra_ns +
                        examined * estimate.kept * wanted_.place_ns;
    accesses_.push_back(access);
    way_.alternatives.push_back(
        {.name = estimate.name.empty() ? std::string(RowAccessName(access)) : estimate.name, .cost_ns = cost, .chosen = false});
    const bool best = way_.alternatives.size() == 1 || cost < way_.alternatives[best_].cost_ns;
    if (!best) return false;
    best_ = way_.alternatives.size() - 1;
    way_.examined = examined;
    way_.matched = examined * estimate.kept;
    return true;
  }

  // The shortest list of the tags that a row must have, where the part has lists.
  Status LookAtTags() {
    for (const std::uint32_t tag : conditions_.tags()) {
      std::span<const std::uint32_t> rows;
      LEVEE_ASSIGN(const bool listed, part_->RowsOfTag(tag, rows));
      if (!listed) return {};
      if (!has_tags_ || rows.size() < rarest_.size()) rarest_ = rows;
      has_tags_ = true;
      kept_by_tags_ *= part_->rows() == 0 ? 1 : static_cast<double>(rows.size()) / part_->rows();
    }
    return {};
  }

  // An index of tags is what segments have anyway; it lends its name.
  std::string TagListName() const {
    for (const IndexDefinition& definition : asking_.definitions) {
      if (definition.keys.empty()) return "index " + definition.name;
    }
    return "tag list";
  }

  Status TakeTagLists() {
    if (has_tags_) {
      const double in_time = InTime(rarest_.size());
      const bool best = Consider(RowAccess::kTagList, {.candidates = in_time, .kept = KeptOf(in_time),
                                                       .row_ns = costs_.evaluate * kRandomRow, .name = TagListName()});
      if (best) way_.listed = rarest_;
      return {};
    }
    std::vector<std::span<const std::uint32_t>> lists;
    std::size_t rows = 0;
    for (const std::uint32_t tag : conditions_.any_tags().numbers()) {
      LEVEE_ASSIGN(const bool listed, part_->RowsOfTag(tag, lists.emplace_back()));
      if (!listed) return {};
      rows += lists.back().size();
    }
    if (lists.empty()) return {};
    const double in_time = InTime(rows);
    const bool best = Consider(RowAccess::kTagList, {.candidates = in_time, .kept = KeptOf(in_time),
                                                     .row_ns = costs_.evaluate * kRandomRow,
                                                     .extra_ns = kSortNs * static_cast<double>(rows), .name = TagListName()});
    if (!best) return {};
    for (const auto& list : lists) way_.found.insert(way_.found.end(), list.begin(), list.end());
    std::sort(way_.found.begin(), way_.found.end());
    way_.found.erase(std::unique(way_.found.begin(), way_.found.end()), way_.found.end());
    return {};
  }

  Status LookAtIndexes() {
    if (asking_.definitions.empty()) return {};
    const std::vector<FieldRanges> asked = FieldRangesOf(conditions_, asking_.view);
    for (const IndexDefinition& definition : asking_.definitions) LEVEE_RETURN_IF_ERROR(LookAtIndex(definition, asked));
    return {};
  }

  // What the query asks of the keys of an index.
  static std::vector<KeyDemand> DemandsOf(const IndexDefinition& definition, const std::vector<FieldRanges>& asked) {
    std::vector<KeyDemand> demands;
    for (const OrderKey& key : definition.keys) {
      KeyDemand& demand = demands.emplace_back();
      for (const FieldRanges& each : asked) {
        if (each.field.is_same_field(key)) demand.push_back(each.ranges);
      }
    }
    return demands;
  }

  Status LookAtIndex(const IndexDefinition& definition, const std::vector<FieldRanges>& asked) {
    if (definition.keys.empty()) return {};
    const std::vector<KeyDemand> demands = DemandsOf(definition, asked);
    const bool finds = asking_.rules.index && !demands.front().empty();
    const bool orders = asking_.rules.index_order && wanted_.first > 0 && wanted_.order != nullptr &&
                        definition.keys.front().is_same_field(wanted_.order->keys().front());
    if (!finds && !orders) return {};
    const bool reads = std::any_of(definition.keys.begin(), definition.keys.end(), [](const OrderKey& key) {
      return key.field == OrderField::kMetadata || key.field == OrderField::kId;
    });
    constexpr double kColumnNs = 100;  // of a row, for a key that is a column
    constexpr double kReadKeyNs = 50;  // of a row, for a key that the store has
    const double row_ns = HasIndex(*part_, definition) ? kReadKeyNs * static_cast<double>(definition.keys.size())
                                                       : (reads ? kReadRecordNs : kColumnNs);
    const double price_ns = row_ns * part_->rows();
    LEVEE_ASSIGN(const auto index, asking_.indexes.Find(part_, definition, asking_.view.names(),
                                                        {.cost_ns = way_.alternatives[best_].cost_ns, .price_ns = price_ns}));
    if (index == nullptr) {
      way_.unbuilt.push_back(&definition);
      way_.records_max = std::min(way_.records_max, static_cast<std::int64_t>(price_ns / kReadRecordNs) + 1);
      return {};
    }
    if (finds) TakeRows(definition, *index, demands);
    if (orders) TakeOrder(definition, index);
    return {};
  }

  void TakeRows(const IndexDefinition& definition, const PartIndex& index, const std::vector<KeyDemand>& demands) {
    PartIndex::Looked looked = index.Look(demands);
    const bool decides = asking_.rules.index_only && DecidesMetadata(definition, looked.keys_used);
    // Its rows are put into the order of the part.
    const bool best = Consider(RowAccess::kIndex, {.candidates = static_cast<double>(looked.rows),
                                                   .kept = KeptOf(InTime(looked.rows)),
                                                   .row_ns = costs_.evaluate * kRandomRow,
                                                   .extra_ns = kSortNs * looked.rows + costs_.probe_key,
                                                   .reads_metadata = !decides,
                                                   .name = "index " + definition.name});
    if (!best) return;
    way_.metadata_holds = decides;
    way_.found.clear();
    way_.listed = {};
    for (const PartIndex::Span& span : looked.spans) {
      const auto rows = index.rows().subspan(span.begin, span.end - span.begin);
      way_.found.insert(way_.found.end(), rows.begin(), rows.end());
    }
    std::sort(way_.found.begin(), way_.found.end());
  }

  // Rows with the same key come together, as their ids decide.
  void TakeOrder(const IndexDefinition& definition, const std::shared_ptr<const PartIndex>& index) {
    const double group = static_cast<double>(part_->rows()) / static_cast<double>(std::max<std::size_t>(1, index->groups()));
    const double kept = KeptOf(part_->rows());
    const bool best = Consider(RowAccess::kInOrder, {.candidates = static_cast<double>(part_->rows()), .kept = kept,
                                                     .row_ns = costs_.evaluate * kRandomRow,
                                                     .extra_ns = group * (costs_.evaluate * kRandomRow + kept * wanted_.place_ns),
                                                     .name = "index " + definition.name + " in order"});
    if (!best) return;
    way_.metadata_holds = false;
    way_.index = index;
  }

  // Whether the condition on metadata holds of every row that the index named.
  bool DecidesMetadata(const IndexDefinition& definition, std::size_t keys_used) const {
    if (conditions_.metadata() == nullptr || !conditions_.metadata()->ranges().exact) return false;
    const auto& paths = conditions_.metadata()->ranges().paths;
    return std::all_of(paths.begin(), paths.end(), [&](const PathRanges& path) {
      const OrderKey wanted{.field = OrderField::kMetadata, .descending = false, .path = path.path};
      const auto end = definition.keys.begin() + static_cast<std::ptrdiff_t>(keys_used);
      return std::any_of(definition.keys.begin(), end, [&](const OrderKey& key) { return key.is_same_field(wanted); });
    });
  }

  const Asking& asking_;
  const std::shared_ptr<Part>& part_;
  const Conditions& conditions_;
  const Wanted wanted_;
  const query::MachineCosts costs_;
  PartWay way_;
  std::vector<RowAccess> accesses_;  // of each alternative
  std::size_t best_ = 0;
  double kept_ = 1, kept_by_tags_ = 1;
  bool has_tags_ = false;
  std::span<const std::uint32_t> rarest_;
};

}  // namespace

std::string_view RowAccessName(RowAccess access) {
  switch (access) {
    case RowAccess::kAll: return "columns";
    case RowAccess::kNewest: return "newest first";
    case RowAccess::kTagList: return "tag list";
    case RowAccess::kIndex: return "index";
    case RowAccess::kInOrder: return "index in order";
  }
  return "";
}

Result<Asking> Ask(const View& view, ItemIndexes& indexes, const ItemRules& rules, Clock& clock) {
  Asking asking{.view = view, .indexes = indexes, .rules = rules, .clock = clock, .now = clock.NowMicros()};
  LEVEE_ASSIGN(asking.definitions, IndexDefinitionsOf(view.notes()));
  return asking;
}

Result<PartWay> ChooseWay(const Asking& asking, const std::shared_ptr<Part>& part, const Conditions& conditions,
                          const Wanted& wanted) {
  return Chooser(asking, part, conditions, wanted).Choose();
}

void TellCost(const Asking& asking, const std::shared_ptr<Part>& part, const PartWay& way, std::int64_t records_read) {
  const double more_ns = static_cast<double>(records_read) * kReadRecordNs - way.cost_ns;
  if (more_ns <= 0) return;
  for (const IndexDefinition* definition : way.unbuilt) asking.indexes.Owe(part, *definition, more_ns);
}

Result<double> KeptByColumns(const Asking& asking, const std::shared_ptr<Part>& part, const Conditions& conditions) {
  LEVEE_ASSIGN(const auto facts, asking.indexes.FactsOf(part));
  if (facts == nullptr || part->rows() == 0) return 1;
  const double rows = part->rows();
  const auto kept = [&](const NumberSet& names, const std::unordered_map<std::uint32_t, std::uint32_t>& counts) {
    double sum = 0;
    for (const std::uint32_t name : names.numbers()) {
      const auto at = counts.find(name);
      if (at != counts.end()) sum += at->second;
    }
    return sum / rows;
  };
  double part_kept = conditions.in_the_past() ? 1 : 1 - static_cast<double>(part->ended.count()) / rows;
  if (!conditions.any_category()) part_kept *= kept(conditions.categories(), facts->categories);
  if (!conditions.any_namespace()) part_kept *= kept(conditions.namespaces(), facts->namespaces);
  return part_kept;
}

}  // namespace levee::memory
