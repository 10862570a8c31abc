#include "cli/query_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace levee::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

LoggedQuery One(std::string_view text) {
  const auto queries = ReadQueryLog(text);
  return queries.size() == 1 ? queries[0] : LoggedQuery{.problem = std::to_string(queries.size()) + " queries"};
}

TEST(QueryLog, TermsAreWhatAndJoins) {
  const LoggedQuery query = One("SELECT a, sum(b) FROM orders WHERE date = DATE '2024-01-01' AND id BETWEEN 1 AND 5\n"
                                "  AND (x = 1 OR y = 2) GROUP BY a ORDER BY 2 LIMIT 3");
  EXPECT_EQ(query.problem, "");
  EXPECT_EQ(query.table, "orders");
  EXPECT_THAT(query.terms, ElementsAre("date = DATE '2024-01-01'", "id BETWEEN 1 AND 5", "(x = 1 OR y = 2)"));
  EXPECT_EQ(query.Where(), "(date = DATE '2024-01-01') AND (id BETWEEN 1 AND 5) AND ((x = 1 OR y = 2))");
  EXPECT_THAT(One("SELECT * FROM t WHERE a = 1 AND b = 2 OR c = 3").terms, ElementsAre("a = 1 AND b = 2 OR c = 3"));
  EXPECT_THAT(One("select * from t").terms, IsEmpty());
}

TEST(QueryLog, TablesAreNamedInManyWays) {
  EXPECT_EQ(One("SELECT 1 FROM lake.sales.orders").table, "orders");
  EXPECT_EQ(One("SELECT 1 FROM delta.`/data/orders` WHERE x = 1").table, "/data/orders");
  EXPECT_EQ(One("SELECT 1 FROM delta_scan('s3://lake/orders') WHERE x = 1").table, "s3://lake/orders");
  EXPECT_EQ(One("SELECT 1 FROM 'data/orders'").table, "data/orders");
}

TEST(QueryLog, AliasesAreTakenOff) {
  EXPECT_THAT(One("SELECT o.a FROM orders AS o WHERE o.id = 5 AND 'o.id' = o.name").terms,
              ElementsAre("id = 5", "'o.id' = name"));
  EXPECT_THAT(One("SELECT 1 FROM orders o WHERE a.o.b = 1 AND orders.c > 2").terms, ElementsAre("a.o.b = 1", "c > 2"));
}

TEST(QueryLog, CommentsAndQuotesDoNotEndStatements) {
  const auto queries = ReadQueryLog("-- ; first\nSELECT 1 FROM t WHERE a = 'x;''y' /* ; AND b = 1 */;\n\n"
                                    "SELECT 2 FROM \"u;v\";\n;");
  ASSERT_EQ(queries.size(), 2u);
  EXPECT_EQ(queries[0].line, 2u);
  EXPECT_THAT(queries[0].terms, ElementsAre("a = 'x;''y'"));
  EXPECT_EQ(queries[1].line, 4u);
  EXPECT_EQ(queries[1].table, "u;v");
}

TEST(QueryLog, WhatCannotBeToldSaysWhy) {
  EXPECT_EQ(One("DELETE FROM t WHERE a = 1").problem, "it is no SELECT");
  EXPECT_EQ(One("WITH x AS (SELECT 1) SELECT * FROM x").problem, "it has a WITH");
  EXPECT_EQ(One("SELECT 1").problem, "it has no FROM");
  EXPECT_EQ(One("SELECT 1 FROM (SELECT 2 FROM t)").problem, "FROM names no table");
  EXPECT_EQ(One("SELECT 1 FROM a, b").problem, "it joins tables");
  EXPECT_EQ(One("SELECT 1 FROM a LEFT JOIN b ON a.x = b.x").problem, "it joins tables");
  EXPECT_EQ(One("SELECT 1 FROM a UNION ALL SELECT 1 FROM b").problem, "it combines several SELECTs");
  EXPECT_NE(One("SELECT 1 FROM a WHERE b = 'x").problem, "");
}

}  // namespace
}  // namespace levee::cli
