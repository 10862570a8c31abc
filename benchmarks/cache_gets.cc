// What a look-up in the cache costs, on one thread and on several, and what an entry costs beside its value.
//
//   cache_gets [ENTRIES] [POLICY]     default: 16384 lru
//
// Every look-up hits. Keys are drawn by a Zipf law (exponent 0.99), drawn before the clock starts.
#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "cache/sharded_cache.h"

namespace {

using levee::cache::CacheKey;
using levee::cache::ShardedCache;

constexpr std::size_t kGets = 1 << 20;
constexpr int kRounds = 5;
constexpr std::size_t kCharge = 64;  // a value's, in bytes

std::vector<std::uint32_t> ZipfKeys(std::size_t entries, std::uint64_t seed) {
  std::vector<double> sums;
  double sum = 0;
  for (std::size_t rank = 1; rank <= entries; ++rank) sums.push_back(sum += std::pow(rank, -0.99));
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<> uniform(0, sum);
  std::vector<std::uint32_t> keys(1 << 16);
  for (std::uint32_t& key : keys) {
    const auto rank = std::lower_bound(sums.begin(), sums.end(), uniform(random));
    key = static_cast<std::uint32_t>(rank - sums.begin());
  }
  return keys;
}

struct Timing {
  double ns_per_get = 0;        // of one thread
  double gets_per_second = 0;   // of all
  double cpu_ns_per_get = 0;    // of processor time: what remains of it on a busy machine, where waiting counts nothing
};

double ThreadCpuNs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// The median round.
Timing Measure(ShardedCache& cache, std::size_t entries, int threads) {
  std::vector<double> rounds_ns, rounds_cpu_ns;
  for (int round = 0; round < kRounds; ++round) {
    std::barrier start(threads + 1), end(threads + 1);
    std::vector<std::jthread> workers;
    std::atomic<std::uint64_t> missing = 0;
    std::atomic<double> cpu_ns = 0;
    for (int t = 0; t < threads; ++t) {
      workers.emplace_back([&, t] {
        const std::vector<std::uint32_t> keys = ZipfKeys(entries, static_cast<std::uint64_t>(round * 64 + t));
        std::uint64_t absent = 0;
        start.arrive_and_wait();
        const double began_cpu_ns = ThreadCpuNs();
        for (std::size_t i = 0; i < kGets; ++i) {
          absent += cache.Find<std::uint64_t>({1, keys[i % keys.size()]}) == nullptr ? 1 : 0;
        }
        cpu_ns += ThreadCpuNs() - began_cpu_ns;
        end.arrive_and_wait();
        missing += absent;
      });
    }
    start.arrive_and_wait();
    const std::int64_t began_ns = levee::SystemClock().MonotonicNanos();
    end.arrive_and_wait();
    rounds_ns.push_back(static_cast<double>(levee::SystemClock().MonotonicNanos() - began_ns));
    workers.clear();
    rounds_cpu_ns.push_back(cpu_ns / threads);
    if (missing != 0) std::fputs("cache_gets: look-ups missed\n", stderr);
  }
  std::sort(rounds_ns.begin(), rounds_ns.end());
  std::sort(rounds_cpu_ns.begin(), rounds_cpu_ns.end());
  const double median_ns = rounds_ns[kRounds / 2];
  return {median_ns / kGets, static_cast<double>(kGets) * threads / median_ns * 1e9,
          rounds_cpu_ns[kRounds / 2] / kGets};
}

std::size_t BytesInUse() { return mallinfo2().uordblks + mallinfo2().hblkhd; }

// Of a full cache that has evicted as much as it holds: all that it allocated but the keys. The handle of a
// value (16 bytes) is counted, the value is not.
double OverheadAnEntry(std::size_t entries, levee::cache::PolicyKind policy) {
  const auto value = std::make_shared<const std::uint64_t>(0);
  const std::size_t before = BytesInUse();
  ShardedCache cache({.budget = entries * kCharge, .policy = policy});
  for (std::size_t i = 0; i < entries * 2; ++i) cache.Insert<std::uint64_t>({1, i}, value, kCharge);
  const auto held = static_cast<double>(cache.counters().entries);
  return static_cast<double>(BytesInUse() - before) / held - sizeof(CacheKey);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t entries = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 16384;
  const auto policy = levee::cache::PolicyOfName(argc > 2 ? argv[2] : "lru");
  if (entries == 0 || !policy) {
    std::fprintf(stderr, "usage: cache_gets [ENTRIES] [lru|lfu|fifo|ttl|adaptive]\n");
    return 64;
  }
  const double overhead = OverheadAnEntry(entries, *policy);
  ShardedCache cache({.budget = entries * kCharge * 2, .policy = *policy});
  for (std::size_t i = 0; i < entries; ++i) {
    cache.Insert<std::uint64_t>({1, i}, std::make_shared<const std::uint64_t>(i), kCharge);
  }
  const Timing one = Measure(cache, entries, 1);
  const Timing two = Measure(cache, entries, 2);
  std::printf("{\"entries\":%zu,\"policy\":\"%s\",\"ns_per_get\":%.1f,\"gets_per_second_2_threads\":%.0f,"
              "\"cpu_ns_per_get\":%.1f,\"cpu_ns_per_get_2_threads\":%.1f,\"overhead_bytes_an_entry\":%.1f}\n",
              entries, argc > 2 ? argv[2] : "lru", one.ns_per_get, two.gets_per_second,
              one.cpu_ns_per_get, two.cpu_ns_per_get, overhead);
  return 0;
}
