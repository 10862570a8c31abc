// A power cut: files of acknowledged writes are lost, cut short or as they were before, and the machine starts anew.
#include "memory/markdown/unsynced_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "memory/markdown/markdown_bank.h"
#include "tests/fakes/plain_bank/plain_bank.h"

namespace levee::memory {
namespace {

namespace fs = std::filesystem;

class UnsyncedFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "levee-unsynced-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
    Open("first-boot");
  }
  void TearDown() override {
    bank_.reset();
    fs::remove_all(root_);
  }

  // With the index of before. Nothing is synced but when opening.
  void Open(const std::string& boot) {
    bank_.reset();
    auto opened = MarkdownBank::Open({.folder = {.path = root_.string(), .sync = FileSync::kLater, .layout = {.folders = {}, .name = "{id}"}},
                                      .sync_interval_ms = 3'600'000,
                                      .boot = boot},
                                     std::make_unique<ForwardingBank>(index_));
    ASSERT_TRUE(opened.has_value()) << opened.error().ToString();
    bank_ = std::move(*opened);
  }
  void Store(const std::string& id, const std::string& content) {
    ASSERT_TRUE(bank_->Store({{.item = {.id = id, .category = "c", .content = content}}}, {}).has_value());
  }
  std::string Content(std::string_view id) {
    const std::optional<Item> item = *bank_->Get(id, {});
    return item ? item->content : "";
  }
  fs::path File(const std::string& id) const { return root_ / (id + ".md"); }
  std::string Text(const std::string& id) const {
    std::ifstream file(File(id), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void Overwrite(const std::string& id, const std::string& text) { std::ofstream(File(id), std::ios::binary) << text; }
  // As if all had been written long before the last sync of the folder.
  void SyncLater() {
    std::ofstream(root_ / ".levee/synced") << "first-boot " << SystemClock().NowMicros() + 3'600'000'000 << "\n";
  }
  // Index and files say the same of each item, and nothing else is in the folder.
  void ExpectAgreement(std::size_t files) {
    const auto report = bank_->Verify();
    ASSERT_TRUE(report.has_value());
    EXPECT_THAT(report->problems, testing::IsEmpty());
    std::size_t there = 0;
    for (const auto& entry : fs::directory_iterator(root_)) there += entry.path().extension() == ".md" ? 1 : 0;
    EXPECT_EQ(there, files);
  }

  fs::path root_;
  fakes::PlainBank index_{fakes::PlainBankOptions(), SystemClock()};
  std::unique_ptr<MarkdownBank> bank_;
};

TEST_F(UnsyncedFiles, AreWrittenAgainWhenTheyAreMissingEmptyOrZeros) {
  for (const char* id : {"missing", "empty", "zeros", "sound"}) Store(id, std::string("the text of ") + id);
  fs::remove(File("missing"));
  Overwrite("empty", "");
  Overwrite("zeros", std::string(fs::file_size(File("zeros")), '\0'));
  Open("second-boot");
  EXPECT_EQ(bank_->opened().restored, 3);
  for (const char* id : {"missing", "empty", "zeros", "sound"}) {
    EXPECT_EQ(Content(id), std::string("the text of ") + id);
    EXPECT_THAT(Text(id), testing::HasSubstr(std::string("the text of ") + id));
  }
  ExpectAgreement(4);
}

TEST_F(UnsyncedFiles, AreWrittenAgainThoughTheManifestIsLostToo) {
  for (const char* id : {"missing", "empty"}) Store(id, std::string("the text of ") + id);
  fs::remove(File("missing"));
  Overwrite("empty", "");
  fs::remove(root_ / ".levee/manifest");
  Open("second-boot");
  EXPECT_THAT(Text("missing"), testing::HasSubstr("the text of missing"));
  EXPECT_THAT(Text("empty"), testing::HasSubstr("the text of empty"));
  ExpectAgreement(2);
}

TEST_F(UnsyncedFiles, BecomeTheNewestVersionWhereAnOlderOneCameBack) {
  Store("a", "first");
  const std::string first = Text("a");
  Store("a", "second");
  Overwrite("a", first);
  Open("second-boot");
  EXPECT_EQ(Content("a"), "second");
  EXPECT_THAT(Text("a"), testing::HasSubstr("second"));
  ExpectAgreement(1);
}

TEST_F(UnsyncedFiles, GoWhereTheirItemWasDeleted) {
  Store("a", "first");
  Store("b", "stays");
  const std::string first = Text("a");
  ASSERT_TRUE(bank_->Delete({{.id = "a"}}, {}).has_value());
  Overwrite("a", first);
  Open("second-boot");
  EXPECT_EQ(Content("a"), "");
  EXPECT_FALSE(fs::exists(File("a")));
  ExpectAgreement(1);
}

TEST_F(UnsyncedFiles, KeepTheEditsOfPeople) {
  Store("a", "first");
  std::string edited = Text("a");
  edited.replace(edited.find("first"), 5, "edited");
  Overwrite("a", edited);
  Open("second-boot");
  EXPECT_EQ(bank_->opened().restored, 0);
  EXPECT_EQ(Content("a"), "edited");
}

TEST_F(UnsyncedFiles, LeaveFilesThatHoldNoItemToPeople) {
  Store("a", "first");
  Overwrite("broken", "---\nid: [\n---\ntext");
  Overwrite("long", "");
  fs::resize_file(File("long"), ItemFolderOptions().file_limit_bytes + 1);
  fs::remove(File("a"));
  Open("second-boot");
  EXPECT_EQ(bank_->opened().restored, 1);
  EXPECT_EQ(bank_->opened().problems.size(), 2);
  EXPECT_THAT(Text("a"), testing::HasSubstr("first"));
  EXPECT_TRUE(fs::exists(File("broken")) && fs::exists(File("long")));
}

TEST_F(UnsyncedFiles, AreLeftAloneWhereTheMachineNeverWentDown) {
  Store("a", "first");
  Store("b", "stays");
  const std::string first = Text("a");
  Store("a", "second");
  Overwrite("a", first);
  Open("first-boot");
  EXPECT_EQ(Content("a"), "first");  // somebody put it back
}

TEST_F(UnsyncedFiles, AreThoseOfWritesSinceTheLastSyncAlone) {
  Store("a", "first");
  Store("b", "stays");
  const std::string first = Text("a");
  Store("a", "second");
  Store("c", "deleted by hand");
  SyncLater();
  Overwrite("a", first);
  fs::remove(File("c"));
  Open("second-boot");
  EXPECT_EQ(bank_->opened().restored, 0);
  EXPECT_EQ(Content("a"), "first");
  EXPECT_EQ(Content("c"), "");
}

TEST_F(UnsyncedFiles, LeaveAMarkOfThisBoot) {
  const auto mark = [&] {
    const auto folder = Folder::Open(root_.string(), false);
    return ReadSyncedMark(**folder)->value_or(SyncedMark{});
  };
  EXPECT_EQ(mark().boot, "first-boot");
  const std::int64_t first = mark().synced_us;
  EXPECT_GT(first, 0);
  Store("a", "first");
  Open("second-boot");
  EXPECT_EQ(mark().boot, "second-boot");
  EXPECT_GT(mark().synced_us, first);
}

}  // namespace
}  // namespace levee::memory
