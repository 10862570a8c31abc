// What every object store must do, run over local disk and over the fake; and what only disks do.
#include "objectstore/object_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "objectstore/file_uri.h"
#include "tests/fakes/memory_object_store.h"

namespace levee::objectstore {
namespace {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    char name[] = "/tmp/levee-objectstore-XXXXXX";
    path_ = std::filesystem::canonical(::mkdtemp(name));
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

class EveryStoreTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam()) {
      store_ = *OpenObjectStore(folder_.path());
    } else {
      store_ = std::make_unique<fakes::MemoryObjectStore>();
    }
  }
  void Put(const std::string& path, const std::string& content) {
    const auto outcome = store_->PutIfAbsent(path, content);
    ASSERT_TRUE(outcome) << outcome.error().ToString();
    ASSERT_EQ(*outcome, PutOutcome::kWritten);
  }
  TemporaryFolder folder_;
  std::unique_ptr<ObjectStore> store_;
};
INSTANTIATE_TEST_SUITE_P(LocalAndFake, EveryStoreTest, testing::Bool());

TEST_P(EveryStoreTest, ListsByBytesAboveAName) {
  for (const char* const name : {"log/b", "log/a", "log/c", "log/deeper/d", "other/x"}) Put(name, "1");
  const auto all = store_->List("log", "");
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ((*all)[0].name, "a");
  EXPECT_EQ((*all)[2].name, "c");
  const auto above = store_->List("log", "a");
  ASSERT_TRUE(above);
  ASSERT_EQ(above->size(), 2u);
  EXPECT_EQ((*above)[0].name, "b");
}

TEST_P(EveryStoreTest, FolderThatIsNotThereIsEmpty) {
  const auto listed = store_->List("nowhere", "");
  ASSERT_TRUE(listed);
  EXPECT_TRUE(listed->empty());
}

TEST_P(EveryStoreTest, StatSaysSizeAndNothingForWhatIsAbsent) {
  Put("log/a", "12345");
  const auto there = store_->Stat("log/a");
  ASSERT_TRUE(there && there->has_value());
  EXPECT_EQ((*there)->name, "a");
  EXPECT_EQ((*there)->size_bytes, 5u);
  EXPECT_FALSE((*there)->etag.empty());
  const auto absent = store_->Stat("log/b");
  ASSERT_TRUE(absent);
  EXPECT_FALSE(absent->has_value());
}

TEST_P(EveryStoreTest, ReadsWholeAndByRange) {
  const std::string content("a\0b\nc", 5);
  Put("f", content);
  EXPECT_EQ(*store_->Read("f"), content);
  EXPECT_EQ(*store_->ReadRange("f", 1, 3), content.substr(1, 3));
  EXPECT_EQ(*store_->ReadRange("f", 5, 0), "");
  const auto beyond = store_->ReadRange("f", 3, 3);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code, ErrorCode::kOutOfRange);
}

TEST_P(EveryStoreTest, ReadingWhatIsAbsentIsNotFound) {
  const auto read = store_->Read("absent");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->ReadRange("absent", 0, 1).error().code, ErrorCode::kNotFound);
}

TEST_P(EveryStoreTest, PutNeverOverwrites) {
  Put("log/a", "first");
  const auto again = store_->PutIfAbsent("log/a", "second");
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, PutOutcome::kAlreadyThere);
  EXPECT_EQ(*store_->Read("log/a"), "first");
}

TEST_P(EveryStoreTest, OneOfManyPutsWins) {
  std::atomic<int> written{0};
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < 8; ++i) {
      writers.emplace_back([&, i] {
        const auto outcome = store_->PutIfAbsent("log/1", std::to_string(i));
        if (outcome && *outcome == PutOutcome::kWritten) ++written;
      });
    }
  }
  EXPECT_EQ(written, 1);
  EXPECT_EQ(store_->List("log", "")->size(), 1u) << "a temporary file was left";
}

TEST_P(EveryStoreTest, PathsNeverLeaveTheRoot) {
  for (const char* const path : {"../x", "a/../../x", "/etc/passwd", "a//b", "a/./b", "..", "a/"}) {
    EXPECT_EQ(store_->Read(path).error().code, ErrorCode::kInvalidArgument) << path;
    EXPECT_EQ(store_->Stat(path).error().code, ErrorCode::kInvalidArgument) << path;
    EXPECT_EQ(store_->List(path, "").error().code, ErrorCode::kInvalidArgument) << path;
    EXPECT_EQ(store_->ReadRange(path, 0, 1).error().code, ErrorCode::kInvalidArgument) << path;
    EXPECT_EQ(store_->PutIfAbsent(path, "x").error().code, ErrorCode::kInvalidArgument) << path;
  }
  EXPECT_FALSE(store_->Read(std::string_view("a\0b", 3)));
}

