#include "memory/query/find.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "memory/query/page.h"

namespace levee::memory {
namespace {

// Newest first, equal ones by id, which only they need.
class Newest {
 public:
  explicit Newest(const View& view) : view_(view) {}

  struct Row {
    RowRef ref;
    std::int64_t updated = 0;
    std::uint32_t part = 0;  // its place among the parts
  };

  // Rows of a sorted part stand in this order.
  bool Before(const Row& a, const Row& b) {
    if (a.updated != b.updated) return a.updated > b.updated;
    if (a.part == b.part && a.ref.part->is_sorted()) return a.ref.row < b.ref.row;
    const auto left = view_.IdOf(a.ref), right = view_.IdOf(b.ref);
    if (!left || !right) {
      error_ = !left ? left.error() : right.error();
      return a.part != b.part ? a.part < b.part : a.ref.row < b.ref.row;
    }
    return *left < *right;
  }
  const std::optional<Error>& error() const { return error_; }

 private:
  const View& view_;
  std::optional<Error> error_;
};

class NewestSearch {
 public:
  NewestSearch(const View& view, const ItemQuery& query, const Conditions& conditions, FindTrace& trace)
      : view_(view), conditions_(conditions), trace_(trace), newest_(view),
        wanted_(static_cast<std::size_t>(query.limit) + 1) {}

  // `after`: the last row of the page before.
  Status Run(const std::optional<Place>& after) {
    if (after) {
      after_updated_ = static_cast<std::int64_t>(after->values[0].number);
      after_id_ = after->id;
    }
    std::vector<std::pair<std::int64_t, std::uint32_t>> order;  // the newest row a part can have
    for (std::uint32_t i = 0; i < view_.parts().size(); ++i) {
      Part& part = *view_.parts()[i];
      if (part.rows() == 0) continue;
      LEVEE_ASSIGN(const RowColumns* columns, part.Columns());
      const std::int64_t first = part.is_sorted() ? columns->updated.front()
                                                  : *std::max_element(columns->updated.begin(), columns->updated.end());
      order.emplace_back(first, i);
    }
    std::sort(order.begin(), order.end(), std::greater<>());
    for (const auto& [first, part] : order) {
      if (rows_.size() == wanted_ && rows_.front().updated > first) break;
      LEVEE_RETURN_IF_ERROR(LookAt(part));
      if (newest_.error()) return std::unexpected(*newest_.error());
    }
    std::sort_heap(rows_.begin(), rows_.end(), less());
    if (newest_.error()) return std::unexpected(*newest_.error());
    return {};
  }

  const std::vector<Newest::Row>& rows() const { return rows_; }

 private:
  // Of a heap whose front is the last of the rows kept.
  struct Less {
    Newest* newest;
    bool operator()(const Newest::Row& a, const Newest::Row& b) const { return newest->Before(a, b); }
  };
  Less less() { return {&newest_}; }

  Status LookAt(std::uint32_t place) {
    Part& part = *view_.parts()[place];
    LEVEE_ASSIGN(const RowColumns* columns, part.Columns());
    PartUse use{.part = part.name(), .rows = part.rows(), .access = {}, .count = {}};
    RowAccess access{};
    Status failed;
    LEVEE_RETURN_IF_ERROR(ScanRows(part, conditions_, use.count, access, [&](std::uint32_t row) {
      const Newest::Row found{{&part, row}, columns->updated[row], place};
      if (after_updated_) {
        if (found.updated > *after_updated_) return true;
        if (found.updated == *after_updated_) {
          const auto id = view_.IdOf(found.ref);
          if (!id) failed = std::unexpected(id.error());
          if (!id || *id <= after_id_) return static_cast<bool>(failed);
        }
      }
      if (rows_.size() < wanted_) {
        rows_.push_back(found);
        std::push_heap(rows_.begin(), rows_.end(), less());
        return true;
      }
      if (!newest_.Before(found, rows_.front())) return !part.is_sorted();  // all that follow there come later
      std::pop_heap(rows_.begin(), rows_.end(), less());
      rows_.back() = found;
      std::push_heap(rows_.begin(), rows_.end(), less());
      return true;
    }));
    LEVEE_RETURN_IF_ERROR(failed);
    use.access = RowAccessName(access);
    trace_.parts.push_back(std::move(use));
    return {};
  }

