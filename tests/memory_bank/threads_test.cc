// Many threads on one bank: nothing lost, nothing stale.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "tests/memory_bank/bank_under_test.h"

namespace levee::memory_bank {
namespace {

constexpr int kThreads = 6, kRounds = 40;

class ThreadsTest : public BankTest {
 protected:
  // Runs `work(number)` in each of so many threads.
  template <typename Work>
  static void InThreads(int count, Work&& work) {
    std::vector<std::thread> threads;
    for (int number = 0; number < count; ++number) threads.emplace_back([&, number] { work(number); });
    for (std::thread& thread : threads) thread.join();
  }
};
LEVEE_BANK_SUITE(ThreadsTest);

TEST_P(ThreadsTest, EachSeesItsOwnWritesAtOnce) {
  std::atomic<int> wrong = 0;
  InThreads(kThreads, [&](int number) {
    for (int round = 0; round < kRounds; ++round) {
      const std::string id = "t" + std::to_string(number) + "r" + std::to_string(round);
      const auto written = bank().Store({{Note(id, "word" + id + " of all")}}, {});
      const auto got = bank().Get(id, {});
      wrong += written && got && *got && (*got)->version == 1 ? 0 : 1;
      ItemQuery query;
      query.words = "word" + id;
      query.typos = 0;
      wrong += bank().Count(query).value_or(-1) == 1 ? 0 : 1;
      if (round % 10 == 9 && number == 0) wrong += bank().Maintain({}) ? 0 : 1;
    }
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(bank().Count({}).value(), kThreads * kRounds);
  made().Reopen();
  EXPECT_EQ(bank().Count({}).value(), kThreads * kRounds);
  const auto verified = bank().Verify().value();
  EXPECT_THAT(verified.problems, testing::IsEmpty());
}

// A counter that everybody counts up, conditionally: no count is lost.
TEST_P(ThreadsTest, ConditionalUpdatesLoseNothing) {
  bank().Store({{Note("counter", "0")}}, {}).value();
  std::atomic<int> errors = 0;
  InThreads(kThreads, [&](int) {
    for (int done = 0; done < kRounds / 4;) {
      const auto there = bank().Get("counter", {});
      if (!there || !*there) {
        ++errors;
        return;
      }
      const std::string next = std::to_string(std::stoi((*there)->content) + 1);
      const auto written = bank().Update({{.id = "counter", .expected_version = (*there)->version, .content = next}}, {});
      if (!written) {
        ++errors;
        return;
      }
      done += written->at(0).outcome == Written::Outcome::kUpdated ? 1 : 0;
    }
  });
  EXPECT_EQ(errors, 0);
  const Item counter = bank().Get("counter", {}).value().value();
  EXPECT_EQ(counter.content, std::to_string(kThreads * (kRounds / 4)));
  EXPECT_EQ(counter.version, 1 + kThreads * (kRounds / 4));
  EXPECT_EQ(bank().History("counter", {}).value().size(), static_cast<std::size_t>(counter.version));
}

// Batches land whole: whoever counts meanwhile sees a multiple of their size.
TEST_P(ThreadsTest, BatchesAreSeenWholeOrNotAtAll) {
  constexpr int kBatch = 7;
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0, errors = 0;
  std::thread reader([&] {
    while (!done) {
      const auto count = bank().Count({});
      errors += count ? 0 : 1;
      torn += count.value_or(0) % kBatch == 0 ? 0 : 1;
    }
  });
  InThreads(kThreads, [&](int number) {
    for (int round = 0; round < kRounds; ++round) {
      std::vector<ItemWrite> batch;
      for (int i = 0; i < kBatch; ++i) {
        const std::string id = std::to_string(number) + "-" + std::to_string(round) + "-" + std::to_string(i);
        batch.push_back({Note(id, "in a batch"), {}});
      }
      errors += bank().Store(std::move(batch), {}) ? 0 : 1;
    }
  });
  done = true;
  reader.join();
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(errors, 0);
  EXPECT_EQ(bank().Count({}).value(), kThreads * kRounds * kBatch);
}

}  // namespace
}  // namespace levee::memory_bank
