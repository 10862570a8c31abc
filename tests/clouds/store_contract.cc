// What every object store must do, over a real server: LEVEE_TEST_STORE names an empty place in it. The server or a proxy
// before it may harm requests for names that say so: see cloud_case.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "base/cancellation.h"
#include "objectstore/http/http_options.h"
#include "objectstore/object_store.h"

namespace levee::objectstore {
namespace {

std::unique_ptr<ObjectStore> OpenAt(const std::string& folder) {
  const char* const place = std::getenv("LEVEE_TEST_STORE");
  auto store = OpenObjectStore(std::string(place == nullptr ? "unset:/" : place) + "/" + folder);
  EXPECT_TRUE(store) << store.error().ToString();
  return store ? std::move(*store) : nullptr;
}

void Put(ObjectStore& store, const std::string& path, const std::string& content) {
  const auto outcome = store.PutIfAbsent(path, content);
  ASSERT_TRUE(outcome) << outcome.error().ToString();
  ASSERT_EQ(*outcome, PutOutcome::kWritten);
}

std::string Names(const std::vector<ObjectInfo>& objects) {
  std::string names;
  for (const ObjectInfo& object : objects) names += (names.empty() ? "" : " ") + object.name;
  return names;
}

TEST(CloudStoreTest, ListsByBytesAboveAName) {
  const auto store = OpenAt("lists");
  for (const char* const name : {"log/b", "log/a", "log/c", "log/deeper/d", "other/x"}) Put(*store, name, "1");
  const auto all = store->List("log", "");
  ASSERT_TRUE(all) << all.error().ToString();
  EXPECT_EQ(Names(*all), "a b c");
  EXPECT_EQ(Names(*store->List("log", "a")), "b c");
  EXPECT_EQ(Names(*store->List("log", "a~")), "b c");
  EXPECT_EQ(Names(*store->List("log", "c")), "");
  const auto page = store->ListPage("log", "a");
  ASSERT_TRUE(page);
  EXPECT_EQ(Names(page->objects), "b c");
  EXPECT_TRUE(page->complete);
  const auto nowhere = store->List("nowhere", "");
  ASSERT_TRUE(nowhere) << nowhere.error().ToString();
  EXPECT_TRUE(nowhere->empty());
}

TEST(CloudStoreTest, AListAndAStatSayTheSame) {
  const auto store = OpenAt("stats");
  Put(*store, "log/a", "12345");
  const auto listed = store->List("log", "");
  ASSERT_TRUE(listed && listed->size() == 1);
  const auto there = store->Stat("log/a");
  ASSERT_TRUE(there && there->has_value());
  EXPECT_EQ((*there)->name, "a");
  EXPECT_EQ((*there)->size_bytes, 5u);
  EXPECT_EQ((*listed)[0].size_bytes, 5u);
  EXPECT_FALSE((*there)->etag.empty());
  EXPECT_EQ((*listed)[0].etag, (*there)->etag);
  EXPECT_EQ((*listed)[0].modified_ms / 1000, (*there)->modified_ms / 1000);
  EXPECT_GT((*there)->modified_ms, 1'700'000'000'000);
  const auto absent = store->Stat("log/b");
  ASSERT_TRUE(absent) << absent.error().ToString();
  EXPECT_FALSE(absent->has_value());
}

TEST(CloudStoreTest, ReadsWholeAndByRange) {
  const auto store = OpenAt("reads");
  std::string content;
  for (int i = 0; i < 100'000; ++i) content += std::to_string(i);
  Put(*store, "a", content);
  Put(*store, "empty", "");
  EXPECT_EQ(*store->Read("a"), content);
  EXPECT_EQ(*store->Read("empty"), "");
  EXPECT_EQ(*store->ReadRange("a", 1000, 50), content.substr(1000, 50));
  EXPECT_EQ(*store->ReadRange("a", 0, 1), "0");
  EXPECT_EQ(*store->ReadRange("a", content.size() - 3, 3), content.substr(content.size() - 3));
  EXPECT_EQ(*store->ReadRange("a", 5, 0), "");
  EXPECT_EQ(store->ReadRange("a", content.size() - 3, 4).error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(store->ReadRange("a", content.size() + 10, 4).error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(store->Read("gone").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store->ReadRange("gone", 0, 4).error().code, ErrorCode::kNotFound);
}

TEST(CloudStoreTest, NamesMayHoldWhatUrlsMayNot) {
  const auto store = OpenAt("names of%20all");
  for (const std::string name : {"a b", "a+b", "a%20b", "\xC3\xA9", "x=1&y=2", "q?#", "a'b(c)*!~"}) {
    Put(*store, "d/" + name, name);
    EXPECT_EQ(*store->Read("d/" + name), name);
    const auto there = store->Stat("d/" + name);
    EXPECT_TRUE(there && there->has_value()) << name;
  }
  const auto listed = store->List("d", "");
  ASSERT_TRUE(listed) << listed.error().ToString();
  EXPECT_EQ(listed->size(), 7u) << Names(*listed);
  EXPECT_EQ(Names(*store->List("d", "q")), "q?# x=1&y=2 \xC3\xA9");
}

TEST(CloudStoreTest, PutNeverOverwrites) {
  const auto store = OpenAt("puts");
  Put(*store, "log/a", "first");
  EXPECT_EQ(*store->PutIfAbsent("log/a", "second"), PutOutcome::kAlreadyThere);
  EXPECT_EQ(*store->PutIfAbsent("log/a", "first"), PutOutcome::kAlreadyThere);
  EXPECT_EQ(*store->Read("log/a"), "first");
}

TEST(CloudStoreTest, OneOfManyPutsWins) {
  const auto store = OpenAt("races");
  for (int round = 0; round < 5; ++round) {
    std::atomic<int> won{0}, failed{0};
    std::vector<std::string> contents(8);
    std::string winner;
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
          const auto outcome = store->PutIfAbsent("log/" + std::to_string(round), "writer " + std::to_string(i));
          if (!outcome) {
            ++failed;
            ADD_FAILURE() << outcome.error().ToString();
          } else if (*outcome == PutOutcome::kWritten) {
            ++won;
            winner = "writer " + std::to_string(i);
          }
        });
      }
    }
    EXPECT_EQ(won, 1);
    EXPECT_EQ(failed, 0);
    EXPECT_EQ(*store->Read("log/" + std::to_string(round)), winner);
  }
}

// The proxy passes the first put of such a name on and loses its answer.
TEST(CloudStoreTest, AWriterWhoseAnswerWasLostKnowsItsOwnObject) {
  if (std::getenv("LEVEE_TEST_FAULTS") == nullptr) GTEST_SKIP() << "no proxy that loses answers";
  const auto store = OpenAt("lost");
  for (const char* const name : {"log/answered-500-after", "log/dropped-after"}) {
    EXPECT_EQ(*store->PutIfAbsent(name, "content"), PutOutcome::kWritten) << name;
    EXPECT_EQ(*store->Read(name), "content");
    EXPECT_EQ(*store->PutIfAbsent(name, "content"), PutOutcome::kAlreadyThere) << name;
  }
}

// There the proxy fails the first put before it gets anywhere, and another writer comes first, with equal content.
TEST(CloudStoreTest, AnotherWritersEqualContentIsNotItsOwn) {
  if (std::getenv("LEVEE_TEST_FAULTS") == nullptr) GTEST_SKIP() << "no proxy that loses requests";
  const auto store = OpenAt("lost");
  std::jthread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_EQ(*OpenAt("lost")->PutIfAbsent("log/stalled-before", "content"), PutOutcome::kWritten);
  });
  EXPECT_EQ(*store->PutIfAbsent("log/stalled-before", "content"), PutOutcome::kAlreadyThere);
}

TEST(CloudStoreTest, PathsNeverLeaveTheRoot) {
  const auto store = OpenAt("roots");
  for (const char* const path : {"../a", "a/../../b", "/a", "a//b", "."}) {
    EXPECT_EQ(store->Read(path).error().code, ErrorCode::kInvalidArgument) << path;
    EXPECT_EQ(store->PutIfAbsent(path, "x").error().code, ErrorCode::kInvalidArgument) << path;
  }
}

TEST(CloudStoreTest, ACancelledRequestEnds) {
  const auto store = OpenAt("cancelled");
  Cancellation cancellation(SystemClock());
  cancellation.Cancel();
  const CancellationScope scope(cancellation);
  EXPECT_EQ(store->Read("a").error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace levee::objectstore
