#include "memory/markdown/markdown_setup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/fakes/plain_bank/plain_bank.h"

namespace levee::memory {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// Each setting is set, and what it changes in the folder is looked at.
class MarkdownSetupTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "levee-settings-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
    flags_["memory_markdown"] = (root_ / "memory").string();
  }
  void TearDown() override {
    bank_.reset();
    fs::remove_all(root_);
  }

  Status Open() {
    const auto settings = settings::Settings::Load(
        {.flags = flags_, .config_file = {}, .environment = [](const std::string&) { return std::optional<std::string>(); }});
    if (!settings) return std::unexpected(settings.error());
    auto index = std::make_unique<fakes::PlainBank>(fakes::PlainBankOptions(), SystemClock());
    const auto setup = MarkdownSetupFrom(*settings);
    if (!setup) return std::unexpected(setup.error());
    auto bank = OpenMarkdownBank(**setup, std::move(index), [this](const std::string& note) { notes_.push_back(note); });
    if (!bank) return std::unexpected(bank.error());
    bank_ = std::move(*bank);
    return {};
  }
  // The path of the only file, once an item was stored under those settings, and its text.
  std::pair<std::string, std::string> FileWith(std::map<std::string, std::string> flags) {
    bank_.reset();
    fs::remove_all(root_ / "memory");
    flags_.merge(flags);
    const Status opened = Open();
    EXPECT_TRUE(opened.has_value()) << (opened ? "" : opened.error().ToString());
    if (!opened) return {};
    const Item item{.id = "id-1", .name_space = "team/x", .category = "note", .content = "# Late orders and a long head\n",
                    .created = 1'706'702'400'000'000};
    EXPECT_TRUE(bank_->Store({{.item = item, .expected_version = {}}}, {}).has_value());
    for (const auto& [key, value] : flags) flags_.erase(key);
    for (const auto& entry : fs::recursive_directory_iterator(root_ / "memory")) {
      if (entry.path().extension() != ".md") continue;
      std::ifstream file(entry.path());
      return {fs::relative(entry.path(), root_ / "memory").string(), {std::istreambuf_iterator<char>(file), {}}};
    }
    return {};
  }
  // Whether a file that comes is taken over within that time.
  bool TakesOver(const std::string& name, int limit_ms) {
    std::ofstream(root_ / "memory" / name) << "text";
    for (int waited = 0; waited < limit_ms; waited += 5) {
      if (*bank_->Count({}) > 0) return true;
      ::usleep(5'000);
    }
    return false;
  }

  fs::path root_;
  std::map<std::string, std::string> flags_;
  std::vector<std::string> notes_;
  std::unique_ptr<MemoryBank> bank_;
};

TEST_F(MarkdownSetupTest, FoldersAndNames) {
  EXPECT_EQ(FileWith({}).first, "team/x/note/late-orders-and-a-long-head-id1.md");
  flags_["memory_markdown_naming"] = "id";
  EXPECT_EQ(FileWith({}).first, "team/x/note/id-1.md");
  flags_["memory_markdown_folders"] = "category,year,month";
  EXPECT_EQ(FileWith({}).first, "note/2024/01/id-1.md");
  flags_["memory_markdown_depth"] = "1";
  EXPECT_EQ(FileWith({}).first, "note/id-1.md");
  flags_["memory_markdown_folders"] = "none";
  flags_["memory_markdown_naming"] = "slug";
  flags_["memory_markdown_name_limit"] = "16";
  EXPECT_EQ(FileWith({}).first, "late-orders-and.md");
}

TEST_F(MarkdownSetupTest, HeadsAndContents) {
  EXPECT_THAT(FileWith({}).second, testing::StartsWith("---\nid: id-1\n"));
  flags_["memory_markdown_contents"] = "on";
  EXPECT_THAT(FileWith({}).second, HasSubstr("- [Late orders and a long head]"));
  flags_["memory_markdown_front_matter"] = "json";
  EXPECT_THAT(FileWith({}).second, testing::StartsWith("---json\n"));
  flags_["memory_markdown_front_matter"] = "toml";
  EXPECT_THAT(FileWith({}).second, testing::StartsWith("+++\n"));
  flags_["memory_markdown_front_matter"] = "none";
  flags_["memory_markdown_contents"] = "off";
  EXPECT_EQ(FileWith({}).second, "# Late orders and a long head\n");
}

TEST_F(MarkdownSetupTest, Watching) {
  ASSERT_TRUE(Open().has_value());
  EXPECT_TRUE(TakesOver("a.md", 1'000));
  bank_.reset();
  fs::remove_all(root_ / "memory");
  flags_["memory_markdown_watch"] = "off";
  ASSERT_TRUE(Open().has_value());
  EXPECT_FALSE(TakesOver("a.md", 500));
  bank_.reset();
  flags_["memory_markdown_watch"] = "polling";
  flags_["memory_markdown_poll_interval"] = "20ms";
  fs::remove_all(root_ / "memory");
  ASSERT_TRUE(Open().has_value());
  EXPECT_TRUE(TakesOver("a.md", 1'000));
}

TEST_F(MarkdownSetupTest, LookingAgain) {
  flags_["memory_markdown_rescan_interval"] = "20ms";
  ASSERT_TRUE(Open().has_value());
  // No event tells of a file that is made by linking it.
  std::ofstream(root_ / "elsewhere") << "text";
  fs::create_hard_link(root_ / "elsewhere", root_ / "memory/a.md");
  for (int i = 0; i < 200 && *bank_->Count({}) == 0; ++i) ::usleep(5'000);
  EXPECT_EQ(*bank_->Count({}), 1);
}

TEST_F(MarkdownSetupTest, Git) {
  const auto commits = [&] {
    std::size_t count = 0;
    std::ifstream log(root_ / "memory/.git/logs/HEAD");
    for (std::string line; std::getline(log, line);) ++count;
    return count;
  };
  flags_["memory_markdown_git"] = "each";
  const Status refused = Open();
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().ToString(), HasSubstr("it is in no git repository"));
  flags_["memory_markdown_git_init"] = "on";
  FileWith({});
  EXPECT_EQ(commits(), 1u);
  flags_["memory_markdown_git"] = "batched";
  FileWith({});
  EXPECT_EQ(commits(), 0u);
  bank_.reset();
  EXPECT_EQ(commits(), 1u);
  flags_["memory_markdown_git_interval"] = "50ms";
  FileWith({});
  for (int i = 0; i < 400 && commits() == 0; ++i) ::usleep(5'000);
  EXPECT_EQ(commits(), 1u);
}

TEST_F(MarkdownSetupTest, TellsOfFilesThatHoldNoItem) {
  flags_["memory_markdown_watch"] = "off";
  fs::create_directories(root_ / "memory");
  for (int i = 0; i < 13; ++i) std::ofstream(root_ / "memory" / (std::to_string(i) + ".md")) << "---\na: [\n---\nx";
  ASSERT_TRUE(Open().has_value());
  ASSERT_EQ(notes_.size(), 11u);
  EXPECT_THAT(notes_[0], HasSubstr("0.md, front matter, line 3"));
  EXPECT_EQ(notes_[10], "3 more files hold no item");
}

TEST_F(MarkdownSetupTest, WithoutAFolderThereIsNoSetup) {
  const auto settings = settings::Settings::Load(
      {.flags = {}, .config_file = {}, .environment = [](const std::string&) { return std::optional<std::string>(); }});
  ASSERT_TRUE(settings.has_value());
  EXPECT_FALSE(MarkdownSetupFrom(*settings)->has_value());
}

TEST_F(MarkdownSetupTest, WhatCannotBeIsRefused) {
  for (const auto& [key, value] : std::map<std::string, std::string>{{"memory_markdown_folders", "week"},
                                                                     {"memory_markdown_naming", "../{id}"},
                                                                     {"memory_markdown_front_matter", "xml"},
                                                                     {"memory_markdown_name_limit", "4"}}) {
    flags_[key] = value;
    EXPECT_FALSE(Open().has_value()) << key;
    flags_.erase(key);
  }
}

TEST_F(MarkdownSetupTest, GarbageIsCollectedEverySoOften) {
  const fs::path left = root_ / "memory/x/.levee-temporary-1-1";
  const auto goes = [&] {
    fs::create_directories(left.parent_path());
    std::ofstream(left) << "left";
    fs::last_write_time(left, fs::file_time_type::clock::now() - std::chrono::minutes(5));
    for (int i = 0; i < 200 && fs::exists(left); ++i) ::usleep(5'000);
    return !fs::exists(left);
  };
  ASSERT_TRUE(Open().has_value());
  EXPECT_FALSE(goes());
  bank_.reset();
  flags_["memory_markdown_gc_interval"] = "10ms";
  ASSERT_TRUE(Open().has_value());
  EXPECT_TRUE(goes());
  bank_.reset();
  EXPECT_TRUE(notes_.empty());
}

}  // namespace
}  // namespace levee::memory
