#include "base/pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/cancellation.h"
#include "base/deferred.h"
#include "base/parallel.h"

namespace levee {
namespace {

using std::chrono::milliseconds;

// Long enough for a loaded machine; a test that waits for all of it has failed.
constexpr std::chrono::seconds kPatience{60};

Status Nothing(std::size_t) { return {}; }

TEST(PoolTest, StartsNoThreadBeforeThereIsWork) {
  Pool pool(4);
  EXPECT_EQ(pool.counters().threads, 0);
  ASSERT_TRUE(ParallelFor(100, {.threads = 1, .pool = &pool}, Nothing));
  EXPECT_EQ(pool.counters().threads, 0);
  ASSERT_TRUE(ParallelFor(100, {.threads = 3, .pool = &pool}, Nothing));
  EXPECT_GE(pool.counters().threads, 1);
  EXPECT_LE(pool.counters().threads, 2);
}

TEST(PoolTest, ThreadsStayForTheNextLoop) {
  Pool pool(2);
  for (int loop = 0; loop < 1'000; ++loop) {
    std::atomic<int> ran{0};
    ASSERT_TRUE(ParallelFor(8, {.threads = 4, .pool = &pool}, [&](std::size_t) -> Status {
      ++ran;
      return {};
    }));
    ASSERT_EQ(ran, 8);
  }
  EXPECT_LE(pool.counters().threads, 2);
  EXPECT_EQ(pool.counters().spares, 0);
}

TEST(PoolTest, AtMostSoManyOfALoopRunAtOnce) {
  Pool pool(8);
  std::atomic<int> at_once{0}, most{0};
  ASSERT_TRUE(ParallelFor(200, {.threads = 3, .pool = &pool}, [&](std::size_t) -> Status {
    const int now = ++at_once;
    for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
    }
    std::this_thread::sleep_for(milliseconds(1));
    --at_once;
    return {};
  }));
  EXPECT_LE(most, 3);
  EXPECT_GE(most, 2);
}

// One piece holds a thread until all the others are done, so they must be done by other threads.
TEST(PoolTest, UnevenPiecesAreEvenedOut) {
  Pool pool(2);
  std::latch others(999);
  ASSERT_TRUE(ParallelFor(1'000, {.threads = 3, .pool = &pool}, [&](std::size_t i) -> Status {
    if (i == 0) {
      others.wait();
    } else {
      others.count_down();
    }
    return {};
  }));
}

// A thread that is held up leaves work in its own lane: only stealing gets it done.
TEST(PoolTest, ThreadsStealFromOneThatIsHeldUp) {
  Pool pool(2);
  std::promise<void> ran;
  std::atomic<bool> in_time{false};
  Deferred<int> outer(
      [&] {
        Deferred<int> inner(
            [&] {
              ran.set_value();
              return 2;
            },
            Priority::kQuestion, &pool);
        in_time = ran.get_future().wait_for(kPatience) == std::future_status::ready;
        return inner.Get();
      },
      Priority::kQuestion, &pool);
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  while (pool.counters().stolen == 0 && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
  EXPECT_EQ(pool.counters().stolen, 1);
  EXPECT_EQ(outer.Get(), 2);
  EXPECT_TRUE(in_time);
}

TEST(PoolTest, NestedLoopsEndWithEveryThreadBusy) {
  for (const int threads : {0, 1, 2, 4}) {
    Pool pool(threads);
    std::atomic<int> ran{0};
    const LoopOptions options{.threads = 8, .pool = &pool};
    ASSERT_TRUE(ParallelFor(8, options, [&](std::size_t) {
      return ParallelFor(8, options, [&](std::size_t) {
        return ParallelFor(8, options, [&](std::size_t) -> Status {
          ++ran;
          return {};
        });
      });
    }));
    EXPECT_EQ(ran, 512);
  }
}

TEST(PoolTest, LoopsOfManyCallersShareTheThreads) {
  Pool pool(2);
  std::atomic<int> ran{0};
  std::vector<std::jthread> callers;
  for (int caller = 0; caller < 6; ++caller) {
    callers.emplace_back([&] {
      for (int loop = 0; loop < 50; ++loop) {
        ASSERT_TRUE(ParallelFor(16, {.threads = 4, .pool = &pool}, [&](std::size_t) -> Status {
          ++ran;
          return {};
        }));
      }
    });
  }
  callers.clear();
  EXPECT_EQ(ran, 6 * 50 * 16);
  EXPECT_LE(pool.counters().threads, 2);
}

TEST(PoolTest, QuestionsAreTakenBeforeImportsThatCameFirst) {
  Pool pool(1);
  std::promise<void> entered, go;
  std::shared_future<void> may_go(go.get_future());
  Deferred<int> first(
      [&] {
        entered.set_value();
        may_go.wait();
        return 0;
      },
      Priority::kQuestion, &pool);
  entered.get_future().wait();
  std::mutex mutex;
  std::vector<int> order;
  const auto note = [&](int what) {
    return [&, what] {
      const std::lock_guard lock(mutex);
      order.push_back(what);
      return what;
    };
  };
  std::vector<Deferred<int>> queued;
  for (int i = 0; i < 3; ++i) queued.emplace_back(note(10 + i), Priority::kImport, &pool);
  for (int i = 0; i < 3; ++i) queued.emplace_back(note(i), Priority::kQuestion, &pool);
  go.set_value();
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  for (std::size_t done = 0; done < 6 && std::chrono::steady_clock::now() < give_up;) {
    std::this_thread::yield();
    const std::lock_guard lock(mutex);
    done = order.size();
  }
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 10, 11, 12}));
}

