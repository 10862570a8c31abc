// Output looks at the cancellation often enough, whatever the format: the time of the thread between two looks.
#include <gtest/gtest.h>

#include <string>

#include "base/cancellation.h"
#include "cli/file_list.h"
#include "tests/fakes/look_clock.h"

namespace levee::cli {
namespace {

using columnar::Batch;
using columnar::ColumnKey;
using columnar::ColumnRole;

constexpr std::size_t kRows = 65'536;
constexpr int kColumns = 40;
constexpr std::int64_t kPromisedNs = 50'000'000;

// One batch, of statistics of many columns.
class OneBatch final : public columnar::BatchStream {
 public:
  OneBatch() {
    batch_->rows = kRows;
    const auto add = [&](const ColumnKey& key, auto&& push) {
      columnar::BatchColumn column{key, {}};
      column.values.physical = types::PhysicalTypeOf(key.type);
      for (std::size_t row = 0; row < kRows; ++row) push(column.values, static_cast<std::int64_t>(row));
      batch_->columns.push_back(std::move(column));
    };
    add(columnar::PlainKey(ColumnRole::kPath),
        [](auto& to, std::int64_t row) { to.PushString("part/" + std::to_string(row)); });
    add(columnar::PlainKey(ColumnRole::kStatsForm), [](auto& to, std::int64_t) {
      to.PushInt(static_cast<std::int64_t>(columnar::StatsForm::kTyped));
    });
    for (int i = 0; i < kColumns; ++i) {
      const auto role = i % 2 == 0 ? ColumnRole::kMin : ColumnRole::kMax;
      add({role, "column_" + std::to_string(i / 2), {types::TypeKind::kLong, 0, 0}},
          [](auto& to, std::int64_t row) { to.PushInt(row * 1'000); });
    }
  }

  Result<std::unique_ptr<Batch>> Next() override { return std::move(batch_); }

 private:
  std::unique_ptr<Batch> batch_ = std::make_unique<Batch>();
};

api::FilePlan PathAndStatistics() {
  return {.fields = {{.kind = output::FileFieldKind::kPath, .name = "path"},
                     {.kind = output::FileFieldKind::kStats, .name = "stats"}},
          .columns = {},
          .needs_stats = true};
}

class CalledOffTest : public ::testing::TestWithParam<const char*> {};

TEST_P(CalledOffTest, OutputLooksOftenEnough) {
  fakes::LookClock clock;
  auto files = std::make_unique<OneBatch>();
  output::BufferedWriter out(output::BufferedWriter::kDiscard);
  {
    const CancellationScope scope{Cancellation(clock, 1)};
    ASSERT_TRUE(CheckCancelled());
    const auto totals = PrintFiles(std::move(files), PathAndStatistics(), {.format = GetParam(), .look = {}, .out = out});
    ASSERT_TRUE(totals) << totals.error().ToString();
    EXPECT_EQ(totals->files, static_cast<std::int64_t>(kRows));
    ASSERT_TRUE(CheckCancelled());
  }
  EXPECT_LT(clock.longest_ns, kPromisedNs);
}

TEST_P(CalledOffTest, EndsAtTheNextLook) {
  output::BufferedWriter out(output::BufferedWriter::kDiscard);
  Cancellation cancellation(SystemClock());
  cancellation.Cancel();
  const CancellationScope scope(cancellation);
  const auto totals = PrintFiles(std::make_unique<OneBatch>(), PathAndStatistics(),
                                 {.format = GetParam(), .look = {}, .out = out});
  ASSERT_FALSE(totals);
  EXPECT_EQ(totals.error().code, ErrorCode::kCancelled);
}

INSTANTIATE_TEST_SUITE_P(Formats, CalledOffTest, ::testing::Values("ndjson", "csv", "table", "paths", "arrow", "parquet"));

}  // namespace
}  // namespace levee::cli
