#include "delta/deleted_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "delta/action_parser.h"
#include "delta/z85.h"
#include "tests/fakes/memory_object_store.h"

namespace levee::delta {
namespace {

namespace fs = std::filesystem;
using Range = DeletedRows::Range;

enum class Form { kArrayOrBitset, kRuns };

// The values of one 32-bit bitmap, as the RoaringFormatSpec says.
void PutBitmap(const std::set<std::uint32_t>& values, Form form, ByteWriter& out) {
  std::map<std::uint16_t, std::vector<std::uint16_t>> containers;
  for (const std::uint32_t value : values) containers[value >> 16].push_back(static_cast<std::uint16_t>(value));
  const auto size = static_cast<std::uint32_t>(containers.size());
  if (form == Form::kRuns) {
    out.Put(12347u | (size - 1) << 16);
    for (std::uint32_t i = 0; i < (size + 7) / 8; ++i) out.Put(std::uint8_t{0xFF});
  } else {
    out.Put(std::uint32_t{12346});
    out.Put(size);
  }
  for (const auto& [key, low] : containers) {
    out.Put(key);
    out.Put(static_cast<std::uint16_t>(low.size() - 1));
  }
  if (form != Form::kRuns || size >= 4) {
    for (std::uint32_t i = 0; i < size; ++i) out.Put(std::uint32_t{0xDEAD});  // readers that go in order skip them
  }
  for (const auto& [key, low] : containers) {
    if (form == Form::kRuns) {
      std::vector<std::pair<std::uint16_t, std::uint16_t>> runs;
      for (const std::uint16_t value : low) {
        if (!runs.empty() && runs.back().first + runs.back().second + 1 == value) {
          ++runs.back().second;
        } else {
          runs.emplace_back(value, 0);
        }
      }
      out.Put(static_cast<std::uint16_t>(runs.size()));
      for (const auto& [first, more] : runs) out.Put(first), out.Put(more);
    } else if (low.size() <= 4096) {
      for (const std::uint16_t value : low) out.Put(value);
    } else {
      std::vector<std::uint64_t> words(1024);
      for (const std::uint16_t value : low) words[value / 64] |= std::uint64_t{1} << value % 64;
      for (const std::uint64_t word : words) out.Put(word);
    }
  }
}

Bytes Encode(const std::set<std::uint64_t>& rows, Form form) {
  std::map<std::uint32_t, std::set<std::uint32_t>> bitmaps;
  for (const std::uint64_t row : rows) bitmaps[row >> 32].insert(static_cast<std::uint32_t>(row));
  ByteWriter out;
  out.Put(std::uint32_t{1681511377});
  out.Put(static_cast<std::uint64_t>(bitmaps.size()));
  for (const auto& [key, values] : bitmaps) {
    out.Put(key);
    PutBitmap(values, form, out);
  }
  return out.Take();
}

std::set<std::uint64_t> RowsOf(const DeletedRows& deleted) {
  std::set<std::uint64_t> rows;
  for (const Range& range : deleted.ranges()) {
    for (std::uint64_t row = range.first; row <= range.last; ++row) rows.insert(row);
  }
  return rows;
}

TEST(DeletedRowsTest, EveryKindOfContainerComesBack) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 40; ++round) {
    std::set<std::uint64_t> rows;
    // Dense and sparse stretches, some beyond 32 bits.
    for (int part = 0; part < 4; ++part) {
      const std::uint64_t base = (random() % 3 << 32) + (random() % 5 << 16);
      const std::uint64_t span = random() % 2 == 0 ? 70'000 : 300;
      for (std::uint64_t left = random() % (span / 2) + 1; left > 0; --left) rows.insert(base + random() % span);
      if (round % 3 == 0) {
        for (std::uint64_t row = 0; row < 9'000; ++row) rows.insert(base + 100 + row);
      }
    }
    for (const Form form : {Form::kArrayOrBitset, Form::kRuns}) {
      const auto decoded = DecodeDeletionVector(Encode(rows, form));
      ASSERT_TRUE(decoded) << decoded.error().ToString();
      ASSERT_EQ(decoded->count(), rows.size());
      ASSERT_EQ(RowsOf(*decoded), rows);
    }
  }
}

TEST(DeletedRowsTest, KeptRowsAreTheOthers) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 300; ++round) {
    const std::uint64_t count = random() % 200;
    std::set<std::uint64_t> marked;
    DeletedRows rows;
    for (std::uint64_t row = 0; row < count + 10; ++row) {
      if (random() % 4 < static_cast<std::uint64_t>(round % 4)) {
        marked.insert(row);
        rows.Append(row, row);
      }
    }
    const Bytes kept = rows.KeptRows(count);
    ASSERT_EQ(kept.size(), (count + 7) / 8);
    for (std::uint64_t row = 0; row < kept.size() * 8; ++row) {
      ASSERT_EQ((kept[row / 8] >> row % 8 & 1) != 0, row < count && !marked.contains(row)) << row << " of " << count;
    }
  }
}