  const View& view_;
  const Conditions& conditions_;
  FindTrace& trace_;
  Newest newest_;
  const std::size_t wanted_;
  std::optional<std::int64_t> after_updated_;
  std::string after_id_;
  std::vector<Newest::Row> rows_;  // a heap
};

// The rows of ids that are asked for by name.
Result<std::vector<Hit>> HitsOfIds(const View& view, const ItemQuery& query, const Conditions& conditions,
                                   FindTrace& trace) {
  std::vector<Hit> hits;
  PartUse use{.part = "keys", .rows = static_cast<std::int64_t>(query.ids.size()), .access = "keys", .count = {}};
  MetadataReader reader;
  std::unordered_set<std::string_view> seen;
  for (const std::string& id : query.ids) {
    if (!seen.insert(id).second) continue;
    LEVEE_ASSIGN(const auto versions, view.FindVersions(id));
    for (const RowRef& ref : versions) {
      ++use.count.examined;
      LEVEE_ASSIGN(const RowColumns* columns, ref.part->Columns());
      if (!conditions.HoldsColumns(*ref.part, *columns, ref.row)) continue;
      LEVEE_ASSIGN(const bool holds, conditions.HoldsRecord(*ref.part, ref.row, reader));
      if (!holds) continue;
      ++use.count.matched;
      hits.push_back({ref, 0});
    }
  }
  trace.parts.push_back(std::move(use));
  return hits;
}

}  // namespace

std::int64_t FindTrace::examined() const {
  std::int64_t sum = 0;
  for (const PartUse& part : parts) sum += part.count.examined;
  return sum;
}

Result<std::vector<Hit>> FindAllHits(const View& view, const ItemQuery& query, std::int64_t now, FindTrace& trace) {
  LEVEE_ASSIGN(const Conditions conditions, Conditions::Resolve(query, view, now));
  std::vector<Hit> hits;
  if (conditions.nothing()) return hits;
  if (!query.ids.empty()) return HitsOfIds(view, query, conditions, trace);
  for (const auto& part : view.parts()) {
    PartUse use{.part = part->name(), .rows = part->rows(), .access = {}, .count = {}};
    RowAccess access{};
    LEVEE_RETURN_IF_ERROR(ScanRows(*part, conditions, use.count, access, [&](std::uint32_t row) {
      hits.push_back({{part.get(), row}, 0});
      return true;
    }));
    use.access = RowAccessName(access);
    trace.parts.push_back(std::move(use));
  }
  return hits;
}

Result<HitPage> FindHits(const View& view, const ItemQuery& query, std::int64_t now, FindTrace& trace) {
  LEVEE_ASSIGN(const FoundOrder order, FoundOrder::Of(query));
  if (!order.is_newest_first() || !query.ids.empty()) {
    LEVEE_ASSIGN(const std::vector<Hit> hits, FindAllHits(view, query, now, trace));
    return PageOf(view, query, order, hits);
  }
  LEVEE_ASSIGN(const Conditions conditions, Conditions::Resolve(query, view, now));
  std::optional<Place> after;
  if (!query.after.empty()) {
    LEVEE_ASSIGN(after, order.ReadCursor(query.after));
  }
  HitPage page;
  if (conditions.nothing()) return page;
  NewestSearch search(view, query, conditions, trace);
  LEVEE_RETURN_IF_ERROR(search.Run(after));
  for (const Newest::Row& row : search.rows()) page.hits.push_back({row.ref, 0});
  const auto limit = static_cast<std::size_t>(query.limit);
  if (page.hits.size() <= limit) return page;
  page.hits.resize(limit);
  MetadataReader reader;
  LEVEE_ASSIGN(const Place last, order.PlaceOf(page.hits.back().row, 0, view.names(), reader));
  page.next = order.CursorText(last);
  return page;
}

}  // namespace levee::memory
