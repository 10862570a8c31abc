#include "memory/markdown/markdown_bank.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/fakes/plain_bank/plain_bank.h"

namespace levee::memory {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class MarkdownBankTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "levee-markdown-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    outside_ = name;
    root_ = outside_ / "memory";
    Open();
  }
  void TearDown() override {
    bank_.reset();
    fs::remove_all(outside_);
  }

  // With an index that knows nothing yet, unless one is given.
  void Open(std::unique_ptr<MemoryBank> index = nullptr) {
    bank_.reset();
    if (index == nullptr) index = NewIndex();
    auto opened = MarkdownBank::Open({.folder = {.path = root_.string(), .layout = layout_}}, std::move(index));
    ASSERT_TRUE(opened.has_value()) << opened.error().ToString();
    bank_ = std::move(*opened);
  }
  static std::unique_ptr<MemoryBank> NewIndex() {
    return std::make_unique<fakes::PlainBank>(fakes::PlainBankOptions(), SystemClock());
  }

  void Write(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary) << text;
  }
  std::string Read(const std::string& path) {
    std::ifstream file(root_ / path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // Item files and conflict copies, sorted.
  std::vector<std::string> Files() {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
      const std::string path = fs::relative(entry.path(), root_).string();
      if (entry.is_regular_file() && !path.starts_with(".levee")) files.push_back(path);
    }
    std::ranges::sort(files);
    return files;
  }

  Written Store(Item item, std::optional<std::int64_t> expected_version = {}) {
    const auto written = bank_->Store({{.item = std::move(item), .expected_version = expected_version}}, {});
    EXPECT_TRUE(written.has_value()) << written.error().ToString();
    return written ? written->front() : Written{};
  }
  SyncReport Sync(const SyncOptions& options = {}) {
    auto report = bank_->Sync(options);
    EXPECT_TRUE(report.has_value()) << report.error().ToString();
    return report ? std::move(*report) : SyncReport{};
  }
  std::optional<Item> Get(std::string_view id) { return *bank_->Get(id, {}); }
  static Item Note(std::string id, std::string content) {
    return {.id = std::move(id), .category = "note", .content = std::move(content)};
  }

  fs::path outside_, root_;
  Layout layout_ = {.name = "{id}"};
  std::unique_ptr<MarkdownBank> bank_;
};

TEST_F(MarkdownBankTest, AnItemIsAFile) {
  EXPECT_EQ(Store(Note("a", "one\n")).version, 1);
  EXPECT_THAT(Files(), ElementsAre("default/note/a.md"));
  EXPECT_EQ(Read("default/note/a.md"), WriteItemFile(*Get("a"), {}));
  EXPECT_EQ(bank_->Update({{.id = "a", .content = "two\n", .add_tags = {"t"}}}, {})->front().version, 2);
  EXPECT_EQ(Read("default/note/a.md"), WriteItemFile(*Get("a"), {}));
  EXPECT_THAT(Read("default/note/a.md"), HasSubstr("two\n"));
  EXPECT_EQ(bank_->Delete({{.id = "a"}}, {})->front().outcome, Written::Outcome::kDeleted);
  EXPECT_THAT(Files(), IsEmpty());
  EXPECT_FALSE(fs::exists(root_ / "default"));
}

TEST_F(MarkdownBankTest, ABatchIsWrittenTogether) {
  std::vector<ItemWrite> writes;
  writes.reserve(50);
  for (int i = 0; i < 50; ++i) writes.push_back({.item = Note("A" + std::to_string(i % 25), "text " + std::to_string(i))});
  ASSERT_TRUE(bank_->Store(writes, {}).has_value());
  EXPECT_THAT(Files(), SizeIs(25));
  EXPECT_EQ(Get("A3")->content, "text 28");
  EXPECT_EQ(Read("default/note/A3.md"), WriteItemFile(*Get("A3"), {}));
  EXPECT_THAT(bank_->Verify()->problems, IsEmpty());
}

TEST_F(MarkdownBankTest, PathsThatDifferInCaseAreNumbered) {
  Store(Note("Name", "1"));
  Store(Note("name", "2"));
  Store(Note("n:ame", "3"));
  Store(Note("n?ame", "4"));
  EXPECT_THAT(Files(), ElementsAre("default/note/Name.md", "default/note/n-ame-2.md", "default/note/n-ame.md",
                                   "default/note/name-2.md"));
}

TEST_F(MarkdownBankTest, TheIndexIsMadeAnewFromTheFiles) {
  Store({.id = "a", .name_space = "x/y", .category = "c", .content = "text --- \r\n", .tags = {"#t"}, .metadata = R"({ "k":1 })",
         .embedding = {0.5F, -1}, .embedding_model = "m"});
  ASSERT_TRUE(bank_->Update({{.id = "a", .add_tags = {"more"}}}, {}).has_value());
  const Item before = *Get("a");
  EXPECT_EQ(before.version, 2);
  Open();
  EXPECT_EQ(*Get("a"), before);
  EXPECT_EQ(Sync({.paths = {}, .reread = true, .check_index = true}).stored, 0);
}

