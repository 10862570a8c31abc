// Figures that somebody should hear of.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "memory/statistics/activity.h"

namespace levee::memory {

// 0 switches one off.
struct AlertLimits {
  std::int64_t latency_us = 100'000;   // of a kind of operation, on average: at most
  double hit_rate = 0.8;               // of the cache: at least
  double error_rate = 0.01;            // of a kind of operation: at most
  std::int64_t lock_wait_us = 10'000;  // of a write transaction, on average: at most
};

struct Alert {
  std::string about;  // the same for as long as a figure is beyond its limit
  std::string text;   // "find: 120 ms on average, more than 100 ms"
};

// What is beyond its limit. A rate is judged once it rests on enough: errors on 20 calls, hits on 1,000 looks.
std::vector<Alert> AlertsOf(const Activity& activity, const AlertLimits& limits);

// Tells each crossing once. Not thread-safe.
class AlertCrossings {
 public:
  // The texts of those that were not beyond their limit the last time.
  std::vector<std::string> New(const std::vector<Alert>& alerts);

 private:
  std::set<std::string> beyond_;
};

}  // namespace levee::memory
