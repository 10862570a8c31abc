// Every encoding gives back what it was given, whole and row by row, and refuses what it did not write.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <random>

#include "columnar/encodings/bit_packing.h"
#include "columnar/encodings/digits.h"
#include "columnar/encodings/double_mapping.h"
#include "columnar/encodings/encoding.h"
#include "columnar/encodings/packed_integers.h"
#include "columnar/encodings/template_tokens.h"
#include "columnar/segment.h"

namespace levee::columnar {
namespace {

using Random = std::mt19937_64;
constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

std::vector<std::vector<std::int64_t>> IntegerShapes(std::size_t rows, Random& random) {
  const std::vector<std::function<std::int64_t(std::size_t)>> makers = {
      [](std::size_t) { return 42; },
      [](std::size_t i) { return static_cast<std::int64_t>(i) * 1000 - 7; },
      [&](std::size_t i) { return static_cast<std::int64_t>(i * 100 + random() % 50); },
      [&](std::size_t) { return static_cast<std::int64_t>(random()); },
      [&](std::size_t) { return static_cast<std::int64_t>(random() % 1000); },
      [&](std::size_t) { return static_cast<std::int64_t>(random() % 100) * 86'400'000'000; },
      [&](std::size_t) { return random() % 2 == 0 ? kLowest : kHighest; },
      [&](std::size_t) { return random() % 30 == 0 ? static_cast<std::int64_t>(random() % 9) : 0; },
      [&](std::size_t) { return static_cast<std::int64_t>(random() % 5) * 1'234'567'890'123; },
      [&](std::size_t i) { return i == 0 ? kHighest : -static_cast<std::int64_t>(random() % 3); },
  };
  std::vector<std::vector<std::int64_t>> shapes;
  for (const auto& make : makers) {
    auto& values = shapes.emplace_back(rows);
    for (std::size_t i = 0; i < rows; ++i) values[i] = make(i);
  }
  return shapes;
}

std::string RandomUuid(Random& random) {
  std::string text;
  for (int i = 0; i < 36; ++i) {
    text += i == 8 || i == 13 || i == 18 || i == 23 ? '-' : "0123456789abcdef"[random() % 16];
  }
  return text;
}

std::string RandomBytes(Random& random, std::size_t size_max) {
  std::string text(random() % (size_max + 1), '\0');
  for (char& byte : text) byte = static_cast<char>(random());
  return text;
}

std::vector<StringValues> StringShapes(std::size_t rows, Random& random) {
  const std::vector<std::function<std::string(std::size_t)>> makers = {
      [](std::size_t) { return "same"; },
      [](std::size_t) { return ""; },
      [&](std::size_t) {
        return std::string("user-") + std::to_string(10'000'000 + random() % 1'000'000).substr(1);
      },
      [&](std::size_t) { return "n" + std::to_string(random() % 100'000); },
      [&](std::size_t) { return std::string(random() % 3, '0') + std::to_string(random() % 100); },
      [&](std::size_t i) {
        return "date=2020-07-0" + std::to_string(i % 9) + "/region=" + (i % 3 == 0 ? "ca" : "us-east") +
               "/part-" + std::to_string(100'000 + random() % 90'000).substr(1) + "-" + RandomUuid(random) +
               ".c000.parquet";
      },
      [&](std::size_t) { return RandomBytes(random, 40); },
      [&](std::size_t i) {
        return i % 100 == 3 ? std::string(70'000, static_cast<char>('a' + i % 26)) : "x";
      },
      [&](std::size_t) { return std::to_string(random()) + std::to_string(random()); },
      [&](std::size_t) { return std::string(random() % 40, '-') + "1"; },
      [&](std::size_t i) { return i % 2 == 0 ? RandomUuid(random) : RandomUuid(random).substr(0, 35); },
      [&](std::size_t) {
        std::string text;
        for (std::size_t word = random() % 30; word > 0; --word) text += random() % 2 == 0 ? "a7." : "/x";
        return text;
      },
      [&](std::size_t) { return "{\"a\":" + std::to_string(random() % 100) + ",\"b\":\"\xff\xfe\"}"; },
  };
  std::vector<StringValues> shapes;
  for (const auto& make : makers) {
    auto& values = shapes.emplace_back();
    for (std::size_t i = 0; i < rows; ++i) values.PushBack(make(i));
  }
  return shapes;
}

std::vector<std::uint32_t> SomeRows(std::size_t rows, Random& random) {
  std::vector<std::uint32_t> chosen;
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (random() % 50 == 0 || row + 1 == rows) chosen.push_back(row);
  }
  return chosen;
}

constexpr std::size_t kRowCounts[] = {1, 2, 63, 64, 65, 1000, 1023, 1024};

TEST(IntegerEncodings, GiveBackEveryShape) {
  Random random(1);
  for (const std::size_t rows : kRowCounts) {
    for (const auto& values : IntegerShapes(rows, random)) {
      for (const Encoding& encoding : Encodings()) {
        if (encoding.make_integer_encoder == nullptr) continue;
        const auto encoder = encoding.make_integer_encoder(values);
        if (encoder == nullptr) continue;
        SCOPED_TRACE(std::string(encoding.name) + " " + std::to_string(rows));
        ByteWriter block;
        encoder->EncodeBlock(values, block);
        const auto decoder = encoding.make_integer_decoder(encoder->Header());
        ASSERT_TRUE(decoder.has_value());
        std::vector<std::int64_t> out(rows, -1);
        ASSERT_TRUE((*decoder)->DecodeBlock(block.bytes(), out).has_value());
        EXPECT_EQ(out, values);
        const auto chosen = SomeRows(rows, random);
        std::vector<std::int64_t> picked(chosen.size());
        ASSERT_TRUE((*decoder)->DecodeRows(block.bytes(), rows, chosen, picked.data()).has_value());
        for (std::size_t i = 0; i < chosen.size(); ++i) EXPECT_EQ(picked[i], values[chosen[i]]);
      }
    }
  }
}

TEST(StringEncodings, GiveBackEveryShape) {
  Random random(2);
  for (const std::size_t rows : kRowCounts) {
    for (const StringValues& values : StringShapes(rows, random)) {
      const StringSlice slice{values.offsets.data(), values.bytes.data(), rows};
      for (const Encoding& encoding : Encodings()) {
        if (encoding.make_string_encoder == nullptr) continue;
        const auto encoder = encoding.make_string_encoder(slice);
        if (encoder == nullptr) continue;
        SCOPED_TRACE(std::string(encoding.name) + " " + std::to_string(rows) + " " +
                     std::string(values[0].substr(0, 40)));
        ByteWriter block;
        encoder->EncodeBlock(slice, block);
        const auto decoder = encoding.make_string_decoder(encoder->Header());
        ASSERT_TRUE(decoder.has_value());
        StringValues out;
        out.PushBack("before");
        ASSERT_TRUE((*decoder)->DecodeBlock(block.bytes(), rows, out).has_value());
        ASSERT_EQ(out.size(), rows + 1);
        for (std::size_t row = 0; row < rows; ++row) ASSERT_EQ(out[row + 1], values[row]) << row;
        EXPECT_EQ(out[0], "before");
        const auto chosen = SomeRows(rows, random);
        StringValues picked;
        ASSERT_TRUE((*decoder)->DecodeRows(block.bytes(), rows, chosen, picked).has_value());
        ASSERT_EQ(picked.size(), chosen.size());
        for (std::size_t i = 0; i < chosen.size(); ++i) EXPECT_EQ(picked[i], values[chosen[i]]);
      }
    }
  }
}

// Bytes that no encoder wrote: an error or some values, never a crash. Blocks have a checksum, so
// this is the second line.
TEST(Encodings, SurviveDamagedBlocks) {
  Random random(3);
  const std::size_t rows = 700;
  const auto integers = IntegerShapes(rows, random);
  const auto strings = StringShapes(rows, random);
  for (const Encoding& encoding : Encodings()) {
    for (int round = 0; round < 300; ++round) {
      ByteWriter block;
      Bytes header;
      const auto damage = [&] {
        for (std::uint64_t flips = random() % 4; flips > 0 && block.size() > 0; --flips) {
          block.bytes()[random() % std::min<std::size_t>(block.size(), 200)] ^=
              static_cast<std::uint8_t>(1 << random() % 8);
        }
        if (random() % 3 == 0) block.bytes().resize(random() % (block.size() + 1));
      };
      if (encoding.make_integer_encoder != nullptr) {
        const auto& values = integers[random() % integers.size()];
        if (const auto encoder = encoding.make_integer_encoder(values)) {
          encoder->EncodeBlock(values, block);
          damage();
          const auto decoder = encoding.make_integer_decoder(encoder->Header());
          std::vector<std::int64_t> out(rows);
          (void)(*decoder)->DecodeBlock(block.bytes(), out);
          (void)(*decoder)->DecodeRows(block.bytes(), rows, std::vector<std::uint32_t>{0, 500, 699},
                                       out.data());
        }
      }
      block.bytes().clear();
      if (encoding.make_string_encoder != nullptr) {
        const auto& values = strings[random() % strings.size()];
        const StringSlice slice{values.offsets.data(), values.bytes.data(), rows};
        if (const auto encoder = encoding.make_string_encoder(slice)) {
          encoder->EncodeBlock(slice, block);
          damage();
          const auto decoder = encoding.make_string_decoder(encoder->Header());
          StringValues out;
          (void)(*decoder)->DecodeBlock(block.bytes(), rows, out);
          StringValues picked;
          (void)(*decoder)->DecodeRows(block.bytes(), rows, std::vector<std::uint32_t>{0, 500, 699}, picked);
        }
      }
    }
  }
}

TEST(Encodings, RefuseBlocksCutShort) {
  Random random(4);
  const auto values = IntegerShapes(1024, random)[3];
  StringValues texts;
  for (int i = 0; i < 1024; ++i) texts.PushBack(RandomUuid(random));
  const StringSlice slice{texts.offsets.data(), texts.bytes.data(), 1024};
  for (const Encoding& encoding : Encodings()) {
    SCOPED_TRACE(encoding.name);
    ByteWriter block;
    if (encoding.make_integer_encoder != nullptr) {
      if (const auto encoder = encoding.make_integer_encoder(values)) {
        encoder->EncodeBlock(values, block);
        block.bytes().resize(block.size() - 1);
        std::vector<std::int64_t> out(1024);
        const auto decoder = encoding.make_integer_decoder(encoder->Header());
        const Status status = (*decoder)->DecodeBlock(block.bytes(), out);
        ASSERT_FALSE(status.has_value());
        EXPECT_EQ(status.error().code, ErrorCode::kCorrupt);
      }
    }
    block.bytes().clear();
    if (encoding.make_string_encoder != nullptr) {
      if (const auto encoder = encoding.make_string_encoder(slice)) {
        encoder->EncodeBlock(slice, block);
        block.bytes().resize(block.size() - 1);
        StringValues out;
        const auto decoder = encoding.make_string_decoder(encoder->Header());
        const Status status = (*decoder)->DecodeBlock(block.bytes(), 1024, out);
        ASSERT_FALSE(status.has_value());
        EXPECT_EQ(status.error().code, ErrorCode::kCorrupt);
      }
    }
  }
}

TEST(Encodings, HaveNumbersOfTheirOwn) {
  for (const Encoding& encoding : Encodings()) EXPECT_EQ(FindEncoding(encoding.number), &encoding);
  EXPECT_EQ(FindEncoding(0), nullptr);
  EXPECT_EQ(FindEncoding(200), nullptr);
}

TEST(BitPacking, EveryWidth) {
  Random random(5);
  for (const std::size_t count : {1, 5, 64, 1000, 1024, 1025}) {
    for (unsigned width = 1; width <= 64; ++width) {
      std::vector<std::uint64_t> values(count);
      for (auto& value : values)
        value = width == 64 ? random() : random() & ((std::uint64_t{1} << width) - 1);
      std::vector<std::uint8_t> packed(PackedSize(count, width));
      PackBits(values.data(), count, width, packed.data());
      std::vector<std::int64_t> out(count);
      UnpackBits(packed.data(), count, {width, 100, 3}, out.data());
      for (std::size_t i = 0; i < count; ++i) {
        ASSERT_EQ(UnpackBit(packed.data(), count, width, i), values[i]) << width << " " << i;
        ASSERT_EQ(static_cast<std::uint64_t>(out[i]), 100 + 3 * values[i]) << width << " " << i;
      }
    }
  }
}

TEST(PackedIntegers, FindTheCommonDivisor) {
  std::vector<std::int64_t> days;
  for (int i = 0; i < 1024; ++i)
    days.push_back(1'600'000'000'000'000 + std::int64_t{i % 100} * 86'400'000'000);
  ByteWriter out;
  PutPackedIntegers(days, out);
  // 7 bits a value for 100 days, and at most 20 bytes of parameters.
  EXPECT_LE(out.size(), 1024u * 7 / 8 + 20);
}

TEST(Delta, KeepsSortedKeysSmall) {
  Random random(6);
  std::vector<std::int64_t> keys(1024);
  for (std::size_t i = 0; i < keys.size(); ++i)
    keys[i] = static_cast<std::int64_t>(i * 1'000'000 + random() % 100);
  ByteWriter out;
  FindEncoding(3)->make_integer_encoder(keys)->EncodeBlock(keys, out);
  EXPECT_LE(out.size(), 1024u + 20);  // differences span less than 256
}

TEST(Template, KeepsOnlyTheRandomPartOfPaths) {
  Random random(7);
  StringValues paths;
  for (int i = 0; i < 1024; ++i) {
    paths.PushBack("date=2020-07-02/region=ca/part-" + std::to_string(100'000 + random() % 90'000).substr(1) +
                   "-" + RandomUuid(random) + ".c000.snappy.parquet");
  }
  const StringSlice slice{paths.offsets.data(), paths.bytes.data(), 1024};
  ByteWriter out;
  FindEncoding(6)->make_string_encoder(slice)->EncodeBlock(slice, out);
  EXPECT_LE(out.size(), 1024u * 16 + 1024u * 17 / 8 + 200);
}

TEST(Tokens, CutByKind) {
  const auto cut = [](std::string_view text) {
    Tokens tokens;
    Tokenize(text, tokens);
    std::string out;
    for (std::size_t i = 0; i < tokens.count; ++i) {
      out += tokens.kinds[i] == TokenKind::kText ? 'T' : tokens.kinds[i] == TokenKind::kNumber ? 'N' : 'U';
      out += '[' + std::string(tokens.texts[i]) + ']';
    }
    return out;
  };
  EXPECT_EQ(cut(""), "");
  EXPECT_EQ(cut("abc"), "T[abc]");
  EXPECT_EQ(cut("part-00123.c000.x"), "T[part-]N[00123]T[.c]N[000]T[.x]");
  EXPECT_EQ(cut("1b4e2"), "T[1b4e2]");
  EXPECT_EQ(cut("2020-07"), "N[2020]T[-]N[07]");
  EXPECT_EQ(cut("1234567890123456789"), "T[1234567890123456789]");
  EXPECT_EQ(cut("123456789012345678"), "N[123456789012345678]");
  EXPECT_EQ(cut("a-1b4e28ba-2fa1-4bd2-883f-0a0b0c0d0e0f.x"),
            "T[a-]U[1b4e28ba-2fa1-4bd2-883f-0a0b0c0d0e0f]T[.x]");
  EXPECT_EQ(cut("1B4E28BA-2fa1-4bd2-883f-0a0b0c0d0e0f").find('U'), std::string::npos);
}

TEST(Digits, MatchPrintf) {
  Random random(8);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t value = random() % 1'000'000'000'000'000'000 >> (random() % 60);
    const std::string plain = std::to_string(value);
    EXPECT_EQ(DigitCount(value), plain.size());
    const unsigned digits = static_cast<unsigned>(plain.size() + random() % (19 - plain.size()));
    char text[64];
    const char* const end = WritePadded(value, digits, text);
    EXPECT_EQ(std::string_view(text, static_cast<std::size_t>(end - text)),
              std::string(digits - plain.size(), '0') + plain);
  }
}

TEST(DoubleMapping, IsExactForEveryBit) {
  Random random(9);
  const double nan_payload = std::bit_cast<double>(std::uint64_t{0x7ff8'0000'dead'beef});
  const std::vector<std::vector<double>> shapes = {
      {0.0, -0.0, 1.5, -1.5},
      {nan_payload, -nan_payload, std::numeric_limits<double>::infinity(),
       -std::numeric_limits<double>::infinity()},
      {0.1, 0.2, 0.3, 12345.67, -7.01},
      {1e300, -1e-300, std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::max()},
      {1, 2, 3, -4},
      {9007199254740993.0, 9007199254740992.0},
  };
  for (const auto& values : shapes) {
    std::vector<std::int64_t> mapped(values.size());
    const DoubleMapping mapping = MapDoubles(values, mapped.data());
    ASSERT_TRUE(IsDoubleMapping(mapping));
    std::vector<double> out(values.size());
    UnmapDoubles(mapping, mapped, out.data());
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(out[i]), std::bit_cast<std::uint64_t>(values[i])) << values[i];
    }
  }
  std::vector<std::int64_t> cents(2);
  EXPECT_EQ(MapDoubles(std::vector<double>{0.25, 19.99}, cents.data()), kDecimalBase + 2);
  EXPECT_EQ(cents, (std::vector<std::int64_t>{25, 1999}));
  EXPECT_FALSE(IsDoubleMapping(0));
  EXPECT_FALSE(IsDoubleMapping(kDecimalBase + kDecimalScaleMax + 1));
}

TEST(DoubleMapping, OrderedBitsOrderAsTheDoubles) {
  const std::vector<double> sorted = {
      -std::numeric_limits<double>::infinity(), -1e300, -1.5, -0.0, 0.0, 1e-300, 0.1234567890123, 7};
  std::vector<std::int64_t> mapped(sorted.size());
  ASSERT_EQ(MapDoubles(sorted, mapped.data()), kOrderedBits);
  EXPECT_TRUE(std::is_sorted(mapped.begin(), mapped.end()));
}

}  // namespace
}  // namespace levee::columnar
