// Getting, finding and counting.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <map>

#include "memory/bank/materialise.h"
#include "memory/bank/quotas.h"
#include "memory/query/errors.h"
#include "memory/query/query_text.h"
#include "memory/store_bank/explain.h"
#include "memory/store_bank/with_view.h"
#include "memory/store_bank/word_search.h"

namespace levee::memory {
namespace {

// "2024-01-31", UTC.
std::string DayOf(std::int64_t micros) {
  const auto days = std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::microseconds>(
      std::chrono::microseconds(micros)));
  const std::chrono::year_month_day day{days};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text.data();
}

std::string WhyOf(const ItemQuery& query, std::string words) {
  for (const std::string& tag : query.tags) words += (words.empty() ? "tag " : ", tag ") + tag;
  return words;
}

}  // namespace

Result<std::optional<Item>> StoreBank::GetFrom(const View& view, std::string_view id, const ItemVersionChoice& choice) {
  const std::string& replica = ReplicaOf(view);
  if (!choice.version && !choice.as_of) {
    LEVEE_ASSIGN(const auto newest, view.ReadNewest(id));
    if (!newest) return std::nullopt;
    LEVEE_ASSIGN(const bool live, View::IsLive(newest->ref));
    if (!live) return std::nullopt;
    return ItemOf(*newest, view.names(), replica);
  }
  LEVEE_ASSIGN(const auto versions, view.FindVersions(id));
  const std::int64_t now = clock_.NowMicros();
  for (const RowRef& ref : versions) {
    LEVEE_ASSIGN(const RowColumns* columns, ref.part->Columns());
    if (columns->operation[ref.row] == Operation::kDelete) continue;
    const bool wanted = choice.version ? columns->version[ref.row] == *choice.version
                                       : columns->IsThere(ref.row, ref.part->ended.At(ref.row), std::min(*choice.as_of, now));
    if (!wanted) continue;
    return ItemOf(ref, view.names(), replica);
  }
  return std::nullopt;
}

Result<std::optional<Item>> StoreBank::Get(std::string_view id, const ItemVersionChoice& choice) {
  OperationLog::Running running(log_, OperationKind::kGet, [&id] { return std::string(id); });
  auto item = WithView<std::optional<Item>>([&](const View& view) { return GetFrom(view, id, choice); });
  if (item) running.Succeed(item->has_value() ? 1 : 0);
  return item;
}

Result<std::vector<std::optional<Item>>> StoreBank::GetAll(std::span<const std::string> ids,
                                                           const ItemVersionChoice& choice) {
  OperationLog::Running running(log_, OperationKind::kGet, [&ids] { return std::to_string(ids.size()) + " ids"; });
  auto items = WithView<std::vector<std::optional<Item>>>([&](const View& view) -> Result<std::vector<std::optional<Item>>> {
    std::vector<std::optional<Item>> found;
    for (const std::string& id : ids) {
      LEVEE_ASSIGN(found.emplace_back(), GetFrom(view, id, choice));
    }
    return found;
  });
  if (items) running.Succeed(static_cast<std::int64_t>(items->size()));
  return items;
}

Result<std::vector<ItemVersion>> StoreBank::History(std::string_view id, std::optional<std::int64_t> limit) {
  OperationLog::Running running(log_, OperationKind::kHistory, [&id] { return std::string(id); });
  if (limit && *limit < 0) return InvalidQuery("limit", std::to_string(*limit) + " is below 0");
  const std::int64_t now = clock_.NowMicros();
  auto history = WithView<std::vector<ItemVersion>>([&](const View& view) -> Result<std::vector<ItemVersion>> {
    LEVEE_ASSIGN(std::vector<RowRef> versions, view.FindVersions(id));
    std::reverse(versions.begin(), versions.end());
    std::vector<ItemVersion> made;
    // An item that expired has that in its history, whether anybody has tidied up or not.
    const auto expire = [&](std::int64_t before) {
      if (made.empty() || made.back().operation == OperationName(Operation::kDelete) || !made.back().item.expires) return;
      const std::int64_t at = std::max(*made.back().item.expires, made.back().written);
      if (at <= before) made.push_back({.item = made.back().item, .written = at, .author = {}, .operation = "expire"});
    };
    for (const RowRef& ref : versions) {
      LEVEE_ASSIGN(const RowColumns* columns, ref.part->Columns());
      const std::int64_t written = columns->written[ref.row];
      expire(written);
      ItemVersion version{.item = {}, .written = written, .author = std::string(view.names().Name(columns->author[ref.row])),
                          .operation = OperationName(columns->operation[ref.row])};
      LEVEE_ASSIGN(version.item, ItemOf(ref, view.names(), ReplicaOf(view)));
      const bool removal = columns->operation[ref.row] == Operation::kDelete;
      if (removal && !made.empty()) version.item = made.back().item;
      made.push_back(std::move(version));
    }
    expire(now);
    std::reverse(made.begin(), made.end());
    if (limit && made.size() > static_cast<std::size_t>(*limit)) made.resize(static_cast<std::size_t>(*limit));
    return made;
  });
  if (history) running.Succeed(static_cast<std::int64_t>(history->size()));
  return history;
}

