#include "delta/commit_reader.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

#include "base/hash.h"
#include "tests/fakes/memory_object_store.h"

namespace levee::delta {
namespace {

TEST(ParseCommitTest, ParsesEveryKindOfAction) {
  const std::string text =
      R"({"commitInfo":{"timestamp":5,"inCommitTimestamp":1700000000123,"operation":"WRITE"}})"
      "\r\n\n"
      R"({"protocol":{"minReaderVersion":1,"minWriterVersion":2}})"
      "\n"
      R"({"metaData":{"id":"x" , "schemaString":""}})"
      "\n"
      R"({"txn":{"appId":"app","version":3}})"
      "\n"
      R"({"domainMetadata":{"domain":"d","configuration":"{}","removed":true}})"
      "\n"
      R"({"add":{"path":"a%20b","partitionValues":{"p":"1","q":null},"size":10,"modificationTime":20,"dataChange":true,)"
      R"("stats":"{\"numRecords\":1}","tags":{"t": "u"},"baseRowId":4,"defaultRowCommitVersion":5,)"
      R"("clusteringProvider":"liquid","deletionVector":{"storageType":"u","pathOrInlineDv":"x","offset":1,)"
      R"("sizeInBytes":2,"cardinality":3},"future":{"k":1.50},"other":null}})"
      "\n"
      R"({"remove":{"path":"r","deletionTimestamp":7,"dataChange":false,"extendedFileMetadata":true,)"
      R"("partitionValues":{},"size":11,"strange":[1]}})"
      "\n"
      R"({"cdc":{"path":"c"}})"
      "\n"
      R"({"novelty":1})";
  const auto commit = ParseCommit(9, text);
  ASSERT_TRUE(commit) << commit.error().ToString();
  EXPECT_EQ(commit->version, 9);
  EXPECT_EQ(commit->content_hash, Hash64(text));
  EXPECT_EQ(commit->in_commit_timestamp_ms, 1700000000123);
  EXPECT_EQ(commit->timestamp_ms, 1700000000123);
  EXPECT_EQ(commit->commit_info_json,
            R"({"timestamp":5,"inCommitTimestamp":1700000000123,"operation":"WRITE"})");
  ASSERT_EQ(commit->state.size(), 4u);
  EXPECT_EQ(commit->state[1].json, R"({"id":"x" , "schemaString":""})");
  EXPECT_EQ(commit->state[2].key, "app");
  EXPECT_EQ(commit->state[3].key, "d");
  ASSERT_EQ(commit->adds.size(), 1u);
  const AddAction& add = commit->adds[0];
  EXPECT_EQ(add.path, "a%20b");
  ASSERT_EQ(add.partition_values.size(), 2u);
  EXPECT_EQ(add.partition_values[0].second, "1");
  EXPECT_EQ(add.partition_values[1].second, std::nullopt);
  EXPECT_EQ(add.size_bytes, 10);
  EXPECT_EQ(add.modification_time_ms, 20);
  EXPECT_TRUE(add.data_change);
  EXPECT_EQ(add.stats_json, R"({"numRecords":1})");
  EXPECT_EQ(add.tags_json, R"({"t": "u"})");
  EXPECT_EQ(add.base_row_id, 4);
  EXPECT_EQ(add.default_row_commit_version, 5);
  EXPECT_EQ(add.clustering_provider, "liquid");
  EXPECT_EQ(add.deletion_vector->UniqueId(), "ux@1");
  EXPECT_EQ(add.residual_json, R"({"future":{"k":1.50},"other":null})");
  ASSERT_EQ(commit->removes.size(), 1u);
  EXPECT_EQ(commit->removes[0].deletion_timestamp_ms, 7);
  EXPECT_EQ(commit->removes[0].extended_file_metadata, true);
  EXPECT_TRUE(commit->removes[0].partition_values->empty());
  EXPECT_EQ(commit->removes[0].residual_json, R"({"strange":[1]})");
}

TEST(ParseCommitTest, EmptyCommitIsACommit) {
  for (const char* const text : {"", "\n\n", "  \r\n", "{}", "{\"add\":null}"}) {
    const auto commit = ParseCommit(1, text);
    ASSERT_TRUE(commit) << text;
    EXPECT_TRUE(commit->adds.empty());
  }
}

TEST(ParseCommitTest, ErrorsNameTheLine) {
  const std::string good = "{\"commitInfo\":{}}\n";
  for (const char* const bad :
       {"{\"add\":{\"path\":\"x\"",
        "nonsense",
        "[1]",
        "{\"add\":1}",
        "{\"add\":{}}",
        "{\"add\":{\"path\":1}}",
        "{\"add\":{\"path\":\"x\",\"size\":\"1\"}}",
        "{\"add\":{\"path\":\"x\",\"size\":99999999999999999999}}",
        "{\"add\":{\"path\":\"x\",\"partitionValues\":{\"a\":1}}}",
        "{\"add\":{\"path\":\"x\",\"stats\":{}}}",
        "{\"add\":{\"path\":\"x\",\"tags\":1}}",
        "{\"add\":{\"path\":\"x\",\"deletionVector\":{}}}",
        "{\"add\":{\"path\":\"x\",\"deletionVector\":{\"storageType\":\"u\",\"offset\":\"1\"}}}",
        "{\"remove\":{\"dataChange\":true}}",
        "{\"remove\":{\"path\":\"x\",\"size\":true}}",
        "{\"remove\":[]}",
        "{\"txn\":{\"version\":1}}",
        "{\"domainMetadata\":{}}",
        "{\"protocol\":[]}",
        "{\"add\":{\"path\":\"\xff\"}}",
        "{\"a\":1} {\"b\":2}",
        "{\"x\":\"\\ud800\"}"}) {
    const auto commit = ParseCommit(1, good + good + bad);
    ASSERT_FALSE(commit) << bad;
    EXPECT_EQ(commit.error().code, ErrorCode::kCorrupt) << bad;
    EXPECT_EQ(commit.error().what, "line 3") << bad;
    EXPECT_FALSE(commit.error().why.empty());
  }
}

TEST(ParseCommitTest, DeepNestingIsAnErrorNotACrash) {
  const std::string deep(200'000, '[');
  EXPECT_FALSE(ParseCommit(1, "{\"x\":" + deep));
  EXPECT_FALSE(ParseCommit(1, "{\"x\":" + deep + std::string(200'000, ']') + "}"));
}

TEST(ParseCommitTest, GiantLineIsRead) {
  const std::string giant(20u << 20, 'a');
  const auto commit =
      ParseCommit(1, "{\"add\":{\"path\":\"" + giant + "\",\"size\":1}}\n{\"add\":{\"path\":\"b\"}}");
  ASSERT_TRUE(commit) << commit.error().ToString();
  ASSERT_EQ(commit->adds.size(), 2u);
  EXPECT_EQ(commit->adds[0].path.size(), giant.size());
}

TEST(ParseCommitTest, EveryCutAndFlipEndsInAResult) {
  const std::string text =
      R"({"add":{"path":"a","partitionValues":{"p":"1"},"size":10,"stats":"{\"numRecords\":1}","x":[1,{"y":2}]}})"
      "\n"
      R"({"remove":{"path":"r","deletionVector":{"storageType":"u","pathOrInlineDv":"x"}}})";
  for (std::size_t i = 0; i < text.size(); ++i) (void)ParseCommit(1, text.substr(0, i));
  std::mt19937 random(7);
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string flipped = text;
    flipped[random() % flipped.size()] = static_cast<char>(random());
    if (!ParseCommit(1, flipped)) ++refused;
  }
  EXPECT_GT(refused, 1'000);
}

std::vector<CommitFile> PutCommits(fakes::MemoryObjectStore& store, int count) {
  for (int i = 0; i < count; ++i) {
    store.Put(CommitPath(i), "{\"add\":{\"path\":\"f" + std::to_string(i) + "\",\"size\":1}}", 1000 + i);
  }
  return ListLog(store, 0)->commits;
}

TEST(ReadCommitsTest, VisitsInOrderOnAnyNumberOfThreads) {
  fakes::MemoryObjectStore store;
  const auto files = PutCommits(store, 1'000);
  for (const int threads : {1, 2, 5, -1, -2}) {
    // Below zero: as many, and eight requests at once.
    store.set_parallel_requests(threads < 0 ? 8 : 1);
    const int reads = store.calls(fakes::Operation::kRead);
    std::int64_t next = 0;
    const Status status = ReadCommits(store, files, std::abs(threads), [&](CommitContent commit) -> Status {
      EXPECT_EQ(commit.version, next++);
      EXPECT_EQ(commit.adds.at(0).path, "f" + std::to_string(commit.version));
      EXPECT_EQ(commit.timestamp_ms, 1000 + commit.version);
      EXPECT_EQ(commit.in_commit_timestamp_ms, std::nullopt);
      EXPECT_EQ(commit.object.name, files[static_cast<std::size_t>(commit.version)].object.name);
      return {};
    });
    EXPECT_TRUE(status);
    EXPECT_EQ(next, 1'000);
    EXPECT_EQ(store.calls(fakes::Operation::kRead), reads + 1'000);
  }
}

TEST(ReadCommitsTest, FirstErrorStops) {
  fakes::MemoryObjectStore store;
  const auto files = PutCommits(store, 1'000);
  store.Put(CommitPath(500), "{\"add\":");
  for (const int threads : {1, 3}) {
    std::int64_t visited = 0;
    const Status status = ReadCommits(store, files, threads, [&](CommitContent) -> Status {
      ++visited;
      return {};
    });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(status.error().what, CommitPath(500));
    EXPECT_NE(status.error().why.find("line 1"), std::string::npos);
    EXPECT_EQ(visited, 500);
    const Status stopped = ReadCommits(store, files, threads, [](CommitContent) -> Status {
      return Fail(ErrorCode::kCancelled, "visit", "enough");
    });
    EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
  }
}

TEST(ReadCommitsTest, ReadsNoFurtherAheadThanItsWindow) {
  fakes::MemoryObjectStore store;
  const auto files = PutCommits(store, 3'000);
  int most_ahead = 0;
  int visited = 0;
  const Status status = ReadCommits(store, files, 2, [&](CommitContent) -> Status {
    most_ahead = std::max(most_ahead, store.calls(fakes::Operation::kRead) - visited++);
    return {};
  });
  EXPECT_TRUE(status);
  EXPECT_LE(most_ahead, 64 * 8);
}

TEST(ReadCommitsTest, RequestsAtOnceAreBounded) {
  fakes::MemoryObjectStore store;
  const auto files = PutCommits(store, 500);
  store.set_parallel_requests(8);
  std::atomic<int> at_once{0}, most{0};
  store.set_hook([&](fakes::Operation, std::string_view) -> Status {
    const int now = ++at_once;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) continue;
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    --at_once;
    return {};
  });
  EXPECT_TRUE(ReadCommits(store, files, 1, [](CommitContent) -> Status { return {}; }));
  EXPECT_GT(most, 1);
  EXPECT_LE(most, 9);  // one that the caller runs itself
}

TEST(ReadCommitsTest, FailingReadIsPassedOn) {
  fakes::MemoryObjectStore store;
  const auto files = PutCommits(store, 200);
  store.set_hook([](fakes::Operation operation, std::string_view path) -> Status {
    if (operation == fakes::Operation::kRead && path == CommitPath(150)) {
      return Fail(ErrorCode::kUnavailable, std::string(path), "injected");
    }
    return {};
  });
  EXPECT_EQ(ReadCommits(store, files, 2, [](CommitContent) -> Status { return {}; }).error().code,
            ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace levee::delta
