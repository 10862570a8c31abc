#include "memory/query/newest_search.h"

#include <algorithm>
#include <functional>

#include "memory/query/part_scan.h"

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
  NewestSearch(const Asking& asking, const Conditions& conditions, const Wanted& wanted, FindTrace& trace)
      : asking_(asking), view_(asking.view), conditions_(conditions), trace_(trace), newest_(asking.view), wanted_(wanted) {}

  // `after`: the last row of the page before.
  Status Run(const std::optional<Place>& after) {
    if (after) {
      after_updated_ = static_cast<std::int64_t>(after->values[0].number);
      after_id_ = after->id;
    }
    std::vector<std::pair<std::int64_t, std::uint32_t>> order;  // the newest row a part can have; none of an empty one
    for (std::uint32_t i = 0; i < view_.parts().size(); ++i) {
      Part& part = *view_.parts()[i];
      if (part.rows() == 0 || (part.is_history() && !conditions_.in_the_past())) continue;
      LEVEE_ASSIGN(const RowColumns* columns, part.Columns());
      const std::int64_t first = part.is_sorted() ? columns->updated.front()
                                                  : *std::max_element(columns->updated.begin(), columns->updated.end());
      order.emplace_back(first, i);
    }
    std::sort(order.begin(), order.end(), std::greater<>());
    for (const auto& [first, part] : order) {
      if (asking_.rules.newest_first && rows_.size() == wanted_.first && rows_.front().updated > first) break;
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
    const bool stops = part.is_sorted() && asking_.rules.newest_first;
    Status failed;
    const auto visit = [&](std::uint32_t row) {
      const Newest::Row found{{&part, row}, columns->updated[row], place};
      if (after_updated_) {
        if (found.updated > *after_updated_) return true;
        if (found.updated == *after_updated_) {
          const auto id = view_.IdOf(found.ref);
          if (!id) failed = std::unexpected(id.error());
          if (!id || *id <= after_id_) return static_cast<bool>(failed);
        }
      }
      if (rows_.size() < wanted_.first) {
        rows_.push_back(found);
        std::push_heap(rows_.begin(), rows_.end(), less());
        return true;
      }
      if (!newest_.Before(found, rows_.front())) return !stops;  // all that follow there come later
      std::pop_heap(rows_.begin(), rows_.end(), less());
      rows_.back() = found;
      std::push_heap(rows_.begin(), rows_.end(), less());
      return true;
    };
    LEVEE_RETURN_IF_ERROR(ScanPart(asking_, view_.parts()[place], conditions_, wanted_, {.visit = visit}, trace_));
    return failed;
  }

  const Asking& asking_;
  const View& view_;
  const Conditions& conditions_;
  FindTrace& trace_;
  Newest newest_;
  const Wanted wanted_;
  std::optional<std::int64_t> after_updated_;
  std::string after_id_;
  std::vector<Newest::Row> rows_;  // a heap
};

}  // namespace

Result<std::vector<Hit>> FindNewestHits(const Asking& asking, const Conditions& conditions, const Wanted& wanted,
                                        const std::optional<Place>& after, FindTrace& trace) {
  NewestSearch search(asking, conditions, wanted, trace);
  LEVEE_RETURN_IF_ERROR(search.Run(after));
  std::vector<Hit> hits;
  for (const Newest::Row& row : search.rows()) hits.push_back({row.ref, 0});
  return hits;
}

}  // namespace levee::memory
