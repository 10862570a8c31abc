#include "memory/statistics/alerts.h"

#include <array>
#include <cstdio>
#include <utility>

namespace levee::memory {
namespace {

constexpr std::int64_t kEnoughCalls = 20, kEnoughLooks = 1'000;

std::string Millis(double us) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.3g ms", us / 1000);
  return text.data();
}

std::string Percent(double share) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.3g %%", share * 100);
  return text.data();
}

}  // namespace

std::vector<Alert> AlertsOf(const Activity& activity, const AlertLimits& limits) {
  std::vector<Alert> alerts;
  for (const OperationStats& each : StatsOf(activity, 1)) {
    const std::string& name = each.operation;
    if (limits.latency_us > 0 && each.mean_us > static_cast<double>(limits.latency_us)) {
      alerts.push_back({name + " latency", name + ": " + Millis(each.mean_us) + " on average, more than " +
                                               Millis(static_cast<double>(limits.latency_us))});
    }
    if (limits.error_rate > 0 && each.calls >= kEnoughCalls && each.error_rate > limits.error_rate) {
      alerts.push_back({name + " errors", name + ": " + Percent(each.error_rate) + " of the calls failed, more than " +
                                              Percent(limits.error_rate)});
    }
  }
  const bool enough_looks = activity.cache_hits + activity.cache_misses >= kEnoughLooks;
  if (limits.hit_rate > 0 && enough_looks && activity.cache_hit_rate() < limits.hit_rate) {
    alerts.push_back({"cache", "cache: " + Percent(activity.cache_hit_rate()) + " of the looks hit, fewer than " +
                                   Percent(limits.hit_rate)});
  }
  if (limits.lock_wait_us > 0 && activity.lock_wait_mean_us() > static_cast<double>(limits.lock_wait_us)) {
    alerts.push_back({"locks", "writers: wait " + Millis(activity.lock_wait_mean_us()) + " for each other on average, more than " +
                                   Millis(static_cast<double>(limits.lock_wait_us))});
  }
  return alerts;
}

std::vector<std::string> AlertCrossings::New(const std::vector<Alert>& alerts) {
  std::set<std::string> beyond;
  std::vector<std::string> texts;
  for (const Alert& alert : alerts) {
    if (!beyond_.contains(alert.about)) texts.push_back(alert.text);
    beyond.insert(alert.about);
  }
  beyond_ = std::move(beyond);
  return texts;
}

}  // namespace levee::memory
