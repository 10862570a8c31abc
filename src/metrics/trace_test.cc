#include "metrics/trace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

namespace levee::metrics {
namespace {

TEST(TraceTest, WithoutTracingNothingIsKept) {
  TakeTrace();
  { const Span span(Metric::kPlanSpan); }
  { const Timer timer(Metric::kOpenSeconds); }
  EXPECT_TRUE(TakeTrace().spans.empty());
}

TEST(TraceTest, ScopesNestAndThreadsAreToldApart) {
  SetTracing(true);
  {
    const Timer outer(Metric::kOpenSeconds);
    const Span inner(Metric::kPlanSpan);
  }
  std::jthread([] { const Span span(Metric::kFetchSpan); }).join();
  SetTracing(false);
  const Trace trace = TakeTrace();
  ASSERT_EQ(trace.spans.size(), 3u);
  const auto of = [&](Metric metric) { return *std::ranges::find(trace.spans, metric, &SpanRecord::metric); };
  const SpanRecord outer = of(Metric::kOpenSeconds), inner = of(Metric::kPlanSpan), other = of(Metric::kFetchSpan);
  EXPECT_LE(outer.start_ns, inner.start_ns);
  EXPECT_GE(outer.start_ns + outer.duration_ns, inner.start_ns + inner.duration_ns);
  EXPECT_EQ(outer.thread, inner.thread);
  EXPECT_NE(outer.thread, other.thread);
  EXPECT_TRUE(TakeTrace().spans.empty());  // taken once
}

TEST(TraceTest, TimersAreSpansAlsoWhileNothingIsCounted) {
  SetEnabled(false);
  SetTracing(true);
  const std::int64_t counted = ReadHistogram(Metric::kOpenSeconds).count;
  { const Timer timer(Metric::kOpenSeconds); }
  SetTracing(false);
  SetEnabled(true);
  EXPECT_EQ(TakeTrace().spans.size(), 1u);
  EXPECT_EQ(ReadHistogram(Metric::kOpenSeconds).count, counted);
}

TEST(TraceTest, TooManyAreDroppedAndCounted) {
  SetTracing(true);
  for (std::size_t i = 0; i < kSpansOfThread + 7; ++i) KeepSpan(Metric::kPlanSpan, 1, 2);
  SetTracing(false);
  const Trace trace = TakeTrace();
  EXPECT_EQ(trace.spans.size(), kSpansOfThread);
  EXPECT_EQ(trace.dropped, 7);
}

TEST(TraceTest, JsonCountsFromTheFirstSpanInMicroseconds) {
  const Trace trace{.spans = {{Metric::kOpenSeconds, 1, 5'000, 12'500}, {Metric::kZoneMapsSpan, 2, 6'500, 250}},
                    .dropped = 3};
  EXPECT_EQ(TraceJson(trace),
            "{\"displayTimeUnit\":\"ms\",\"otherData\":{\"dropped\":3},\"traceEvents\":[\n"
            "{\"name\":\"open\",\"ph\":\"X\",\"ts\":0.000,\"dur\":12.500,\"pid\":1,\"tid\":1},\n"
            "{\"name\":\"zone_maps\",\"ph\":\"X\",\"ts\":1.500,\"dur\":0.250,\"pid\":1,\"tid\":2}\n]}\n");
}

}  // namespace
}  // namespace levee::metrics