TEST_F(MarkdownBankTest, TakesOverWhatPeopleDo) {
  Store(Note("a", "one"));
  Store(Note("b", "two"));
  std::string text = Read("default/note/a.md");
  Write("default/note/a.md", text.replace(text.find("one"), 3, "uno"));
  Write("Projects/New idea.md", "An #idea\n");
  fs::rename(root_ / "default/note/b.md", root_ / "moved.md");
  const SyncReport report = Sync();
  EXPECT_EQ(report.stored, 2);
  EXPECT_EQ(report.moved, 1);
  EXPECT_EQ(report.deleted, 0);
  EXPECT_EQ(Get("a")->content, "uno");
  EXPECT_EQ(Get("a")->version, 2);
  EXPECT_EQ(bank_->History("a", {})->front().author, "file");
  EXPECT_EQ(Get("Projects/New idea")->tags, std::vector<std::string>{"idea"});
  EXPECT_EQ(Get("Projects/New idea")->name_space, "Projects");
  EXPECT_EQ(Get("b")->version, 1);
  fs::remove(root_ / "moved.md");
  EXPECT_EQ(Sync().deleted, 1);
  EXPECT_EQ(Get("b"), std::nullopt);
  ::usleep(30'000);  // beyond the grain of the file system's clock
  Sync();
  EXPECT_EQ(Sync().read, 0);
}

TEST_F(MarkdownBankTest, AnItemStaysWhereSomebodyPutIt) {
  Store(Note("a", "one"));
  Store(Note("b", "two"));
  fs::rename(root_ / "default/note/b.md", root_ / "b.md");
  Sync();
  ASSERT_TRUE(bank_->Update({{.id = "a", .category = "idea"}, {.id = "b", .category = "idea"}}, {}).has_value());
  EXPECT_THAT(Files(), ElementsAre("b.md", "default/idea/a.md"));
}

TEST_F(MarkdownBankTest, KeepsBothWhereBothChanged) {
  Store(Note("a", "one"));
  std::string text = Read("default/note/a.md");
  Write("default/note/a.md", text.replace(text.find("one"), 3, "by hand"));
  Store(Note("a", "by program"));
  EXPECT_EQ(Get("a")->content, "by program");
  EXPECT_EQ(Get("a")->version, 3);
  EXPECT_EQ(bank_->Get("a", {.version = 2, .as_of = {}})->value().content, "by hand");
  ASSERT_THAT(Files(), SizeIs(2));
  EXPECT_THAT(Files()[0], HasSubstr("a.conflict-"));
  EXPECT_EQ(Read(Files()[0]), text);
  EXPECT_EQ(Sync().stored, 0);
}

TEST_F(MarkdownBankTest, AnExpectedVersionSeesAnEditThatNobodyTookOver) {
  Store(Note("a", "one"));
  std::string text = Read("default/note/a.md");
  Write("default/note/a.md", text.replace(text.find("one"), 3, "by hand"));
  const Written written = Store(Note("a", "by program"), 1);
  EXPECT_EQ(written.outcome, Written::Outcome::kConflict);
  EXPECT_EQ(written.version, 2);
  EXPECT_THAT(Read("default/note/a.md"), HasSubstr("by hand"));
  EXPECT_THAT(Files(), SizeIs(1));
}

TEST_F(MarkdownBankTest, AnEditBesideADeletionStays) {
  Store(Note("a", "one"));
  std::string text = Read("default/note/a.md");
  Write("default/note/a.md", text.replace(text.find("one"), 3, "by hand"));
  ASSERT_TRUE(bank_->Delete({{.id = "a"}}, {}).has_value());
  EXPECT_EQ(Get("a"), std::nullopt);
  ASSERT_THAT(Files(), SizeIs(1));
  EXPECT_THAT(Files()[0], HasSubstr("a.conflict-"));
}

TEST_F(MarkdownBankTest, ABrokenFileChangesNothing) {
  Store(Note("a", "one"));
  Write("default/note/a.md", "---\nid: a\ntags: [\n---\none");
  Write("new.md", "---\n\tx\n---\n");
  Write("empty.md", "");
  const SyncReport report = Sync();
  EXPECT_THAT(report.problems, SizeIs(3));
  EXPECT_THAT(report.problems[0], HasSubstr("default/note/a.md, front matter, line 4"));
  EXPECT_EQ(Get("a")->content, "one");
  EXPECT_EQ(Read("default/note/a.md"), "---\nid: a\ntags: [\n---\none");
  EXPECT_THAT(Sync().problems, SizeIs(3));
}

TEST_F(MarkdownBankTest, OneFileThatIsNoItemKeepsNoOtherOut) {
  for (int i = 0; i < 20; ++i) Write("f" + std::to_string(i) + ".md", "text");
  Write("bad.md", "---\ncategory: " + std::string(300, 'x') + "\n---\ntext");
  EXPECT_THAT(Sync().problems, SizeIs(1));
  EXPECT_EQ(*bank_->Count({}), 20);
}

TEST_F(MarkdownBankTest, ACopiedFileIsAnItemOfItsOwn) {
  Store(Note("a", "one"));
  fs::copy(root_ / "default/note/a.md", root_ / "a copy.md");
  EXPECT_EQ(Sync().stored, 1);
  EXPECT_EQ(Get("a")->version, 1);
  EXPECT_EQ(Get("a copy")->content, "one");
  EXPECT_EQ(Sync().stored, 0);
}

TEST_F(MarkdownBankTest, AWriteThatWasCutOffIsTakenBack) {
  Store(Note("a", "one"));
  // The index as a process left it that was killed before it wrote the files.
  auto index = NewIndex();
  ASSERT_TRUE(index->Store({{.item = Note("a", "one")}, {.item = Note("never", "acknowledged")}}, {}).has_value());
  ASSERT_TRUE(index->Store({{.item = Note("a", "two")}}, {}).has_value());
  Open(std::move(index));
  EXPECT_EQ(Get("a")->content, "one");
  EXPECT_EQ(Get("a")->version, 3);
  EXPECT_EQ(Get("never"), std::nullopt);
}

TEST_F(MarkdownBankTest, NoLinkLeadsOut) {
  fs::create_directories(outside_ / "other");
  std::ofstream(outside_ / "other/secret.md") << "secret";
  fs::create_symlink(outside_ / "other/secret.md", root_ / "link.md");
  fs::create_directory_symlink(outside_ / "other", root_ / "default");
  EXPECT_EQ(Sync().files, 0);
  const auto written = bank_->Store({{.item = Note("a", "one")}}, {});
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().detail, "STORAGE_ERROR");
  EXPECT_THAT(written.error().why, HasSubstr("a link or a file is in the way"));
  EXPECT_EQ(Get("a"), std::nullopt);
  EXPECT_EQ(std::distance(fs::directory_iterator(outside_ / "other"), {}), 1);
}

