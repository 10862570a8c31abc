#include "metrics/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>
#include <vector>

#include "metrics/prometheus_text.h"

namespace levee::metrics {
namespace {

TEST(MetricsTest, EveryNameKeepsTheConventions) {
  std::string_view last_name, last_help;
  MetricKind last_kind = MetricKind::kCounter;
  for (const Definition& definition : Definitions()) {
    EXPECT_TRUE(definition.help.ends_with(".")) << definition.name;
    if (definition.kind == MetricKind::kSpan) continue;
    EXPECT_TRUE(definition.name.starts_with("levee_")) << definition.name;
    const bool total = definition.name.ends_with("_total"), seconds = definition.name.ends_with("_seconds");
    EXPECT_EQ(total, definition.kind == MetricKind::kCounter) << definition.name;
    EXPECT_EQ(seconds, definition.kind == MetricKind::kHistogram) << definition.name;
    if (definition.name == last_name) {
      EXPECT_EQ(definition.help, last_help);
      EXPECT_EQ(definition.kind, last_kind);
      EXPECT_FALSE(definition.labels.empty());
    }
    last_name = definition.name;
    last_help = definition.help;
    last_kind = definition.kind;
  }
}

TEST(MetricsTest, ThreadsAddUpAlsoAfterTheyEnded) {
  const std::int64_t before = ReadCounter(Metric::kScanFiles);
  const std::int64_t recorded = ReadHistogram(Metric::kScanSeconds).count;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([] {
      for (int n = 0; n < 10'000; ++n) Count(Metric::kScanFiles, 2);
      Record(Metric::kScanSeconds, 1000);
    });
  }
  // Reading while others count gives no more than they will have counted.
  for (int i = 0; i < 100; ++i) EXPECT_LE(ReadCounter(Metric::kScanFiles) - before, 160'000);
  threads.clear();
  EXPECT_EQ(ReadCounter(Metric::kScanFiles) - before, 160'000);
  EXPECT_EQ(ReadHistogram(Metric::kScanSeconds).count - recorded, 8);
}

TEST(MetricsTest, OffNothingIsCounted) {
  const std::int64_t before = ReadCounter(Metric::kSyncCommits);
  SetEnabled(false);
  Count(Metric::kSyncCommits);
  { const Timer timer(Metric::kSyncSeconds); }
  SetEnabled(true);
  EXPECT_EQ(ReadCounter(Metric::kSyncCommits), before);
  EXPECT_EQ(ReadHistogram(Metric::kSyncSeconds).count, 0);
}

TEST(MetricsTest, AGaugeGoesUpAndDown) {
  AddToGauge(Metric::kStoreConnections, 3);
  AddToGauge(Metric::kStoreConnections, -2);
  EXPECT_EQ(ReadGauge(Metric::kStoreConnections), 1);
  AddToGauge(Metric::kStoreConnections, -1);
}

TEST(HistogramTest, BucketsCoverEveryDurationOnce) {
  for (std::size_t bucket = 0; bucket + 1 < Histogram::kBuckets; ++bucket) {
    const std::int64_t bound = Histogram::UpperBoundNs(bucket);
    EXPECT_EQ(Histogram::BucketOf(bound - 1), bucket) << bound;
    EXPECT_EQ(Histogram::BucketOf(bound), bucket + 1) << bound;
  }
  EXPECT_EQ(Histogram::BucketOf(-5), 0u);
  EXPECT_EQ(Histogram::BucketOf(INT64_MAX), Histogram::kBuckets - 1);
}

// The oracle is the sorted list of durations.
TEST(HistogramTest, QuantilesAreOffByAnEighthAtMost) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> durations(10, 2);
  Histogram whole, half;
  std::vector<std::int64_t> sorted;
  for (int i = 0; i < 20'000; ++i) {
    const auto duration = static_cast<std::int64_t>(durations(random)) + 8;
    (i % 2 == 0 ? whole : half).Record(duration);
    sorted.push_back(duration);
  }
  whole.Merge(half);
  std::sort(sorted.begin(), sorted.end());
  for (const double quantile : {0.01, 0.25, 0.5, 0.9, 0.99, 0.999}) {
    const double exact = static_cast<double>(sorted[static_cast<std::size_t>(quantile * 20'000) - 1]);
    const double found = static_cast<double>(whole.QuantileNs(quantile));
    EXPECT_GE(found, exact * 0.999) << quantile;
    EXPECT_LE(found, exact * 1.26) << quantile;  // the bound of a bucket a quarter of a power wide
  }
  EXPECT_EQ(Histogram().QuantileNs(0.5), 0);
}

TEST(PrometheusTextTest, GivesEveryMetricWithHelpAndType) {
  Count(Metric::kLogRequestsList, 5);
  Record(Metric::kImportSeconds, 3'000'000);
  const std::string text = PrometheusText();
  for (const Definition& definition : Definitions()) {
    const std::string help = "# HELP " + std::string(definition.name) + ' ';
    if (definition.kind == MetricKind::kSpan) {
      EXPECT_EQ(text.find(help), std::string::npos) << "spans are for traces";
      continue;
    }
    EXPECT_NE(text.find(help), std::string::npos);
    EXPECT_EQ(text.find(help), text.rfind(help)) << "said twice";
  }
  EXPECT_NE(text.find("levee_log_requests_total{kind=\"list\"} 5\n"), std::string::npos) << text;
  EXPECT_NE(text.find("levee_import_seconds_bucket{le=\"0.002097152\"} 0\n"), std::string::npos);
  EXPECT_NE(text.find("levee_import_seconds_bucket{le=\"0.004194304\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("levee_import_seconds_bucket{le=\"+Inf\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("levee_import_seconds_sum 0.003\n"), std::string::npos);
  EXPECT_TRUE(text.ends_with('\n'));
}

}  // namespace
}  // namespace levee::metrics
