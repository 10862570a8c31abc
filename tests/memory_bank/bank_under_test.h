// The banks that the conformance suite runs on.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "levee/memory.h"

namespace levee::memory_bank {

// A clock that stands still until it is moved. One thread at a time.
class StandingClock final : public Clock {
 public:
  std::int64_t NowMicros() override { return now_; }
  std::int64_t MonotonicNanos() override { return now_ * 1000; }
  void Move(std::int64_t micros) { now_ += micros; }

 private:
  std::int64_t now_ = 1'700'000'000'000'000;  // 2023-11-14T22:13:20Z
};

struct BankSettings {
  std::string replica = "here", author = "suite";
  std::int64_t content_limit = 100'000;  // bytes
};

// One bank, and what is done to it from outside.
class BankUnderTest {
 public:
  virtual ~BankUnderTest() = default;
  virtual MemoryBank& bank() = 0;
  // Closes it and opens it again; where nothing lasts, nothing happens.
  virtual void Reopen() {}
  // A file that Backup made, opened as a bank of its own; null: it makes none.
  virtual std::unique_ptr<MemoryBank> OpenBackup(const std::string& /*path*/) { return nullptr; }
};

struct BankKind {
  std::string name;
  std::function<std::unique_ptr<BankUnderTest>(Clock&, const BankSettings&)> make;
};
// For messages of failures.
inline void PrintTo(const BankKind& kind, std::ostream* out) { *out << kind.name; }
// Every kind there is.
std::vector<BankKind> BankKinds();

// A new bank for each test.
class BankTest : public testing::TestWithParam<BankKind> {
 protected:
  void SetUp() override { Open({}); }
  void Open(const BankSettings& settings) { made_ = GetParam().make(clock_, settings); }

  MemoryBank& bank() { return made_->bank(); }
  BankUnderTest& made() { return *made_; }

  // Stores one item after the clock has moved on by a second; its outcome.
  Written Store(Item item, std::optional<std::int64_t> expected_version = {},
                const WriteOptions& options = {});
  // The ids that a query finds, joined by spaces; an error's detail and message instead.
  std::string Ids(const ItemQuery& query);
  // "version outcome" of a write's result.
  static std::string Text(const Result<std::vector<Written>>& result);

  StandingClock clock_;

 private:
  std::unique_ptr<BankUnderTest> made_;
};

// The detail of an error; "none" where there is none.
template <typename T>
std::string DetailOf(const Result<T>& result) {
  return result ? "none" : result.error().detail;
}

// An item of that id and content, and what else tests seldom name.
Item Note(std::string id, std::string content);

}  // namespace levee::memory_bank

#define LEVEE_BANK_SUITE(Suite)                                                                \
  INSTANTIATE_TEST_SUITE_P(Banks, Suite, testing::ValuesIn(::levee::memory_bank::BankKinds()), \
                           [](const auto& info) { return info.param.name; })