TEST(LocalObjectStoreTest, EtagChangesWithTheContent) {
  const TemporaryFolder folder;
  const auto store = *OpenObjectStore(folder.path());
  std::ofstream(folder.path() + "/f") << "one";
  const std::string before = (*store->Stat("f"))->etag;
  EXPECT_EQ((*store->Stat("f"))->etag, before);
  std::filesystem::remove(folder.path() + "/f");
  std::ofstream(folder.path() + "/f") << "other";
  EXPECT_NE((*store->Stat("f"))->etag, before);
}

TEST(LocalObjectStoreTest, FolderIsNoObject) {
  const TemporaryFolder folder;
  const auto store = *OpenObjectStore(folder.path());
  std::filesystem::create_directory(folder.path() + "/d");
  EXPECT_FALSE(store->Stat("d")->has_value());
  EXPECT_EQ(store->Read("d").error().code, ErrorCode::kIo);
  EXPECT_EQ(store->PutIfAbsent("", "x").error().code, ErrorCode::kInvalidArgument);
}

TEST(LocalObjectStoreTest, UnwritableFolderIsAnError) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const TemporaryFolder folder;
  const auto store = *OpenObjectStore(folder.path());
  ::chmod(folder.path().c_str(), 0500);
  EXPECT_EQ(store->PutIfAbsent("f", "x").error().code, ErrorCode::kIo);
  ::chmod(folder.path().c_str(), 0700);
}

TEST(OpenObjectStoreTest, RefusesUnknownSchemesByName) {
  for (const auto& [uri, why] :
       std::vector<std::pair<std::string, std::string>>{{"hdfs://name/t", "hdfs is not built in"},
                                                        {"HTTPS://b/t", "https is not built in"},
                                                        {"ftp://c@a/t", "ftp is"}}) {
    const auto store = OpenObjectStore(uri);
    ASSERT_FALSE(store) << uri;
    EXPECT_EQ(store.error().code, ErrorCode::kUnsupported);
    EXPECT_NE(store.error().why.find(why), std::string::npos) << store.error().why;
    EXPECT_EQ(CanonicalTableUri(uri).error().code, ErrorCode::kUnsupported);
  }
}

TEST(CanonicalTableUriTest, EverySpellingOfAFolderIsOne) {
  const TemporaryFolder folder;
  const std::string table = folder.path() + "/a b%";
  std::filesystem::create_directory(table);
  std::filesystem::create_directory_symlink(table, folder.path() + "/link");
  const std::string uri = "file://" + folder.path() + "/a%20b%25";
  for (const std::string& spelling :
       {table, table + "/", table + "//", uri, "file:" + uri.substr(7), "file://localhost" + uri.substr(7),
        folder.path() + "/x/../a b%", folder.path() + "/link", "FILE://" + uri.substr(7)}) {
    const auto canonical = CanonicalTableUri(spelling);
    ASSERT_TRUE(canonical) << spelling;
    EXPECT_EQ(*canonical, uri) << spelling;
  }
  EXPECT_EQ((*OpenObjectStore(uri))->local_root(), table);
  EXPECT_EQ((*OpenObjectStore(table))->uri(), uri);
}

TEST(CanonicalTableUriTest, RelativeAndMissingPathsBecomeAbsolute) {
  const auto canonical = CanonicalTableUri("no-such-folder-of-levee/t");
  ASSERT_TRUE(canonical);
  EXPECT_EQ(*canonical, FileUri(std::filesystem::current_path().string() + "/no-such-folder-of-levee/t"));
}

TEST(CanonicalTableUriTest, RefusesWhatIsNoPath) {
  for (const char* const path : {"", "file://host/x", "file:///a%zz", "file:///a%0", "file:///a%00b"}) {
    const auto canonical = CanonicalTableUri(path);
    ASSERT_FALSE(canonical) << path;
    EXPECT_EQ(canonical.error().code, ErrorCode::kInvalidArgument) << path;
  }
}

TEST(MemoryObjectStoreTest, HookMakesOperationsFail) {
  fakes::MemoryObjectStore store;
  store.Put("a", "1");
  store.set_hook([](fakes::Operation operation, std::string_view) -> Status {
    if (operation == fakes::Operation::kRead) return Fail(ErrorCode::kUnavailable, "a", "injected");
    return {};
  });
  EXPECT_EQ(store.Read("a").error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(store.Stat("a")->has_value());
  EXPECT_EQ(store.calls(fakes::Operation::kRead), 1);
}

}  // namespace
}  // namespace levee::objectstore
