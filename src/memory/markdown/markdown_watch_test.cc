#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "memory/markdown/git_repository.h"
#include "memory/markdown/markdown_bank.h"
#include "tests/fakes/plain_bank/plain_bank.h"

namespace levee::memory {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class LiveFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "levee-live-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override {
    bank_.reset();
    fs::remove_all(root_);
  }

  void Open(std::unique_ptr<FolderListener> listener = nullptr) {
    auto index = std::make_unique<fakes::PlainBank>(fakes::PlainBankOptions(), SystemClock());
    auto opened = MarkdownBank::Open({.folder = {.path = root_.string(), .layout = {.folders = {}, .name = "{id}"}},
                                      .listener = std::move(listener)},
                                     std::move(index));
    ASSERT_TRUE(opened.has_value()) << opened.error().ToString();
    bank_ = std::move(*opened);
  }
  void Write(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary) << text;
  }
  void Store(std::string id, std::string content) {
    const auto written = bank_->Store({{.item = {.id = std::move(id), .category = "c", .content = std::move(content)}}}, {});
    ASSERT_TRUE(written.has_value()) << written.error().ToString();
  }
  // Whether the item comes to have that content (none: goes) within a second, which is the promise.
  bool ComesToHave(std::string_view id, const std::optional<std::string>& content) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    while (std::chrono::steady_clock::now() < end) {
      const std::optional<Item> item = *bank_->Get(id, {});
      if (item.has_value() == content.has_value() && (!item || item->content == *content)) return true;
      ::usleep(2'000);
    }
    return false;
  }
  std::string Git(const std::string& words) {
    const std::string command = "git -C " + root_.string() + " " + words + " 2>&1";
    FILE* pipe = ::popen(command.c_str(), "r");
    std::string output;
    char buffer[4096];
    while (const std::size_t size = std::fread(buffer, 1, sizeof(buffer), pipe)) output.append(buffer, size);
    ::pclose(pipe);
    return output;
  }

  fs::path root_;
  std::unique_ptr<MarkdownBank> bank_;
};

class WatchTest : public LiveFolderTest, public testing::WithParamInterface<bool> {};

TEST_P(WatchTest, TakesEditsWithinASecond) {
  Open();
  Store("a", "one");
  Store("b", "two");
  bank_->Watch({.use_events = GetParam(), .poll_ms = 200}, {});
  Write("new.md", "text");
  EXPECT_TRUE(ComesToHave("new", "text"));
  Write("new.md", "other text");
  EXPECT_TRUE(ComesToHave("new", "other text"));
  Write("deep/er/folder/x.md", "in a new folder");
  EXPECT_TRUE(ComesToHave("deep/er/folder/x", "in a new folder"));
  Write("deep/er/folder/y.md", "in a folder by now known");
  EXPECT_TRUE(ComesToHave("deep/er/folder/y", "in a folder by now known"));
  fs::rename(root_ / "new.md", root_ / "renamed.md");
  EXPECT_TRUE(ComesToHave("renamed", "other text"));
  EXPECT_TRUE(ComesToHave("new", std::nullopt));
  fs::remove(root_ / "b.md");
  EXPECT_TRUE(ComesToHave("b", std::nullopt));
  // As editors save: a file beside it is renamed over it.
  Write(".a.swp", "written beside");
  fs::rename(root_ / ".a.swp", root_ / "a.md");
  EXPECT_TRUE(ComesToHave("a", "written beside"));
}

INSTANTIATE_TEST_SUITE_P(EventsAndPolls, WatchTest, testing::Bool());

TEST_F(LiveFolderTest, LooksAtAllOfItNowAndThen) {
  Open();
  Write("a.md", "before the watch");
  bank_->Watch({.rescan_ms = 50}, {});
  EXPECT_TRUE(ComesToHave("a", "before the watch"));
}

