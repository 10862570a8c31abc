#include "memory/markdown/item_file.h"

#include <gtest/gtest.h>

#include "memory/markdown/embedding_text.h"
#include "memory/markdown/nasty_item_test.h"
#include "memory/markdown/table_of_contents.h"
#include "memory/yaml/yaml_reader.h"

namespace levee::memory {
namespace {

// For all tests of this program.
[[maybe_unused]] const bool all_of_yaml = (UseYamlLibrary(), true);

TEST(YamlReader, WithoutTheLibraryThePlainestIsRead) {
  SetYamlReader(nullptr);
  EXPECT_TRUE(ReadYaml("a: b\nc: [d, e]\n").has_value());
  const auto refused = ReadYaml("a:\n- b\n");
  UseYamlLibrary();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().detail, "VALIDATION_ERROR");
  EXPECT_TRUE(ReadYaml("a:\n- b\n").has_value());
}

Item Plain() {
  return {.id = "a1", .name_space = "team/x", .category = "note", .content = "# Late orders\n\nMondays.\n", .tags = {"lake", "a: b"},
          .metadata = R"({"source":"s1","weight":2.50,"of":{"x":[1,"y"]}})", .version = 3, .vector_clock = {{"r1", 3}},
          .created = 1'706'702'400'000'000, .updated = 1'706'702'400'250'000};
}

constexpr std::string_view kPlainYaml =
    "---\nid: a1\nnamespace: team/x\ncategory: note\ntags: [lake, \"a: b\"]\ncreated: 2024-01-31T12:00:00Z\n"
    "updated: 2024-01-31T12:00:00.250Z\nversion: 3\nvectorClock: {\"r1\": 3}\nsource: s1\nweight: 2.50\nof: {\"x\":[1,\"y\"]}\n---\n"
    "# Late orders\n\nMondays.\n";

TEST(ItemFile, WritesWhatPeopleRead) { EXPECT_EQ(WriteItemFile(Plain(), {}), kPlainYaml); }

TEST(ItemFile, WritesATableOfContents) {
  Item item = Plain();
  item.content = "# One [x]\n## Two words!\n```\n# code\n```\n# One [x]\n";
  const std::string file = WriteItemFile(item, {.table_of_contents = true});
  EXPECT_NE(file.find("<!-- levee:contents -->\n- [One \\[x\\]](#one-x)\n  - [Two words!](#two-words)\n- [One \\[x\\]](#one-x-1)\n"
                      "<!-- /levee:contents -->\n# One [x]\n"),
            std::string::npos)
      << file;
}

class RoundTrip : public testing::TestWithParam<std::tuple<FrontMatterFormat, bool>> {};

TEST_P(RoundTrip, EveryItemComesBackTheSame) {
  const auto [format, contents] = GetParam();
  NastyItems items(17);
  for (int i = 0; i < 5'000; ++i) {
    const Item item = items.Next();
    const std::string file = WriteItemFile(item, {.front_matter = format, .table_of_contents = contents});
    const auto read = ReadItemFile(file, {.id = "default", .category = "other"});
    ASSERT_TRUE(read.has_value()) << read.error().ToString() << "\n" << file;
    ASSERT_TRUE(read->own) << file;
    ASSERT_EQ(read->item, item) << file;
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, RoundTrip,
                         testing::Combine(testing::Values(FrontMatterFormat::kYaml, FrontMatterFormat::kJson, FrontMatterFormat::kToml),
                                          testing::Bool()));

// yaml-cpp knows nothing of the short cut.
TEST(ItemFile, TheShortCutReadsWhatTheYamlReaderReads) {
  NastyItems items(23);
  int same = 0;
  for (int i = 0; i < 3'000; ++i) {
    const std::string file = WriteItemFile(items.Next(), {});
    const SplitFile split = SplitFront(file);
    const auto one = ReadYaml(split.front);
    const auto two = ReadAnyYaml(split.front);
    ASSERT_TRUE(one.has_value() && two.has_value()) << (one ? two : one).error().ToString() << "\n" << file;
    ASSERT_EQ(one->size(), two->size()) << file;
    for (std::size_t m = 0; m < one->size(); ++m) {
      ASSERT_EQ((*one)[m].key, (*two)[m].key);
      ASSERT_EQ((*one)[m].line, (*two)[m].line);
      same += (*one)[m].json == (*two)[m].json ? 1 : 0;
    }
  }
  EXPECT_GT(same, 10'000);
}

TEST(ItemFile, ReadsWhatPeopleChange) {
  const auto read = ReadItemFile("---\r\nid: a1\r\nversion: 3 # three\r\ncreated: 2024-01-31\r\nupdated: '2024-02-01'\r\n"
                                 "tags:\r\n  - lake\r\n  - 2024\r\ncolour: red\r\nmetadata:\r\n  source: s1\r\n---\r\nNew text\r\n",
                                 {});
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_TRUE(read->own);
  EXPECT_EQ(read->item.id, "a1");
  EXPECT_EQ(read->item.version, 3);
  EXPECT_EQ(read->item.created, 1'706'659'200'000'000);
  EXPECT_EQ(read->item.updated, 1'706'745'600'000'000);
  EXPECT_EQ(read->item.tags, (std::vector<std::string>{"lake", "2024"}));
  EXPECT_EQ(read->item.metadata, R"({"source":"s1","colour":"red"})");
  EXPECT_EQ(read->item.content, "New text\r\n");
}

TEST(ItemFile, ReadsATextWithoutAHead) {
  const auto read = ReadItemFile("\xef\xbb\xbf" "Just a text\n---\nwith #two-tags and `#none` #2024\n# Head\n",
                                 {.id = "x/y", .name_space = "n", .category = "c", .created = 1, .updated = 2});
  ASSERT_TRUE(read.has_value());
  EXPECT_FALSE(read->own);
  EXPECT_EQ(read->item, (Item{.id = "x/y", .name_space = "n", .category = "c",
                              .content = "Just a text\n---\nwith #two-tags and `#none` #2024\n# Head\n", .tags = {"two-tags"},
                              .created = 1, .updated = 2, .checksum = read->item.checksum}));
}

TEST(ItemFile, ReadsWhatObsidianWrites) {
  const auto read = ReadItemFile("---\naliases:\n  - Orders\ntags: '#lake, orders'\ncssclass:\ndue: 2024-01-31\n---\nSee [[Other note]] #inline/tag\n",
                                 {.id = "vault/Orders", .category = "vault"});
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(read->item.tags, (std::vector<std::string>{"lake", "orders", "inline/tag"}));
  EXPECT_EQ(read->item.metadata, R"({"aliases":["Orders"],"cssclass":null,"due":"2024-01-31"})");
  EXPECT_EQ(read->item.content, "See [[Other note]] #inline/tag\n");
}

TEST(ItemFile, ReadsWhatBasicMemoryWrites) {
  const auto read = ReadItemFile("---\ntitle: Coffee Brewing\ntype: guide\npermalink: coffee/brewing\ntags:\n- coffee\n- brewing\n"
                                 "modified: 2025-03-01T10:00:00+00:00\n---\n\n# Coffee\n\n## Observations\n- [method] Pour over #clarity (by hand)\n\n"
                                 "## Relations\n- relates_to [[Tea]]\n",
                                 {.id = "coffee/Coffee Brewing"});
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(read->item.id, "coffee/brewing");
  EXPECT_EQ(read->item.category, "guide");
  EXPECT_EQ(read->item.tags, (std::vector<std::string>{"coffee", "brewing", "clarity"}));
  EXPECT_EQ(read->item.updated, 1'740'823'200'000'000);
  EXPECT_EQ(read->item.metadata, R"({"title":"Coffee Brewing","type":"guide","permalink":"coffee/brewing","modified":"2025-03-01T10:00:00+00:00"})");
  // What another tool keeps in the head comes back when Levee writes the file.
  const auto again = ReadItemFile(WriteItemFile(read->item, {}), {});
  EXPECT_EQ(again->item, read->item);
}

TEST(ItemFile, KeepsAMemberOfAnotherFormInAForeignFile) {
  const auto read = ReadItemFile("---\ncreated: last Monday\nversion: two\n---\nx", {.id = "x", .created = 5});
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(read->item.created, 5);
  EXPECT_EQ(read->item.metadata, R"({"created":"last Monday","version":"two"})");
}

TEST(ItemFile, RefusesABrokenHeadWithItsPlace) {
  const std::pair<std::string_view, std::string_view> files[] = {
      {"---\nid: a\ntags: [a\n---\nx", "front matter, line 4, column"},
      {"---\nid: a\n\tb: c\n---\nx", "front matter, line 3, column 1"},
      {"---\nid: a\nid: b\n---\nx", "front matter, line 3: VALIDATION_ERROR: 'id' is there twice"},
      {"---\n- a\n- b\n---\nx", "no list of `key: value`"},
      {"---\na: *b\n---\nx", "front matter, line 2, column"},
      {"---\n[a, b]: c\n---\nx", "a key is no text"},
      {"---\nid: a\nversion: 1\ncreated: 2024-01-31\nupdated: 2024-01-31\nexpires: tomorrow\n---\nx", "line 6: VALIDATION_ERROR: 'expires'"},
      {"---\nid: a\nversion: 1\ncreated: 2024-01-31\nupdated: 2024-01-31\ntags: [a, a]\n---\nx", "line 6: VALIDATION_ERROR: 'tags'"},
      {"---\nid: a\nversion: 1\ncreated: 2024-01-31\nupdated: 2024-01-31\nembedding: f32:AAA*\n---\nx", "'embedding'"},
      {"---json\n{\"id\":}\n---\nx", "front matter, line 2: VALIDATION_ERROR: it is no valid JSON object"},
      {"+++\nid = a\n+++\nx", "front matter, line 2, column 6"},
      {"+++\n[table]\n+++\nx", "a table is not read here"},
      {"+++\na = \"x\n+++\nx", "the string has no end"},
      {"+++\na = [1 2]\n+++\nx", "a ',' or ']' is missing"},
      {"+++\na = 1 2\n+++\nx", "something follows the value"},
  };
  for (const auto& [file, text] : files) {
    const auto read = ReadItemFile(file, {});
    ASSERT_FALSE(read.has_value()) << file;
    EXPECT_EQ(read.error().detail, "VALIDATION_ERROR");
    EXPECT_NE(read.error().ToString().find(text), std::string::npos) << read.error().ToString();
  }
}

TEST(ItemFile, RefusesAliasesWithoutEnd) {
  std::string bomb = "---\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string name = "a" + std::to_string(i);
    bomb.append(name).append(": &").append(name).append(" [*a0");
    for (int times = 0; times < 6; ++times) bomb.append(", *a").append(std::to_string(i - 1));
    bomb += "]\n";
  }
  const auto read = ReadItemFile(bomb + "---\nx", {});
  ASSERT_FALSE(read.has_value());
  EXPECT_NE(read.error().why.find("aliases"), std::string::npos);
  EXPECT_FALSE(ReadItemFile("---\na: " + std::string(2'000, '[') + std::string(2'000, ']') + "\n---\nx", {}).has_value());
}

TEST(EmbeddingText, RefusesWhatIsNone) {
  EXPECT_EQ(EmbeddingText({1.0F}), "f32:AACAPw==");  // as Python's base64 and struct have it
  for (const char* text : {"", "AACAPw==", "f32:AACAP", "f32:AADAfw==", "f32:AAC?Pw=="}) {
    EXPECT_EQ(ParseEmbeddingText(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace levee::memory
