#include <gmock/gmock.h>

#include "tests/memory_exchange/exchange_test_bed.h"

namespace levee::memory {
namespace {

TEST_F(ExchangeTest, AMarkdownFolderComesBackTheSame) {
  ASSERT_TRUE(bank_.Store({{.item = {.id = "a", .category = "c", .content = "---\r\n", .tags = {"t"}, .metadata = R"({ "k":1})"}},
                           {.item = {.id = "b", .category = "c", .content = "x", .embedding = {0.25F}}}},
                          {})
                  .has_value());
  EXPECT_EQ(Export(ExchangeFormat::kMarkdown, "notes"), "2");
  EXPECT_EQ(Export(ExchangeFormat::kMarkdown, "notes"), "2");
  EXPECT_EQ(Text(Import(ExchangeFormat::kMarkdown, "notes")), "stored 0, updated 0, unchanged 2, kept 0");
  fakes::PlainBank other(fakes::PlainBankOptions(), SystemClock());
  auto source = OpenItemSource(ExchangeFormat::kMarkdown, Path("notes"), {});
  ASSERT_TRUE(ImportItems(**source, other, {}).has_value());
  EXPECT_EQ(*other.Get("a", {}), Get("a"));
  EXPECT_EQ(*other.Get("b", {}), Get("b"));
}

TEST_F(ExchangeTest, ABasicMemoryFolderIsRead) {
  Write("bm/coffee/Brewing.md", "---\ntitle: Brewing\ntype: note\npermalink: coffee/brewing\ntags:\n- coffee\n---\n\n# Brewing\n"
                                "- [method] Pour over #clarity\n- relates_to [[Tea]]\n");
  Write("bm/Tea.md", "# Tea\n");
  Write("bm/.obsidian/app.md", "none of ours");
  EXPECT_EQ(Text(Import(ExchangeFormat::kBasicMemory, "bm")), "stored 2, updated 0, unchanged 0, kept 0");
  EXPECT_EQ(Text(Import(ExchangeFormat::kBasicMemory, "bm")), "stored 0, updated 0, unchanged 2, kept 0");
  EXPECT_EQ(Get("coffee/brewing")->tags, (std::vector<std::string>{"coffee", "clarity"}));
  EXPECT_EQ(Get("coffee/brewing")->name_space, "coffee");
  EXPECT_EQ(Get("Tea")->content, "# Tea\n");
}

TEST_F(ExchangeTest, ABrokenFileIsNamed) {
  Write("bm/a.md", "---\na: [\n---\nx");
  Write("bm/b.md", "x");
  EXPECT_THAT(Text(Import(ExchangeFormat::kMarkdown, "bm")), testing::HasSubstr("a.md, front matter, line 3"));
  EXPECT_EQ(Import(ExchangeFormat::kMarkdown, "bm", {.skip_wrong = true})->stored, 1);
  EXPECT_EQ(Import(ExchangeFormat::kMarkdown, "none").error().detail, "STORAGE_ERROR");
}

}  // namespace
}  // namespace levee::memory
