// The yardstick of bench-check: a fixed loop of arithmetic, branches and memory, which no change of Levee touches.
//
//   reference_loop [TIMES]     prints the median of TIMES loops (default 1): wall and CPU nanoseconds
//
// A loop takes about two milliseconds: look-ups in a table of 256 KiB, a sort of 4,096 numbers, a copy of 64 KiB. Without
// TIMES it is also the reference for new processes, which pay for their start alike.
// It stays within the second-level cache, as warm questions do: a larger one would tell of the neighbours instead.
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <vector>

namespace {

constexpr std::size_t kTableWords = 1 << 15;
constexpr std::size_t kSorted = 4096;
constexpr std::size_t kLookups = 1 << 16;
constexpr std::size_t kCopiedWords = 1 << 13;

// Nanoseconds; not of base/clock.h, so that the loop stands on nothing of Levee.
std::int64_t Now(clockid_t clock) {
  timespec at{};
  clock_gettime(clock, &at);
  return at.tv_sec * 1'000'000'000LL + at.tv_nsec;
}

std::uint64_t Mix(std::uint64_t x) {
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93;
  x ^= x >> 32;
  return x;
}

// Each look-up waits for the one before it, as a walk through an index does.
std::uint64_t Loop(std::vector<std::uint64_t>& table, std::vector<std::uint64_t>& scratch, std::uint64_t seed) {
  std::uint64_t sum = seed + 1;
  for (std::size_t i = 0; i < kLookups; ++i) sum = Mix(sum + table[sum % kTableWords]);
  for (std::size_t i = 0; i < kSorted; ++i) scratch[i] = Mix(seed + i);
  std::sort(scratch.begin(), scratch.begin() + kSorted);
  std::memmove(table.data(), table.data() + kCopiedWords, kCopiedWords * sizeof(std::uint64_t));
  return sum + scratch[sum % kSorted];
}

long long Median(std::vector<std::int64_t> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const int times = argc > 1 ? std::atoi(argv[1]) : 1;
  if (times < 1) {
    std::fprintf(stderr, "usage: reference_loop [TIMES]\n");
    return 64;
  }
  std::vector<std::uint64_t> table(kTableWords), scratch(kSorted);
  for (std::size_t i = 0; i < kTableWords; ++i) table[i] = Mix(i + 1);
  std::vector<std::int64_t> loops_ns, cpu_loops_ns;
  std::uint64_t sum = 0;
  for (int i = 0; i < times; ++i) {
    const std::int64_t began_ns = Now(CLOCK_MONOTONIC), cpu_began_ns = Now(CLOCK_PROCESS_CPUTIME_ID);
    sum += Loop(table, scratch, static_cast<std::uint64_t>(i));
    cpu_loops_ns.push_back(Now(CLOCK_PROCESS_CPUTIME_ID) - cpu_began_ns);
    loops_ns.push_back(Now(CLOCK_MONOTONIC) - began_ns);
  }
  // All of the time beside all of the CPU time tells how much others held the core.
  const double crowding = static_cast<double>(std::accumulate(loops_ns.begin(), loops_ns.end(), std::int64_t{0})) /
                          static_cast<double>(std::accumulate(cpu_loops_ns.begin(), cpu_loops_ns.end(), std::int64_t{1}));
  // The sum is printed so that the compiler cannot leave the work out.
  std::printf("{\"loop_ns\":%lld,\"cpu_loop_ns\":%lld,\"crowding\":%.3f,\"sum\":%llu}\n", Median(loops_ns),
              Median(cpu_loops_ns), crowding, static_cast<unsigned long long>(sum));
  return 0;
}
