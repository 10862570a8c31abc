#include "query/predicate_cache.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "base/hash.h"

namespace levee::query {
namespace {

// A node weighs more than its text: names, literals and children are strings and vectors.
constexpr std::size_t kBytesPerCharacter = 32;

bool ContainsWord(std::string_view text, std::string_view upper_word) {
  const auto same = [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; };
  return std::search(text.begin(), text.end(), upper_word.begin(), upper_word.end(), same) != text.end();
}

cache::CacheKey KeyOf(std::string_view text, const PredicateScope& scope) {
  std::string key;
  key.reserve(text.size() + scope.options.timezone.size() + 9);
  key.append(reinterpret_cast<const char*>(&scope.schema_identity), sizeof(scope.schema_identity));
  key += scope.options.timezone;
  key += '\0';
  key += text;
  const Hash128 hash = HashWide(key);
  return {.owner = hash.high, .part = hash.low};
}

// Texts of different predicates of one schema differ; `may_not_match` follows from what was written, which rules
// may have made the same.
Hash128 IdentityOf(const expr::BoundPredicate& bound) {
  std::string text = expr::ToSql(bound.may_match);
  text += '\0';
  text += expr::ToSql(bound.may_not_match);
  text += '\0';
  text += bound.timezone;
  return HashWide(text);
}

Result<PlannedPredicate> BindAndPlan(std::string_view text, const PredicateScope& scope, const RuleSet& rules) {
  static const std::vector<expr::GeneratedColumn> kNone;
  expr::BindOptions options = scope.options;
  options.as_written = true;
  PlannedPredicate planned;
  LEVEE_ASSIGN(planned.bound, expr::BindPredicate(text, scope.resolver, options));
  const auto start = std::chrono::steady_clock::now();
  const PredicateFacts facts{scope.generated != nullptr ? *scope.generated : kNone};
  PlanPredicate(planned.bound.may_match, facts, rules, planned.uses);
  planned.ns = (std::chrono::steady_clock::now() - start) / std::chrono::nanoseconds(1);
  planned.identity = IdentityOf(planned.bound);
  return planned;
}

}  // namespace

bool MayReadClock(std::string_view predicate) {
  return ContainsWord(predicate, "CURRENT") || ContainsWord(predicate, "NOW");
}

Result<std::shared_ptr<const PlannedPredicate>> PredicateCache::Bind(std::string_view text,
                                                                     const PredicateScope& scope, bool* cached) {
  const cache::CacheKey key = KeyOf(text, scope);
  auto found = cache_.Find<PlannedPredicate>(key);
  if (cached != nullptr) *cached = found != nullptr;
  if (found) return found;
  const auto start = std::chrono::steady_clock::now();
  LEVEE_ASSIGN(PlannedPredicate planned, BindAndPlan(text, scope, rules_));
  const std::int64_t load_ns = (std::chrono::steady_clock::now() - start) / std::chrono::nanoseconds(1);
  auto shared = std::make_shared<const PlannedPredicate>(std::move(planned));
  if (MayReadClock(text)) return shared;
  return cache_.Insert<PlannedPredicate>(key, std::move(shared), (text.size() + 32) * kBytesPerCharacter,
                                         {.load_ns = load_ns});
}

}  // namespace levee::query