TEST(DeletedRowsTest, BillionsOfRowsAreARange) {
  ByteWriter out;
  out.Put(std::uint32_t{1681511377});
  out.Put(std::uint64_t{1});
  out.Put(std::uint32_t{0});
  out.Put(12347u | 0xFFFFu << 16);
  for (int i = 0; i < 8192; ++i) out.Put(std::uint8_t{0xFF});
  for (std::uint32_t key = 0; key < 65'536; ++key) out.Put(static_cast<std::uint16_t>(key)), out.Put(std::uint16_t{0xFFFF});
  for (std::uint32_t key = 0; key < 65'536; ++key) out.Put(std::uint32_t{0});
  for (std::uint32_t key = 0; key < 65'536; ++key) {
    out.Put(std::uint16_t{1}), out.Put(std::uint16_t{0}), out.Put(std::uint16_t{0xFFFF});
  }
  const auto rows = DecodeDeletionVector(out.bytes());
  ASSERT_TRUE(rows) << rows.error().ToString();
  EXPECT_EQ(rows->ranges(), (std::vector<Range>{{0, 0xFFFFFFFF}}));
}

TEST(DeletedRowsTest, DamageIsRefusedOrHarmless) {
  std::set<std::uint64_t> rows;
  for (std::uint64_t row = 0; row < 200; ++row) rows.insert(row * 3);
  for (std::uint64_t row = 0; row < 6'000; ++row) rows.insert(70'000 + row * 2);
  for (const Form form : {Form::kArrayOrBitset, Form::kRuns}) {
    const Bytes whole = Encode(rows, form);
    for (std::size_t size = 0; size < whole.size(); size += size < 100 ? 1 : 97) {
      EXPECT_FALSE(DecodeDeletionVector(ByteSpan(whole).first(size))) << size;
    }
    for (std::size_t at = 0; at < whole.size(); at += at < 100 ? 1 : 53) {
      Bytes damaged = whole;
      damaged[at] ^= 0x5A;
      const auto decoded = DecodeDeletionVector(damaged);
      if (!decoded) continue;
      for (std::size_t i = 1; i < decoded->ranges().size(); ++i) {
        ASSERT_LT(decoded->ranges()[i - 1].last + 1, decoded->ranges()[i].first);
      }
    }
  }
}

TEST(DeletedRowsTest, InlineVectorsAndRefusals) {
  fakes::MemoryObjectStore table;
  DeletionVectorDescriptor vector{.storage_type = "i",
                                  .path_or_inline = "wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L",
                                  .size_bytes = 40,
                                  .cardinality = 6};
  // The example of the protocol's text: rows 3, 4, 7, 11, 18, 29.
  const auto rows = ReadDeletionVector(table, {}, vector);
  ASSERT_TRUE(rows) << rows.error().ToString();
  EXPECT_EQ(RowsOf(*rows), (std::set<std::uint64_t>{3, 4, 7, 11, 18, 29}));

  vector.cardinality = 5;
  EXPECT_EQ(ReadDeletionVector(table, {}, vector).error().ToString(), "deletion vector: it marks 6 rows, not 5");
  vector.storage_type = "x";
  EXPECT_EQ(ReadDeletionVector(table, {}, vector).error().code, ErrorCode::kUnsupported);
  vector = {.storage_type = "u", .path_or_inline = "short", .offset = 1, .size_bytes = 4};
  EXPECT_EQ(ReadDeletionVector(table, {}, vector).error().code, ErrorCode::kCorrupt);
}

TEST(Z85Test, TheRfcsExample) {
  EXPECT_EQ(DecodeZ85("HelloWorld"), (Bytes{0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B}));
  EXPECT_FALSE(DecodeZ85("Hell"));
  EXPECT_FALSE(DecodeZ85("Hell~"));
  EXPECT_FALSE(DecodeZ85("#####"));  // beyond 32 bits
}

// Every vector of the given tables' commits whose file is there marks as many rows as the log says.
TEST(DeletedRowsTest, GivenTablesHaveWhatTheirLogsSay) {
  const char* const given = std::getenv("LEVEE_TEST_TABLES");
  const fs::path tables = given != nullptr ? given : fs::path(LEVEE_SOURCE_DIR) / "../shared/tables";
  if (!fs::exists(tables)) GTEST_SKIP() << tables << " is not there";
  std::int64_t read = 0, away = 0;
  for (const auto& file : fs::recursive_directory_iterator(tables)) {
    if (file.path().extension() != ".json" || file.path().parent_path().filename() != "_delta_log") continue;
    std::ostringstream text;
    text << std::ifstream(file.path(), std::ios::binary).rdbuf();
    CommitContent content;
    if (!text.view().contains("deletionVector") || !ParseActions(text.str(), content, nullptr)) continue;
    const auto table = objectstore::OpenObjectStore(file.path().parent_path().parent_path().string());
    ASSERT_TRUE(table);
    for (const AddAction& add : content.adds) {
      if (!add.deletion_vector) continue;
      const auto rows = ReadDeletionVector(**table, objectstore::OpenObjectStore, *add.deletion_vector);
      const bool is_away = !rows && rows.error().code == ErrorCode::kNotFound;
      EXPECT_TRUE(rows || is_away) << file.path() << " " << add.path << ": " << rows.error().ToString();
      (is_away ? away : read) += 1;
    }
  }
  EXPECT_GT(read, 80);
  EXPECT_LT(away, read);
}

}  // namespace
}  // namespace levee::delta