Result<ItemPage> StoreBank::FindIn(const View& view, const ItemQuery& query, FindTrace& trace) {
  LEVEE_ASSIGN(const Asking asking, Ask(view, indexes_, options_.rules, clock_));
  const std::string& replica = ReplicaOf(view);
  ItemPage page;
  HitPage hits;
  std::unique_ptr<WordSearch> words;
  if (query.words.empty()) {
    LEVEE_ASSIGN(hits, FindHits(asking, query, trace));
  } else {
    LEVEE_ASSIGN(words, WordSearch::Prepare(asking, text_, query, {.typos = Now()->typos}));
    LEVEE_ASSIGN(hits, words->Page(trace));
    page.unindexed = words->unindexed();
    if (hits.hits.empty() && query.after.empty()) {
      LEVEE_ASSIGN(page.did_you_mean, words->DidYouMean());
    }
  }
  page.next = std::move(hits.next);
  std::vector<RowRef> refs;
  refs.reserve(hits.hits.size());
  for (const Hit& hit : hits.hits) refs.push_back(hit.row);
  page.items.reserve(refs.size());
  std::vector<ReadRow> rows;
  for (std::size_t i = 0; i < refs.size(); ++i) {
    constexpr std::size_t kTogether = 8;  // as many as the nearest cache has room for
    if (i % kTogether == 0) {
      LEVEE_ASSIGN(rows, ReadRows(std::span(refs).subspan(i, std::min(kTogether, refs.size() - i))));
    }
    LEVEE_RETURN_IF_ERROR(CheckCancelled());
    const Hit& hit = hits.hits[i];
    Found& found = page.items.emplace_back();
    const ItemParts parts{.content = query.with_content || words != nullptr, .embedding = query.with_embedding};
    LEVEE_RETURN_IF_ERROR(FillItem(rows[i % kTogether], {.names = view.names(), .replica = replica, .parts = parts}, found.item));
    found.score = hit.score;
    if (words != nullptr) {
      LEVEE_ASSIGN(const std::vector<double> leaf_scores, words->LeafScores(hit));
      found.why = words->Why(leaf_scores);
      if (query.with_snippet) found.snippet = words->Snippet(found.item.content, leaf_scores);
      if (!query.with_content) found.item.content.clear();
    }
    found.why = WhyOf(query, std::move(found.why));
  }
  return page;
}

Result<ItemPage> StoreBank::Find(const ItemQuery& query) {
  OperationLog::Running running(log_, OperationKind::kFind, [&query] { return QueryText(query); });
  const CancellationScope scope = LimitQuestion();
  FindTrace trace;
  std::int64_t all_items = 0;
  auto page = InTime(WithView<ItemPage>([&](const View& view) {
    all_items = view.totals().all().items;
    return FindIn(view, query, trace);
  }));
  running.Examined(trace.examined());
  if (page && running.IsSlow() && Now()->explain) {
    const auto items = static_cast<std::int64_t>(page->items.size());
    running.Explain(ExplainFound({.query = query, .bank = uri(), .items = items, .all_items = all_items, .trace = trace}, ExplainFormat::kText));
  }
  if (page) running.Succeed(static_cast<std::int64_t>(page->items.size()));
  return page;
}

Result<std::vector<Hit>> StoreBank::AllIn(const View& view, const ItemQuery& query, FindTrace& trace) {
  LEVEE_ASSIGN(const Asking asking, Ask(view, indexes_, options_.rules, clock_));
  if (query.words.empty()) return FindAllHits(asking, query, trace);
  LEVEE_RETURN_IF_ERROR(FoundOrder::Of(query));
  LEVEE_ASSIGN(const auto words, WordSearch::Prepare(asking, text_, query, {.typos = Now()->typos}));
  return words->All(false, trace);
}

