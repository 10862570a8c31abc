#include "memory/query/page.h"

#include <algorithm>
#include <optional>

namespace levee::memory {

Result<HitPage> PageOf(const View& view, const ItemQuery& query, const FoundOrder& order, const std::vector<Hit>& hits) {
  std::optional<Place> after;
  if (!query.after.empty()) {
    LEVEE_ASSIGN(after, order.ReadCursor(query.after));
  }
  std::vector<std::pair<Place, const Hit*>> placed;
  MetadataReader reader;
  for (const Hit& hit : hits) {
    LEVEE_ASSIGN(Place place, order.PlaceOf(hit.row, hit.score, view.names(), reader));
    if (after && !order.Before(*after, place)) continue;
    placed.emplace_back(std::move(place), &hit);
  }
  const auto limit = static_cast<std::size_t>(query.limit);
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
