#include <gmock/gmock.h>

#include "store/sqlite/sqlite_driver.h"
#include "tests/memory_exchange/exchange_test_bed.h"

namespace levee::memory {
namespace {

using testing::HasSubstr;

// Two collections as Chroma itself wrote them: "notes" with an update, a new vector and a deletion; "other" with the same id.
class ChromaTest : public ExchangeTest {
 protected:
  void Make(const std::string& more = "") {
    std::filesystem::create_directories(Path("data"));
    auto driver = store::OpenSqlite(Path("data/chroma.sqlite3"), {});
    ASSERT_TRUE(driver.has_value()) << driver.error().ToString();
    std::ifstream file(LEVEE_TEST_FOLDER "/chroma.sql");
    const std::string sql{std::istreambuf_iterator<char>(file), {}};
    auto connection = (*driver)->Writer(store::Durability::kStaging);
    ASSERT_TRUE((*connection)->RunScript(sql + more).has_value());
  }
};

TEST_F(ChromaTest, ACollectionIsImported) {
  Make();
  const ExchangeOptions notes{.name_space = "chroma", .category = "doc", .collection = "notes"};
  EXPECT_EQ(Text(Import(ExchangeFormat::kChroma, "data", {}, notes)), "stored 4, updated 0, unchanged 0, kept 0");
  EXPECT_EQ(Text(Import(ExchangeFormat::kChroma, "data/chroma.sqlite3", {}, notes)), "stored 0, updated 0, unchanged 4, kept 0");
  // What Chroma's own `get` says of them.
  const Item a = *Get("a");
  EXPECT_EQ(a.content, "late orders");
  EXPECT_EQ(a.metadata, R"({"n":7,"ok":true,"source":"s1","weight":3.25})");
  EXPECT_EQ(a.embedding, (std::vector<float>{0.1F, 0.2F, 0.3F}));
  EXPECT_EQ(a.name_space, "chroma");
  EXPECT_EQ(a.category, "doc");
  EXPECT_EQ(a.created, 1'795'319'376'000'000);  // 2026-11-22 03:49:36
  EXPECT_EQ(Get("b")->content, "caf\xc3\xa9 \xe2\x98\x95\nline two");
  EXPECT_EQ(Get("b")->metadata, R"({"ok":false,"source":"s2"})");
  EXPECT_EQ(Get("b")->embedding, (std::vector<float>{4, 5, 6}));
  EXPECT_EQ(Get("c")->content, "c");
  EXPECT_EQ(Get("x")->metadata, R"({"list":["a","b"],"nums":[1,2]})");
  EXPECT_FALSE(Get("d").has_value());
}

TEST_F(ChromaTest, OneOfSeveralHasToBeChosen) {
  Make();
  EXPECT_THAT(Text(Import(ExchangeFormat::kChroma, "data")), HasSubstr("there are several (one of: notes, other)"));
  EXPECT_THAT(Text(Import(ExchangeFormat::kChroma, "data", {}, {.collection = "none"})), HasSubstr("there is none of that name"));
}

TEST_F(ChromaTest, ReadsWhatOlderVersionsWrote) {
  Make("DROP TABLE embedding_metadata_array; ALTER TABLE embedding_metadata DROP COLUMN bool_value; DELETE FROM embeddings_queue;"
       "DELETE FROM collections WHERE name = 'other';");
  EXPECT_EQ(Import(ExchangeFormat::kChroma, "data")->stored, 4);
  EXPECT_EQ(Get("a")->metadata, R"({"n":7,"ok":null,"source":"s1","weight":3.25})");
  EXPECT_TRUE(Get("a")->embedding.empty());
}

TEST_F(ChromaTest, AnotherDatabaseIsNone) {
  Write("data/chroma.sqlite3", "no database, but a text that is long enough to be looked at");
  EXPECT_EQ(Import(ExchangeFormat::kChroma, "data").error().detail, "STORAGE_ERROR");
  std::filesystem::remove(Path("data/chroma.sqlite3"));
  EXPECT_EQ(Import(ExchangeFormat::kChroma, "data").error().detail, "STORAGE_ERROR");
  EXPECT_FALSE(std::filesystem::exists(Path("data/chroma.sqlite3")));
}

}  // namespace
}  // namespace levee::memory
