// Find, Count and Facets of the plain bank: every item is looked at, every time.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <limits>

#include "base/status.h"
#include "tests/fakes/plain_bank/condition.h"
#include "tests/fakes/plain_bank/order.h"
#include "tests/fakes/plain_bank/plain_bank.h"

namespace levee::fakes {
namespace {

bool InOneOf(const std::string& value, const std::vector<std::string>& list) {
  return list.empty() || std::ranges::find(list, value) != list.end();
}

bool InNamespaces(const std::string& name, const std::vector<std::string>& list) {
  return list.empty() || std::ranges::any_of(list, [&](const std::string& wanted) {
           if (wanted == "*" || wanted == name) return true;
           return wanted.ends_with("/*") &&
                  name.starts_with(std::string_view(wanted).substr(0, wanted.size() - 1));
         });
}

bool HasTag(const Item& item, const std::string& tag) {
  return std::ranges::find(item.tags, tag) != item.tags.end();
}

bool InRange(std::int64_t value, std::optional<std::int64_t> low, std::optional<std::int64_t> high) {
  return value >= low.value_or(value) && value <= high.value_or(value);
}

// Every condition but words and metadata.
bool Matches(const Item& item, const ItemQuery& query) {
  const auto has = [&](const std::string& tag) { return HasTag(item, tag); };
  return InOneOf(item.id, query.ids) && InNamespaces(item.name_space, query.namespaces) &&
         InOneOf(item.category, query.categories) && std::ranges::all_of(query.tags, has) &&
         (query.any_tags.empty() || std::ranges::any_of(query.any_tags, has)) &&
         std::ranges::none_of(query.no_tags, has) && InRange(item.updated, query.since, query.until) &&
         InRange(item.created, query.created_since, query.created_until);
}

Status CheckQuery(const ItemQuery& query) {
  const auto wrong = [](std::string what, std::string why) {
    return BankError(ErrorCode::kInvalidArgument, "INVALID_QUERY", std::move(what), std::move(why));
  };
  if (query.limit < 1 || query.limit > 10'000) return wrong("limit", "1 to 10,000");
  if (query.typos && (*query.typos < 0 || *query.typos > 2)) return wrong("typos", "0 to 2");
  return {};
}

WordsOfItem WordsOf(const Item& item) {
  std::string tags;
  for (const std::string& tag : item.tags) tags += tag + "\n";
  return {{Tokens(item.content), Tokens(tags), Tokens(item.category)}};
}

// "2024-01-31"
std::string DayOf(std::int64_t micros) {
  const std::chrono::sys_time<std::chrono::microseconds> time{std::chrono::microseconds(micros)};
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text.data();
}

}  // namespace

Result<std::vector<Found>> PlainBank::FindAll(const ItemQuery& query) {
  LEVEE_RETURN_IF_ERROR(CheckQuery(query));
  LEVEE_ASSIGN(const SortOrder order, SortOrder::Of(query));
  std::unique_ptr<Condition> condition;
  if (!query.metadata.empty()) {
    LEVEE_ASSIGN(condition, ParseCondition(query.metadata));
  }
  const std::vector<const PlainRow*> live =
      LiveRows(rows_, query.as_of.value_or(std::numeric_limits<std::int64_t>::max()));
  std::vector<std::optional<double>> scores(live.size(), 0.0);
  if (!query.words.empty()) {
    LEVEE_ASSIGN(const auto words, ParseWords(query.words, query.any_word));
    if (!words) return std::vector<Found>();
    std::vector<WordsOfItem> texts;
    for (const PlainRow* row : live) texts.push_back(WordsOf(row->item));
    scores = Rank(texts, *words, {query.typos ? query.typos : options_.typos, options_.weights});
  }
  std::vector<Found> found;
  for (std::size_t i = 0; i < live.size(); ++i) {
    const Item& item = live[i]->item;
    if (!scores[i] || !Matches(item, query)) continue;
    if (condition && !condition->Holds(*ParseJson(item.metadata)).value_or(false)) continue;
    found.push_back({.item = item, .score = *scores[i], .snippet = {}, .why = {}});
  }
  std::ranges::sort(
      found, [&](const Found& a, const Found& b) { return order.Before(order.KeyOf(a), order.KeyOf(b)); });
  return found;
}

Result<ItemPage> PlainBank::Find(const ItemQuery& query) {
  const std::lock_guard locked(mutex_);
  LEVEE_ASSIGN(std::vector<Found> all, FindAll(query));
  LEVEE_ASSIGN(const SortOrder order, SortOrder::Of(query));
  if (!query.after.empty()) {
    LEVEE_ASSIGN(const auto last, order.ReadCursor(query.after));
    std::erase_if(all, [&](const Found& found) { return !order.Before(last, order.KeyOf(found)); });
  }
  ItemPage page;
  if (std::ssize(all) > query.limit) {
    all.resize(static_cast<std::size_t>(query.limit));
    page.next = order.Cursor(order.KeyOf(all.back()));
  }
  for (Found& found : all) {
    if (!query.words.empty() && query.with_snippet) found.snippet = found.item.content.substr(0, 80);
    if (!query.with_content) found.item.content.clear();
    if (!query.with_embedding) found.item.embedding.clear();
    page.items.push_back(std::move(found));
  }
  return page;
}

Result<std::int64_t> PlainBank::Count(const ItemQuery& query) {
  const std::lock_guard locked(mutex_);
  LEVEE_ASSIGN(const auto all, FindAll(query));
  return std::ssize(all);
}

Result<std::vector<FacetCount>> PlainBank::Facets(const ItemQuery& query, FacetField field,
                                                  std::int64_t limit) {
  const std::lock_guard locked(mutex_);
  if (limit < 1) return BankError(ErrorCode::kInvalidArgument, "INVALID_QUERY", "limit", "1 or more");
  LEVEE_ASSIGN(const auto all, FindAll(query));
  std::map<std::string, std::int64_t> counts;
  for (const Found& found : all) {
    switch (field) {
      case FacetField::kCategory: ++counts[found.item.category]; break;
      case FacetField::kNamespace: ++counts[found.item.name_space]; break;
      case FacetField::kDay: ++counts[DayOf(found.item.updated)]; break;
      case FacetField::kTag:
        for (const std::string& tag : found.item.tags) ++counts[tag];
    }
  }
  std::vector<FacetCount> facets;
  for (const auto& [value, items] : counts) facets.push_back({value, items});
  std::ranges::stable_sort(facets, std::greater<>(), &FacetCount::items);  // equal ones by value
  if (std::ssize(facets) > limit) facets.resize(static_cast<std::size_t>(limit));
  return facets;
}

Result<std::string> PlainBank::Explain(const ItemQuery& query, ExplainFormat format, bool) {
  const std::lock_guard locked(mutex_);
  LEVEE_RETURN_IF_ERROR(FindAll(query));
  if (format == ExplainFormat::kJson) return R"({"operator":"scan","items":"all"})";
  return format == ExplainFormat::kText ? "Scan of all items\n"
                                        : "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
}

}  // namespace levee::fakes
