#include "columnar/encoding_trial.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "columnar/segment.h"

namespace levee::columnar {
namespace {

ColumnVector Numbers(std::size_t rows) {
  ColumnVector values;
  for (std::size_t row = 0; row < rows; ++row) values.PushInt(static_cast<std::int64_t>(row * 7919 % 1000));
  return values;
}

// What a segment of the same rows takes is the oracle.
TEST(EncodingTrialTest, MarksTheEncodingThatASegmentTakesAndItsSize) {
  const ColumnVector values = Numbers(5000);
  const auto trials = TryEncodings(values, 0, values.rows, SystemClock());
  ASSERT_TRUE(trials) << trials.error().ToString();
  const auto encoded = EncodeColumn(PlainKey(ColumnRole::kSize), values, 0, values.rows);
  ASSERT_TRUE(encoded);
  auto reader = ChunkReader::Open(MemorySource(encoded->chunks.front().bytes));
  ASSERT_TRUE(reader);
  EXPECT_EQ(std::ranges::count_if(*trials, &EncodingTrial::chosen), 1);
  for (const EncodingTrial& trial : *trials) {
    EXPECT_EQ(trial.chosen, trial.encoding == reader->encoding_name());
    if (!trial.chosen) continue;
    std::size_t size = 0;
    for (const EncodedChunk& chunk : encoded->chunks) size += chunk.bytes.size();
    EXPECT_EQ(trial.encoded_bytes, size);
  }
  EXPECT_GT(trials->size(), 2u);
}

TEST(EncodingTrialTest, NothingIsTriedOnNoRows) {
  const ColumnVector values = Numbers(3);
  EXPECT_TRUE(TryEncodings(values, 3, 0, SystemClock())->empty());
  EXPECT_EQ(PlainBytes(values, 1, 2), 16u);
}

}  // namespace
}  // namespace levee::columnar
