// Whatever the settings of the caches: the same answers, of the same questions asked again and again.
#include <gmock/gmock.h>

#include <random>

#include "cache/governor.h"
#include "catalog/catalog_test_bed.h"

namespace levee::catalog {
namespace {

using cache::PolicyKind;

struct Case {
  std::string name;
  cache::CacheSetup setup;
  std::uint64_t total_bytes = 1 << 20;
  bool fixed = false;
};

class CacheSettingsTest : public CatalogTestBed, public testing::WithParamInterface<Case> {
 protected:
  static constexpr int kFiles = 3000;

  void SetUp() override {
    CatalogTestBed::SetUp();
    std::string commit = ProtocolLine() + MetadataLine();
    for (int file = 0; file < kFiles; ++file) {
      const std::string region = file % 5 == 0 ? "us" : "eu";
      commit += AddLine({.path = "f" + std::to_string(file), .min = file * 10, .max = file * 10 + 9, .region = region});
    }
    Commit(0, commit);
    ASSERT_TRUE(catalog_->Sync(kTable, {}, false));
  }

  // What a plain look at the files says.
  static std::string Expected(std::int64_t low, std::int64_t high, bool us, std::int64_t files) {
    std::vector<std::string> paths;
    for (std::int64_t file = 0; file < files; ++file) {
      if ((file % 5 == 0) == us && file * 10 <= high && file * 10 + 9 >= low) paths.push_back("f" + std::to_string(file));
    }
    std::ranges::sort(paths);
    std::string text;
    for (const std::string& path : paths) text += (text.empty() ? "" : " ") + path;
    return text;
  }
};

TEST_P(CacheSettingsTest, AnswersStayTheSame) {
  cache::Governor governor({.total_bytes = GetParam().total_bytes, .fixed = GetParam().fixed});
  cache::CacheSetup setup = GetParam().setup;
  setup.governor = &governor;
  auto store = store::OpenStore((folder_ / "levee.db").string(), {.caches = setup});
  ASSERT_TRUE(store);
  CatalogOptions options{.threads = 2, .spill_folder = folder_.string(), .caches = setup, .on_note = {}};
  const auto catalog = MakeCatalog(
      **store, std::move(options),
      [this](std::string_view) -> Result<std::unique_ptr<objectstore::ObjectStore>> {
        return std::make_unique<SharedObjectStore>(log_);
      },
      [this]() -> Result<objectstore::ParquetSource*> { return &parquet_; }, clock_);
  std::mt19937 random(11);
  std::int64_t files = kFiles;
  for (int asked = 0; asked < 600; ++asked) {
    if (asked % 200 == 199) {  // the table moves on
      // In its place among the others, so that `Expected` stays as it is.
      Commit(files - kFiles + 1,
             AddLine({.path = "f" + std::to_string(files), .min = files * 10, .max = files * 10 + 9,
                      .region = files % 5 == 0 ? "us" : "eu"}));
      ++files;
      clock_.Advance(1);
    }
    if (asked % 50 == 0) governor.ReleaseAtLeast(GetParam().total_bytes / 4);
    governor.Step();
    const bool us = random() % 2 == 0;
    const std::int64_t low = random() % 8 * 4'000, high = low + 1'000;
    const std::string where = "region = '" + std::string(us ? "us" : "eu") + "' AND id BETWEEN " +
                              std::to_string(low) + " AND " + std::to_string(high);
    auto view = catalog->Open(kTable, {});
    ASSERT_TRUE(view) << view.error().ToString();
    auto stream = (*view)->Files({.where = where, .columns = {columnar::PlainKey(columnar::ColumnRole::kPath),
                                                              columnar::PlainKey(columnar::ColumnRole::kSize)}}, nullptr);
    ASSERT_TRUE(stream) << stream.error().ToString();
    const std::string expected = Expected(low, high, us, files);
    ASSERT_EQ(PathsOf(**stream), expected) << where << ", question " << asked;
    const std::int64_t count = expected.empty() ? 0 : std::ranges::count(expected, ' ') + 1;
    ASSERT_EQ((*view)->Count({.where = where}, nullptr).value(), count) << where;
    std::uint64_t held = 0;
    for (const cache::CacheUse& use : catalog->Caches()) held += use.counters.bytes;
    ASSERT_LE(held, GetParam().total_bytes);
  }
  const auto uses = catalog->Caches();
  std::uint64_t hits = 0, packed = 0;
  for (const cache::CacheUse& use : uses) {
    if (use.name != "results") continue;
    hits = use.counters.hits;
    packed = use.counters.packed;
  }
  const bool short_lived = setup.life_ns == 1;
  EXPECT_EQ(hits > 0, setup.results && GetParam().total_bytes > 0 && !short_lived);
  EXPECT_EQ(packed > 0, setup.results && setup.compress_above_bytes != 0);
}

INSTANTIATE_TEST_SUITE_P(
    , CacheSettingsTest,
    testing::Values(Case{"lru", {}}, Case{"lfu", {.policy = PolicyKind::kLfu}},
                    Case{"fifo", {.policy = PolicyKind::kFifo}}, Case{"ttl", {.policy = PolicyKind::kTtl, .life_ns = 20'000'000}},
                    Case{"adaptive", {.policy = PolicyKind::kAdaptive}}, Case{"no_results", {.results = false}},
                    Case{"compressed", {.compress_above_bytes = 1024}}, Case{"fixed", {}, 1 << 20, true},
                    Case{"expiring_at_once", {.life_ns = 1}},
                    Case{"small", {.policy = PolicyKind::kAdaptive}, 64 << 10}, Case{"nothing_kept", {}, 0}),
    [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace levee::catalog
