#include "memory/markdown/layout.h"

#include <gtest/gtest.h>

#include <random>

#include "memory/markdown/nasty_item_test.h"
#include "memory/markdown/safe_name.h"

namespace levee::memory {
namespace {

Item Note() {
  return {.id = "0190f3c2-1234-7abc-8def-0123456789ab", .name_space = "team/Lake", .category = "note",
          .content = "# Late orders, again!\ntext", .created = 1'706'702'400'250'000};
}

std::string PathBy(std::string_view naming, std::string_view folders, int depth_limit = 6) {
  return ItemPath(Note(), {.folders = *ParseFolderLevels(folders), .depth_limit = depth_limit, .name = *ParseNaming(naming)});
}

TEST(Layout, PutsItemsWhereTheirFieldsSay) {
  EXPECT_EQ(PathBy("slug", "namespace,category"), "team/Lake/note/late-orders-again.md");
  EXPECT_EQ(PathBy("id", "category,year,month,day"), "note/2024/01/31/0190f3c2-1234-7abc-8def-0123456789ab.md");
  EXPECT_EQ(PathBy("timestamp", ""), "2024-01-31-120000250.md");
  EXPECT_EQ(PathBy("{date}-{slug}-{id8}", "namespace,category", 1), "team/2024-01-31-late-orders-again-456789ab.md");
}

TEST(Layout, ATitleNamesTheFile) {
  Item item = Note();
  item.metadata = R"({"title":"Caf\u00e9 \u00c9toile"})";
  EXPECT_EQ(ItemPath(item, {.folders = {}, .name = "{slug}"}), "caf\xc3\xa9-\xc3\xa9toile.md");
}

TEST(Layout, ALongSlugGivesWay) {
  Item item = Note();
  item.content = std::string(500, 'x');
  const std::string path = ItemPath(item, {.folders = {}, .name = "{slug}-{id8}", .name_limit_bytes = 40});
  EXPECT_EQ(path, std::string(31, 'x') + "-456789ab.md");
  EXPECT_EQ(NumberedPath(path, 12, {.name_limit_bytes = 40}), std::string(31, 'x') + "-45678-12.md");
}

TEST(Layout, RefusesWhatIsNoLevelAndNoTemplate) {
  EXPECT_EQ(ParseFolderLevels("namespace,week").error().detail, "VALIDATION_ERROR");
  for (const char* naming : {"", "name", "{week}", "{id", "id}", "../{id}", "a\\{id}"}) {
    EXPECT_FALSE(ParseNaming(naming).has_value()) << naming;
  }
}

TEST(SafeName, TakesAwayWhatEscapes) {
  const std::pair<std::string_view, std::string_view> names[] = {
      {"..", "_"}, {".", "_"}, {"", "_"}, {"../../etc/passwd", "-..-etc-passwd"}, {"/etc", "-etc"}, {".git", "git"},
      {"C:\\Windows", "C--Windows"}, {"a\nb", "a-b"}, {std::string_view("a\0b", 3), "a-b"}, {"con", "_con"}, {"NUL.txt", "_NUL.txt"},
      {"com1", "_com1"}, {"lpt9 .x", "_lpt9 .x"}, {"name. . ", "name"}, {"a*?<>|\"b", "a------b"}, {"\xff\xfe", "--"},
      {"\xe2\x80\xaegnp.exe", "-gnp.exe"}, {"-rf", "-rf"}, {"a.conflict-b", "a-conflict-b"}, {"\xc3\xa9", "\xc3\xa9"},
      {". .conflict", "conflict"}, {"[[x]]#^", "--x----"}};
  for (const auto& [text, name] : names) EXPECT_EQ(SafeName(text, 80), name);
}

TEST(SafeName, CutsBetweenCharacters) {
  EXPECT_EQ(SafeName("abcdefg\xc3\xa9", 8), "abcdefg");
  EXPECT_EQ(SafeName("abcdefg.h", 8), "abcdefg");
  EXPECT_EQ(CutBytes("\xf0\x9f\x98\x80", 3), "");
}

TEST(SafeName, FoldsCase) {
  EXPECT_EQ(CaseFolded("\xc3\x89TOILE \xce\xa9 \xd0\x96 \xd0\x81"), "\xc3\xa9toile \xcf\x89 \xd0\xb6 \xd1\x91");
  EXPECT_EQ(CaseFolded("\xc3\x97 \xe2\x82\xac"), "\xc3\x97 \xe2\x82\xac");
}

// Whatever an item says, its file lies in the folder, under a name that every system takes.
TEST(Layout, NoItemLeavesTheFolder) {
  NastyItems items(5);
  std::mt19937 random(5);
  const std::string_view namings[] = {"id", "slug", "timestamp", "{namespace}{category}{id}", ".{id}"};
  for (int i = 0; i < 5'000; ++i) {
    Item item = items.Next();
    if (i % 3 == 0) item.name_space = "../" + item.name_space + "//../.levee/";
    if (i % 5 == 0) item.id = "../" + std::string(random() % 400, "./\\ \xc3"[random() % 5]);
    const Layout layout{.name = *ParseNaming(namings[random() % std::size(namings)]), .name_limit_bytes = 16 + random() % 100};
    const std::string path = ItemPath(item, layout);
    ASSERT_TRUE(path.ends_with(".md"));
    std::size_t folders = 0;
    for (std::size_t at = 0; at < path.size(); ++folders) {
      const std::string component = path.substr(at, path.find('/', at) - at);
      ASSERT_FALSE(component.empty() || component.front() == '.' || component.back() == '.' || component.back() == ' ') << path;
      ASSERT_LE(component.size(), layout.name_limit_bytes + 3) << path;
      ASSERT_EQ(component.find_first_of(std::string_view("\0\n\\:", 4)), std::string::npos) << path;
      at += component.size() + 1;
    }
    ASSERT_LE(folders, 7u) << path;
    ASSERT_TRUE(IsItemFileName(path.substr(path.rfind('/') + 1))) << path;
  }
}

TEST(Layout, APlaceSaysWhatItsFileDoesNot) {
  const FileDefaults defaults = DefaultsOfPath("team/x/Note 1.md", 7);
  EXPECT_EQ(defaults.id, "team/x/Note 1");
  EXPECT_EQ(defaults.name_space, "team/x");
  EXPECT_EQ(defaults.updated, 7);
  EXPECT_EQ(DefaultsOfPath("a.md", 0).name_space, "default");
}

TEST(Layout, NamesConflictCopies) {
  const std::string path = ConflictPath("a/b.md", 1'706'702'400'250'000);
  EXPECT_EQ(path, "a/b.conflict-20240131T120000.250Z.md");
  EXPECT_FALSE(IsItemFileName("b.conflict-20240131T120000.250Z.md"));
  EXPECT_FALSE(IsItemFileName(".hidden.md"));
  EXPECT_FALSE(IsItemFileName(".md"));
  EXPECT_FALSE(IsItemFileName("a.txt"));
}

}  // namespace
}  // namespace levee::memory
