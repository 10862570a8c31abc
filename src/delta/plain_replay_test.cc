#include "delta/plain_replay.h"

#include <gtest/gtest.h>

#include "tests/fakes/memory_object_store.h"

namespace levee::delta {
namespace {

constexpr char kStart[] =
    "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}\n{\"metaData\":{\"id\":\"x\"}}\n";

std::string Add(const std::string& path, int size) {
  return "{\"add\":{\"path\":\"" + path + "\",\"size\":" + std::to_string(size) + "}}\n";
}
std::string Remove(const std::string& path) { return "{\"remove\":{\"path\":\"" + path + "\"}}\n"; }

Result<PlainState> Replay(const std::vector<std::string>& commits, std::optional<std::int64_t> version = {}) {
  fakes::MemoryObjectStore store;
  for (std::size_t i = 0; i < commits.size(); ++i)
    store.Put(CommitPath(static_cast<std::int64_t>(i)), commits[i]);
  return ReplayTablePlainly(store, nullptr, version);
}

TEST(PlainReplayTest, LaterAddReplacesAndRemoveEnds) {
  const auto state = Replay({kStart + Add("a", 1) + Add("b", 2), Add("a", 3), Remove("b")});
  ASSERT_TRUE(state) << state.error().ToString();
  ASSERT_EQ(state->files.size(), 1u);
  EXPECT_EQ(state->files.begin()->second.size_bytes, 3);
  EXPECT_EQ(state->tombstones.size(), 1u);
  EXPECT_EQ(Replay({kStart + Add("a", 1) + Add("b", 2), Add("a", 3), Remove("b")}, 1)->files.size(), 2u);
}

TEST(PlainReplayTest, ACommitAppliesAsASet) {
  // The remove stands after the add, and ends what was there before.
  const auto state = Replay({kStart + Add("a", 1), Add("a", 2) + Remove("a")});
  ASSERT_TRUE(state);
  ASSERT_EQ(state->files.size(), 1u);
  EXPECT_EQ(state->files.begin()->second.size_bytes, 2);
}

TEST(PlainReplayTest, AddRemoveAddKeepsTheFile) {
  const auto state = Replay({kStart + Add("a", 1), Remove("a"), Add("a", 4)});
  ASSERT_TRUE(state);
  EXPECT_EQ(state->files.size(), 1u);
  EXPECT_TRUE(state->tombstones.empty());
}

TEST(PlainReplayTest, SpellingsOfAPathAreOneFile) {
  const auto state = Replay({kStart + Add("/some/a%20b", 1), Remove("file:///some/a b")});
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->files.empty());
}

TEST(PlainReplayTest, NewestOfEachKindWins) {
  const auto state =
      Replay({std::string(kStart) +
                  "{\"txn\":{\"appId\":\"a\",\"version\":1}}\n{\"domainMetadata\":{\"domain\":\"d\","
                  "\"configuration\":\"1\",\"removed\":false}}",
              "{\"txn\":{\"appId\":\"a\",\"version\":2}}\n{\"txn\":{\"appId\":\"b\",\"version\":1}}",
              "{\"domainMetadata\":{\"domain\":\"d\",\"configuration\":\"\",\"removed\":true}}",
              "{\"metaData\":{\"id\":\"y\"}}"});
  ASSERT_TRUE(state);
  EXPECT_EQ(state->transactions.size(), 2u);
  EXPECT_NE(state->transactions.at("a").find("2"), std::string::npos);
  EXPECT_TRUE(state->domains.empty());
  EXPECT_EQ(state->metadata.id, "y");
}

TEST(PlainReplayTest, RefusesWithoutProtocolOrMetadata) {
  const auto no_protocol = Replay({"{\"metaData\":{\"id\":\"x\"}}"});
  ASSERT_FALSE(no_protocol);
  EXPECT_EQ(no_protocol.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(no_protocol.error().why.find("protocol"), std::string::npos);
  const auto no_metadata = Replay({"{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}"});
  ASSERT_FALSE(no_metadata);
  EXPECT_NE(no_metadata.error().why.find("metaData"), std::string::npos);
}

TEST(PlainReplayTest, RefusesWhatItMayNotRead) {
  const auto state =
      Replay({"{\"protocol\":{\"minReaderVersion\":9,\"minWriterVersion\":9}}\n{\"metaData\":{}}"});
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().code, ErrorCode::kUnsupported);
}

TEST(PlainReplayTest, ParquetCheckpointWithoutAReaderIsUnsupported) {
  fakes::MemoryObjectStore store;
  store.Put("_delta_log/00000000000000000003.checkpoint.parquet", "x");
  const auto state = ReplayTablePlainly(store, nullptr, {});
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace levee::delta
