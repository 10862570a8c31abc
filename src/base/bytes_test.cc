#include "base/bytes.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace levee {
namespace {

TEST(Bytes, VarintsRoundTrip) {
  const std::uint64_t values[] = {0, 1, 127, 128, 16'383, 16'384, std::numeric_limits<std::uint64_t>::max()};
  ByteWriter writer;
  for (const std::uint64_t value : values) writer.PutVarint(value);
  ByteReader reader(writer.bytes());
  for (const std::uint64_t value : values) EXPECT_EQ(reader.GetVarint(), value);
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.remaining(), 0u);
}

TEST(Bytes, ReadingPastTheEndIsNoticedForGood) {
  ByteWriter writer;
  writer.Put(std::uint16_t{7});
  ByteReader reader(writer.bytes());
  EXPECT_EQ(reader.Get<std::uint32_t>(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.GetBytes(1).size(), 0u);
  EXPECT_FALSE(reader.ok());
}

TEST(Bytes, AnEndlessVarintIsAnError) {
  const Bytes bytes(11, 0xff);
  ByteReader reader(bytes);
  reader.GetVarint();
  EXPECT_FALSE(reader.ok());
}

TEST(Bytes, ATextLongerThanItsBufferIsAnError) {
  ByteWriter writer;
  writer.PutVarint(100);
  writer.PutBytes(AsBytes("short"));
  ByteReader reader(writer.bytes());
  EXPECT_EQ(reader.GetText(), "");
  EXPECT_FALSE(reader.ok());
}

}  // namespace
}  // namespace levee
