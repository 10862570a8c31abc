#include "memory/query/page.h"

#include <algorithm>
#include <optional>

namespace levee::memory {
namespace {

// The hits that the first `wanted` behind a place are among, by the first key alone, which needs no record.
Result<std::vector<const Hit*>> Nearest(const Asking& asking, const FoundOrder& order, std::size_t wanted,
                                        const std::optional<Place>& after, const std::vector<Hit>& hits) {
  std::vector<std::pair<SortValue, const Hit*>> keyed;
  for (const Hit& hit : hits) {
    LEVEE_ASSIGN(SortValue value, order.FirstValueOf(hit.row, hit.score, asking.view.names()));
    if (after && order.CompareAt(0, value, after->values.front()) < 0) continue;
    keyed.emplace_back(std::move(value), &hit);
  }
  // Those at the place itself may be before it or behind.
  const auto at_place = [&](const auto& each) { return after && order.CompareAt(0, each.first, after->values.front()) == 0; };
  const std::size_t needed = wanted + static_cast<std::size_t>(std::count_if(keyed.begin(), keyed.end(), at_place));
  std::vector<const Hit*> nearest;
  if (keyed.size() > needed && needed > 0) {
    const auto last = keyed.begin() + static_cast<std::ptrdiff_t>(needed) - 1;
    std::nth_element(keyed.begin(), last, keyed.end(),
                     [&](const auto& a, const auto& b) { return order.CompareAt(0, a.first, b.first) < 0; });
    const SortValue limit = last->first;
    for (const auto& [value, hit] : keyed) {
      if (order.CompareAt(0, value, limit) <= 0) nearest.push_back(hit);
    }
    return nearest;
  }
  for (const auto& [value, hit] : keyed) nearest.push_back(hit);
  return nearest;
}

}  // namespace

Result<HitPage> PageOf(const Asking& asking, const ItemQuery& query, const FoundOrder& order, const std::vector<Hit>& hits) {
  std::optional<Place> after;
  if (!query.after.empty()) {
    LEVEE_ASSIGN(after, order.ReadCursor(query.after));
  }
  const auto limit = static_cast<std::size_t>(query.limit);
  std::vector<const Hit*> nearest;
  if (asking.rules.column_order && order.begins_with_column() && hits.size() > limit) {
    LEVEE_ASSIGN(nearest, Nearest(asking, order, limit + 1, after, hits));
  } else {
    for (const Hit& hit : hits) nearest.push_back(&hit);
  }
  std::vector<std::pair<Place, const Hit*>> placed;
  MetadataReader reader;
  for (const Hit* hit : nearest) {
    LEVEE_ASSIGN(Place place, order.PlaceOf(hit->row, hit->score, asking.view.names(), reader));
    if (after && !order.Before(*after, place)) continue;
    placed.emplace_back(std::move(place), hit);
  }
  const auto before = [&](const auto& a, const auto& b) { return order.Before(a.first, b.first); };
  const bool more = placed.size() > limit;
  if (more) {
    std::nth_element(placed.begin(), placed.begin() + static_cast<std::ptrdiff_t>(limit), placed.end(), before);
    placed.resize(limit);
  }
  std::sort(placed.begin(), placed.end(), before);
  HitPage page;
  for (const auto& [place, hit] : placed) page.hits.push_back(*hit);
  if (more) page.next = order.CursorText(placed.back().first);
  return page;
}

}  // namespace levee::memory
