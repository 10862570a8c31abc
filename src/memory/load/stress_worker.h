// One thread of a stress test.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "memory/load/stress.h"

namespace levee::memory {

// What the threads share: the newest version of each of the first items that anybody was told of. Thread-safe.
class KnownVersions {
 public:
  explicit KnownVersions(std::int64_t items) : versions_(static_cast<std::size_t>(items)) {}

  std::int64_t items() const { return static_cast<std::int64_t>(versions_.size()); }
  std::int64_t Of(std::int64_t number) const { return versions_[static_cast<std::size_t>(number)].load(); }
  void Told(std::int64_t number, std::int64_t version) {
    std::atomic<std::int64_t>& known = versions_[static_cast<std::size_t>(number)];
    for (std::int64_t seen = known.load(); seen < version && !known.compare_exchange_weak(seen, version);) {}
  }

 private:
  std::vector<std::atomic<std::int64_t>> versions_;
};

struct StressTally {
  LoadTimes times;
  std::int64_t wrong = 0;
};

// For one thread.
class StressWorker {
 public:
  // All outlive it. `number`: from 0, of no other worker of the bank.
  StressWorker(MemoryBank& bank, Clock& clock, const StressOptions& options, KnownVersions& known, std::int64_t number);

  // Works until then, or until it is cancelled.
  void RunUntil(std::int64_t end_ns);

  const StressTally& tally(std::size_t kind) const { return tallies_[kind]; }
  const std::string& first_wrong() const { return first_wrong_; }

 private:
  void Do(StressKind kind);
  void Get();
  void Find();
  void Search();
  void Store();
  void Update();
  void Delete();

  StressKind Choose();
  std::uint64_t Random(std::uint64_t below);
  // The call's answer; one that fails is counted.
  template <typename Call>
  auto Timed(StressKind kind, Call&& call);
  void Wrong(StressKind kind, std::string what);
  // What was found or got at version `known` or later is as it was made.
  void CheckItem(StressKind kind, const Item& item, std::int64_t known);
  void CheckGone(const std::string& id);

  MemoryBank& bank_;
  Clock& clock_;
  const StressOptions& options_;
  KnownVersions& known_;
  std::uint64_t random_;
  std::int64_t next_own_, change_;
  std::vector<std::int64_t> own_;  // numbers that this worker has stored and not deleted
  std::array<StressTally, kStressNames.size()> tallies_;
  std::string first_wrong_;
};

}  // namespace levee::memory