Result<std::int64_t> StoreBank::Count(const ItemQuery& query) {
  OperationLog::Running running(log_, OperationKind::kCount, [&query] { return QueryText(query); });
  const CancellationScope scope = LimitQuestion();
  FindTrace trace;
  auto count = InTime(WithView<std::int64_t>([&](const View& view) -> Result<std::int64_t> {
    LEVEE_ASSIGN(const std::vector<Hit> hits, AllIn(view, query, trace));
    return static_cast<std::int64_t>(hits.size());
  }));
  running.Examined(trace.examined());
  if (count) running.Succeed(*count);
  return count;
}

Result<std::vector<FacetCount>> StoreBank::Facets(const ItemQuery& query, FacetField field, std::int64_t limit) {
  OperationLog::Running running(log_, OperationKind::kFacets, [&query] { return QueryText(query); });
  if (limit < 1) return InvalidQuery("limit", std::to_string(limit) + " is below 1");
  const CancellationScope scope = LimitQuestion();
  FindTrace trace;
  auto facets = InTime(WithView<std::vector<FacetCount>>([&](const View& view) -> Result<std::vector<FacetCount>> {
    LEVEE_ASSIGN(const std::vector<Hit> hits, AllIn(view, query, trace));
    std::map<std::uint32_t, std::int64_t> by_name;
    std::map<std::string, std::int64_t> counts;
    for (const Hit& hit : hits) {
      LEVEE_ASSIGN(const RowColumns* columns, hit.row.part->Columns());
      switch (field) {
        case FacetField::kCategory: ++by_name[columns->category[hit.row.row]]; break;
        case FacetField::kNamespace: ++by_name[columns->name_space[hit.row.row]]; break;
        case FacetField::kDay: ++counts[DayOf(columns->updated[hit.row.row])]; break;
        case FacetField::kTag:
          for (const std::uint32_t tag : columns->TagsOf(hit.row.row)) ++by_name[tag];
      }
    }
    for (const auto& [number, items] : by_name) counts[std::string(view.names().Name(number))] += items;
    std::vector<FacetCount> made;
    for (const auto& [value, items] : counts) made.push_back({value, items});
    std::stable_sort(made.begin(), made.end(), [](const FacetCount& a, const FacetCount& b) { return a.items > b.items; });
    if (made.size() > static_cast<std::size_t>(limit)) made.resize(static_cast<std::size_t>(limit));
    return made;
  }));
  running.Examined(trace.examined());
  if (facets) running.Succeed(static_cast<std::int64_t>(facets->size()));
  return facets;
}

Result<std::string> StoreBank::Explain(const ItemQuery& query, ExplainFormat format, bool analyze) {
  FindTrace trace;
  std::int64_t all_items = 0;
  const std::int64_t begin_ns = clock_.MonotonicNanos();
  LEVEE_ASSIGN(const ItemPage page, WithView<ItemPage>([&](const View& view) {
    trace = {};
    all_items = view.totals().all().items;
    return FindIn(view, query, trace);
  }));
  return ExplainFound({.query = query, .bank = uri(), .items = static_cast<std::int64_t>(page.items.size()),
                       .all_items = all_items, .trace = trace, .ns = clock_.MonotonicNanos() - begin_ns, .times = analyze},
                      format);
}

Result<std::vector<NamespaceInfo>> StoreBank::Namespaces() {
  return WithView<std::vector<NamespaceInfo>>([&](const View& view) -> Result<std::vector<NamespaceInfo>> {
    LEVEE_ASSIGN(const Quotas quotas, QuotasOf(view.notes()));
    std::map<std::string, NamespaceInfo> by_name;
    for (const auto& [name, quota] : quotas) by_name[name].quota = quota;
    for (const auto& [number, total] : view.totals().by_namespace()) {
      if (total.items == 0) continue;
      NamespaceInfo& info = by_name[std::string(view.names().Name(number))];
      info.items = total.items;
      info.content_bytes = total.content_bytes;
    }
    std::vector<NamespaceInfo> namespaces;
    for (auto& [name, info] : by_name) {
      info.name = name;
      namespaces.push_back(std::move(info));
    }
    return namespaces;
  });
}

}  // namespace levee::memory