TEST_F(LiveFolderTest, AFileThatCannotBeReadIsTold) {
  Open();
  std::mutex mutex;
  std::vector<std::string> problems;
  bank_->Watch({}, [&](const Result<SyncReport>& report) {
    const std::lock_guard lock(mutex);
    if (report) problems.insert(problems.end(), report->problems.begin(), report->problems.end());
  });
  Write("bad.md", "---\na: [\n---\nx");
  for (int i = 0; i < 500; ++i) {
    const std::lock_guard lock(mutex);
    if (!problems.empty()) break;
    ::usleep(2'000);
  }
  bank_.reset();
  ASSERT_FALSE(problems.empty());
  EXPECT_THAT(problems[0], HasSubstr("bad.md, front matter, line 3"));
}

TEST_F(LiveFolderTest, EachWriteIsACommit) {
  auto git = GitRepository::Open(root_.string(), {.init = true});
  ASSERT_TRUE(git.has_value()) << git.error().ToString();
  Open(std::move(*git));
  Store("a", "one");
  Store("a\n--exec=x", "hostile");
  ASSERT_TRUE(bank_->Delete({{.id = "a"}}, {}).has_value());
  Write("by hand.md", "text");
  ASSERT_TRUE(bank_->Sync({}).has_value());
  EXPECT_EQ(Git("log --reverse --format=%s"),
            "levee: store a\nlevee: store a --exec=x\nlevee: delete a\nlevee: take over 1 files\n");
  EXPECT_EQ(Git("status --porcelain"), "");
  EXPECT_THAT(Git("show HEAD~3:a.md"), HasSubstr("one"));
}

TEST_F(LiveFolderTest, WritesOfATimeAreOneCommit) {
  auto git = GitRepository::Open(root_.string(), {.init = true, .batch_ms = 60'000});
  ASSERT_TRUE(git.has_value()) << git.error().ToString();
  Open(std::move(*git));
  for (int i = 0; i < 20; ++i) Store("n" + std::to_string(i), "text");
  ASSERT_TRUE(bank_->Delete({{.id = "n3"}}, {}).has_value());
  bank_.reset();
  EXPECT_THAT(Git("log --format=%s"), testing::StartsWith("levee: 21 writes: store n0, store n1"));
  EXPECT_EQ(Git("ls-files | wc -l"), "19\n");
}

TEST_F(LiveFolderTest, ManyFilesOfACommitAreOnePack) {
  auto git = GitRepository::Open(root_.string(), {.init = true, .batch_ms = 60'000});
  ASSERT_TRUE(git.has_value()) << git.error().ToString();
  Open(std::move(*git));
  for (int i = 0; i < 100; ++i) Store("n" + std::to_string(i), "text " + std::to_string(i));
  bank_.reset();
  EXPECT_EQ(Git("ls-files | wc -l"), "100\n");
  EXPECT_EQ(Git("count-objects -v | grep -c '^packs: 1$'"), "1\n");
  EXPECT_THAT(Git("show HEAD:n42.md"), HasSubstr("text 42"));
  EXPECT_EQ(Git("fsck --strict 2>&1 | grep -c -i error"), "0\n");
}

TEST_F(LiveFolderTest, ARepositoryThatIgnoresTheFolderIsNotMeant) {
  auto around = GitRepository::Open(root_.string(), {.init = true});
  ASSERT_TRUE(around.has_value());
  around->reset();
  Write(".gitignore", "built\n");
  fs::create_directories(root_ / "built" / "notes");
  const std::string inside = (root_ / "built" / "notes").string();
  const auto refused = GitRepository::Open(inside, {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().why, HasSubstr("the one around it ignores the folder"));
  ASSERT_TRUE(GitRepository::Open(inside, {.init = true}).has_value());
  EXPECT_TRUE(fs::is_directory(inside + "/.git"));
}

TEST_F(LiveFolderTest, WithoutARepositoryGitIsRefused) {
  const auto git = GitRepository::Open(root_.string(), {});
  ASSERT_FALSE(git.has_value());
  EXPECT_EQ(git.error().detail, "STORAGE_ERROR");
  EXPECT_THAT(git.error().why, HasSubstr("it is in no git repository"));
  const auto none = GitRepository::Open(root_.string(), {.program = "levee-no-such-program"});
  EXPECT_THAT(none.error().why, HasSubstr("starting it"));
}

TEST_F(LiveFolderTest, ACommitThatFailsIsMadeWithTheNext) {
  std::vector<std::string> notes;
  auto git = GitRepository::Open(root_.string(), {.init = true, .on_note = [&](const std::string& note) { notes.push_back(note); }});
  ASSERT_TRUE(git.has_value());
  Open(std::move(*git));
  Write(".git/index.lock", "");
  Store("a", "one");
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_THAT(notes[0], HasSubstr("git update-index"));
  fs::remove(root_ / ".git/index.lock");
  Store("b", "two");
  EXPECT_EQ(Git("log --format=%s"), "levee: 2 writes: store a, store b\n");
  EXPECT_EQ(notes.size(), 1u);
}

TEST(ChildProcess, IsEndedWhenItTakesTooLong) {
  const auto result = RunChild({"sleep", "10"}, {.input = {}, .without = {}, .limit_ms = 50});
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(result.error().why, HasSubstr("longer than 50 ms"));
}

}  // namespace
}  // namespace levee::memory