TEST_F(MarkdownBankTest, AFileWithoutAHeadIsItsContent) {
  const std::string path = (root_ / "bare").string();
  auto opened = MarkdownBank::Open({.folder = {.path = path, .layout = layout_, .form = {.front_matter = FrontMatterFormat::kNone}}},
                                   NewIndex());
  ASSERT_TRUE(opened.has_value());
  bank_ = std::move(*opened);
  Item item = Note("a", "one");
  item.tags = {"t"};
  Store(item);
  EXPECT_EQ(Read("bare/default/note/a.md"), "one");
  EXPECT_EQ(Sync({.paths = {}, .reread = true}).stored, 0);
  Write("bare/default/note/a.md", "two");
  EXPECT_EQ(Sync().stored, 1);
  EXPECT_EQ(Get("a")->content, "two");
  EXPECT_EQ(Get("a")->tags, std::vector<std::string>{"t"});
  EXPECT_EQ(*bank_->Count({}), 1);
}

TEST_F(MarkdownBankTest, AFolderThatLostAllItsFilesDeletesNothing) {
  Store(Note("a", "one"));
  fs::remove_all(root_ / "default");
  const auto report = bank_->Sync({});
  ASSERT_FALSE(report.has_value());
  EXPECT_THAT(report.error().why, HasSubstr("all of its 1 files are gone"));
  EXPECT_NE(Get("a"), std::nullopt);
}

TEST_F(MarkdownBankTest, UpkeepRemovesWhatNobodyNeeds) {
  Item item = Note("a", "one");
  item.expires = SystemClock().NowMicros() + 20'000;
  Store(item);
  Store(Note("b", "two"));
  fs::create_directories(root_ / "x/y/z");
  Write("x/.levee-temporary-1-1", "left");
  fs::last_write_time(root_ / "x/.levee-temporary-1-1", fs::file_time_type::clock::now() - std::chrono::minutes(5));
  ::usleep(30'000);
  ASSERT_TRUE(bank_->Maintain({}).has_value());
  EXPECT_THAT(Files(), ElementsAre("default/note/b.md"));
  EXPECT_FALSE(fs::exists(root_ / "x/y"));
}

TEST_F(MarkdownBankTest, VerifyComparesFilesWithTheirItems) {
  Store(Note("a", "one"));
  Store(Note("b", "two"));
  Write("default/note/a.md", WriteItemFile(Note("a", "other"), {}));
  fs::remove(root_ / "default/note/b.md");
  EXPECT_THAT(bank_->Verify()->problems,
              ElementsAre(HasSubstr("a.md: its content is not that of the index"), HasSubstr("b.md: the file is gone")));
}

TEST_F(MarkdownBankTest, WithoutItsManifestEveryFileIsReadAgain) {
  Store(Note("a", "one"));
  fs::remove(root_ / ".levee/manifest");
  EXPECT_EQ(Sync().read, 1);
  Write(".levee/manifest", "no manifest");
  EXPECT_EQ(Sync().read, 1);
  EXPECT_EQ(Get("a")->version, 1);
}

}  // namespace
}  // namespace levee::memory
