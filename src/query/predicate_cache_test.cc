#include "query/predicate_cache.h"

#include <gtest/gtest.h>

namespace levee::query {
namespace {

class OneColumn final : public expr::ColumnResolver {
 public:
  std::optional<expr::ColumnRef> Resolve(const std::vector<std::string>& path) const override {
    ++asked;
    if (path.size() != 1 || path[0] != "id") return std::nullopt;
    return expr::ColumnRef{.name = "id", .physical_path = "id", .type = {types::TypeKind::kLong}};
  }
  std::vector<std::string> Names() const override { return {"id"}; }

  mutable int asked = 0;
};

TEST(PredicateCacheTest, BindsOnce) {
  PredicateCache cache(1 << 20);
  const OneColumn resolver;
  const PredicateScope scope{.schema_identity = 1, .resolver = resolver};
  const auto first = cache.Bind("id > 3", scope);
  ASSERT_TRUE(first) << first.error().ToString();
  const auto second = cache.Bind("id > 3", scope);
  ASSERT_TRUE(second);
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(resolver.asked, 1);
}

TEST(PredicateCacheTest, AnotherSchemaZoneOrTextBindsAnew) {
  PredicateCache cache(1 << 20);
  const OneColumn resolver;
  const auto first = cache.Bind("id > 3", {.schema_identity = 1, .resolver = resolver});
  ASSERT_TRUE(first);
  EXPECT_NE(*first, *cache.Bind("id > 3", {.schema_identity = 2, .resolver = resolver}));
  EXPECT_NE(*first, *cache.Bind("id > 3", {.schema_identity = 1, .resolver = resolver,
                                           .options = {.timezone = "Europe/Berlin"}}));
  EXPECT_NE(*first, *cache.Bind("id > 4", {.schema_identity = 1, .resolver = resolver}));
}

TEST(PredicateCacheTest, ErrorsAndClocksAreNotKept) {
  PredicateCache cache(1 << 20);
  const OneColumn resolver;
  const PredicateScope scope{.schema_identity = 1, .resolver = resolver};
  EXPECT_EQ(cache.Bind("nope = 3", scope).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(MayReadClock("day >= current_date - INTERVAL 7 DAY"));
  EXPECT_TRUE(MayReadClock("t < Now()"));
  EXPECT_FALSE(MayReadClock("id > 3 AND region = 'eu'"));
  EXPECT_EQ(cache.counters().entries, 0u);
}

}  // namespace
}  // namespace levee::query
