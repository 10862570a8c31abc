#include "query/predicate_cache.h"

#include <algorithm>
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

}  // namespace

bool MayReadClock(std::string_view predicate) {
  return ContainsWord(predicate, "CURRENT") || ContainsWord(predicate, "NOW");
}

Result<std::shared_ptr<const expr::BoundPredicate>> PredicateCache::Bind(std::string_view text,
                                                                         const PredicateScope& scope) {
  const cache::CacheKey key = KeyOf(text, scope);
  if (auto found = cache_.Find<expr::BoundPredicate>(key)) return found;
  LEVEE_ASSIGN(auto bound, expr::BindPredicate(text, scope.resolver, scope.options));
  auto shared = std::make_shared<const expr::BoundPredicate>(std::move(bound));
  if (MayReadClock(text)) return shared;
  return cache_.Insert<expr::BoundPredicate>(key, std::move(shared), (text.size() + 32) * kBytesPerCharacter);
}

}  // namespace levee::query