// Every thread is within an import's piece that ends only once the question was answered by another thread.
TEST(PoolTest, AQuestionDoesNotWaitForAnImport) {
  Pool pool(2);
  std::latch entered(2);
  std::promise<void> answered;
  std::shared_future<void> answer(answered.get_future());
  std::atomic<int> in_time{0};
  const auto import = [&] {
    entered.count_down();
    in_time += answer.wait_for(kPatience) == std::future_status::ready;
    return 0;
  };
  std::vector<Deferred<int>> imports;
  for (int i = 0; i < 2; ++i) imports.emplace_back(import, Priority::kImport, &pool);
  entered.wait();
  EXPECT_EQ(pool.counters().spares, 0);
  // An import that comes now waits, and gets no spare.
  Deferred<int> later([] { return 1; }, Priority::kImport, &pool);
  EXPECT_EQ(pool.counters().spares, 0);
  Deferred<int> question(
      [&] {
        answered.set_value();
        return 7;
      },
      Priority::kQuestion, &pool);
  for (Deferred<int>& one : imports) one.Get();
  EXPECT_EQ(in_time, 2);
  EXPECT_EQ(question.Get(), 7);
  EXPECT_EQ(later.Get(), 1);
  EXPECT_LE(pool.counters().spares, 2);
  EXPECT_GE(pool.counters().spares, 1);
}

TEST(PoolTest, WhatAPieceBeginsHasItsPriority) {
  Pool pool(2);
  EXPECT_EQ(CurrentPriority(Priority::kQuestion), Priority::kQuestion);
  for (const Priority priority : {Priority::kQuestion, Priority::kImport}) {
    ASSERT_TRUE(
        ParallelFor(50, {.threads = 3, .priority = priority, .pool = &pool}, [&](std::size_t) -> Status {
          EXPECT_EQ(CurrentPriority(Priority::kQuestion), priority);
          EXPECT_EQ(CurrentPriority(Priority::kImport), priority);
          return {};
        }));
    const PriorityScope scope(priority);
    Deferred<Priority> deferred([] { return CurrentPriority(Priority::kImport); }, Priority::kImport, &pool);
    EXPECT_EQ(deferred.Get(), priority);
  }
}

