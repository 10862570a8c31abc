#include "memory/query/find.h"

#include <optional>

#include "memory/query/newest_search.h"
#include "memory/query/ordered_walk.h"
#include "memory/query/page.h"
#include "memory/query/part_scan.h"
#include "memory/query/rows_of_ids.h"

namespace levee::memory {
namespace {

// The rows of ids that are asked for by name.
Result<std::vector<Hit>> HitsOfIds(const View& view, const ItemQuery& query, const Conditions& conditions,
                                   FindTrace& trace) {
  std::vector<Hit> hits;
  PartUse use = PartUse::OfKeys(query);
  LEVEE_RETURN_IF_ERROR(VisitRowsOfIds(view, query, conditions, use.count, [&](const RowRef& row) { hits.push_back({row, 0}); }));
  trace.parts.push_back(std::move(use));
  return hits;
}

// Every row that matches and may be among those that are wanted.
Result<std::vector<Hit>> Collect(const Asking& asking, const ItemQuery& query, const Wanted& wanted,
                                 const std::optional<Place>& after, FindTrace& trace) {
  LEVEE_ASSIGN(const Conditions conditions, Conditions::Resolve(query, asking.view, asking.now));
  std::vector<Hit> hits;
  if (conditions.nothing()) return hits;
  if (!query.ids.empty()) return HitsOfIds(asking.view, query, conditions, trace);
  for (const auto& part : asking.view.parts()) {
    if (part->is_history() && !conditions.in_the_past()) continue;
    const auto take = [&](std::uint32_t row) {
      hits.push_back({{part.get(), row}, 0});
      return true;
    };
    const auto walk = [&](const PartWay& way, ScanCount& count) {
      return WalkInOrder(*part, conditions, way, wanted, after, count, take);
    };
    LEVEE_RETURN_IF_ERROR(ScanPart(asking, part, conditions, wanted, {.visit = take, .walk = walk}, trace));
  }
  return hits;
}

}  // namespace

PartUse PartUse::Of(const Part& part, const PartWay& way) {
  PartUse use{.part = part.name(), .rows = part.rows(), .access = {}, .count = {}, .expected_examined = way.examined,
              .expected_matched = way.matched, .alternatives = way.alternatives};
  for (const query::Alternative& each : use.alternatives) {
    if (each.chosen) use.access = each.name;
  }
  switch (way.access) {
    case RowAccess::kAll: break;
    case RowAccess::kNewest: use.rules.push_back("item_newest_first"); break;
    case RowAccess::kTagList: use.rules.push_back("item_tag_lists"); break;
    case RowAccess::kIndex: use.rules.push_back("item_index"); break;
    case RowAccess::kInOrder: use.rules.push_back("item_index_order"); break;
  }
  if (way.metadata_holds) use.rules.push_back("item_index_only");
  return use;
}

PartUse PartUse::OfKeys(const ItemQuery& query) {
  return {.part = "keys", .rows = static_cast<std::int64_t>(query.ids.size()), .access = "keys", .count = {}};
}

std::int64_t FindTrace::examined() const {
  std::int64_t sum = 0;
  for (const PartUse& part : parts) sum += part.count.examined;
  return sum;
}

Result<std::vector<Hit>> FindAllHits(const Asking& asking, const ItemQuery& query, FindTrace& trace) {
  LEVEE_RETURN_IF_ERROR(FoundOrder::Of(query));
  return Collect(asking, query, {}, std::nullopt, trace);
}

Result<HitPage> FindHits(const Asking& asking, const ItemQuery& query, FindTrace& trace) {
  LEVEE_ASSIGN(const FoundOrder order, FoundOrder::Of(query));
  std::optional<Place> after;
  if (!query.after.empty()) {
    LEVEE_ASSIGN(after, order.ReadCursor(query.after));
  }
  Wanted wanted{.first = static_cast<std::size_t>(query.limit) + 1, .order = &order, .place_ns = 0};
  if (!order.is_newest_first() || !query.ids.empty()) {
    const bool by_columns = asking.rules.column_order && order.begins_with_column();
    constexpr double kColumnNs = 10;
    trace.by_columns = by_columns;
    wanted.place_ns = by_columns ? kColumnNs : kReadRecordNs;
    LEVEE_ASSIGN(const std::vector<Hit> hits, Collect(asking, query, wanted, after, trace));
    return PageOf(asking, query, order, hits);
  }
  LEVEE_ASSIGN(const Conditions conditions, Conditions::Resolve(query, asking.view, asking.now));
  HitPage page;
  if (conditions.nothing()) return page;
  LEVEE_ASSIGN(page.hits, FindNewestHits(asking, conditions, wanted, after, trace));
  const auto limit = static_cast<std::size_t>(query.limit);
  if (page.hits.size() <= limit) return page;
  page.hits.resize(limit);
  MetadataReader reader;
  LEVEE_ASSIGN(const Place last, order.PlaceOf(page.hits.back().row, 0, asking.view.names(), reader));
  page.next = order.CursorText(last);
  return page;
}

}  // namespace levee::memory