TEST(PoolTest, AnErrorStopsALoop) {
  Pool pool(3);
  std::atomic<int> began{0};
  const Status status = ParallelFor(1'000'000, {.threads = 4, .pool = &pool}, [&](std::size_t i) -> Status {
    ++began;
    if (i == 100) return Fail(ErrorCode::kIo, "task", "hundred");
    return {};
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().why, "hundred");
  EXPECT_LT(began, 1'000'000);
}

TEST(PoolTest, AnExceptionReachesTheCaller) {
  Pool pool(3);
  std::atomic<int> began{0}, at_work{0};
  const auto throws_at_last = [&](std::size_t i) -> Status {
    ++began;
    ++at_work;
    if (i == 100) {
      --at_work;
      throw std::runtime_error("hundred");
    }
    --at_work;
    return {};
  };
  EXPECT_THROW(static_cast<void>(ParallelFor(1'000'000, {.threads = 4, .pool = &pool}, throws_at_last)),
               std::runtime_error);
  EXPECT_EQ(at_work, 0);
  EXPECT_LT(began, 1'000'000);
  Deferred<int> deferred([]() -> int { throw std::runtime_error("one"); }, Priority::kImport, &pool);
  EXPECT_THROW(deferred.Get(), std::runtime_error);
}

class SetClock final : public Clock {
 public:
  std::int64_t NowMicros() override { return now_ns / 1'000; }
  std::int64_t MonotonicNanos() override { return now_ns; }
  std::atomic<std::int64_t> now_ns{0};
};

TEST(PoolTest, ACancelledLoopBeginsNoMore) {
  Pool pool(2);
  SetClock clock;
  for (const bool by_deadline : {false, true}) {
    Cancellation cancellation(clock, clock.now_ns + 50);
    std::atomic<int> began{0};
    const Status status = ParallelFor(1'000'000, {.threads = 3, .cancellation = cancellation, .pool = &pool},
                                      [&](std::size_t) -> Status {
                                        if (++began < 10) return {};
                                        if (by_deadline) {
                                          clock.now_ns += 50;
                                        } else {
                                          cancellation.Cancel();
                                        }
                                        return {};
                                      });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::kCancelled);
    EXPECT_EQ(status.error().why, by_deadline ? "its time is over" : "it was cancelled");
    EXPECT_LT(began, 1'000);
  }
  // After the last piece has begun it is too late.
  Cancellation late(clock);
  EXPECT_TRUE(ParallelFor(1, {.cancellation = late, .pool = &pool}, [&](std::size_t) -> Status {
    late.Cancel();
    return {};
  }));
  EXPECT_FALSE(ParallelFor(1, {.cancellation = late, .pool = &pool}, Nothing));
}

TEST(PoolTest, EndsWithWorkThatNobodyBegan) {
  std::atomic<int> ran{0};
  std::optional<Deferred<int>> fetched, dropped;
  std::promise<void> entered, go;
  std::shared_future<void> may_go(go.get_future());
  std::optional<Deferred<int>> running;
  std::jthread later;
  {
    Pool pool(1);
    running.emplace(
        [&] {
          entered.set_value();
          may_go.wait();
          return ++ran;
        },
        Priority::kImport, &pool);
    entered.get_future().wait();
    fetched.emplace([&] { return ran += 10; }, Priority::kImport, &pool);
    dropped.emplace([&] { return ran += 100; }, Priority::kImport, &pool);
    later = std::jthread([&] {
      std::this_thread::sleep_for(milliseconds(20));
      go.set_value();
    });
  }
  EXPECT_EQ(running->Get(), 1);
  EXPECT_EQ(fetched->Get(), 11);
  dropped.reset();
  EXPECT_EQ(ran, 11);
}

TEST(PoolTest, DroppedWorkLetsGoOfWhatItHolds) {
  Pool pool(0);
  const auto held = std::make_shared<int>(1);
  {
    const Deferred<int> never([held] { return *held; }, Priority::kImport, &pool);
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(PoolTest, TheSharedPoolHasTheProcessesLimit) {
  LimitPoolThreads(3);
  EXPECT_EQ(PoolThreads(), 3);
  LimitPoolThreads(1'000'000);
  EXPECT_EQ(PoolThreads(), Pool::kThreadsMax);
  LimitPoolThreads(0);
  EXPECT_EQ(PoolThreads(), std::min(MachineThreads(), Pool::kThreadsMax));
}

}  // namespace
}  // namespace levee
