// What a question costs that was not asked before: ask_afresh STORE TABLE BASE QUESTION TIMES
//
// QUESTION is `simple`, `conjuncts` (100 bounds) or `in` (a list of 1,000), over the column id from about BASE on. Each
// time the numbers differ, so that nothing kept of an earlier predicate helps. Prints medians in nanoseconds: the
// question from its text to the number of files, and of it the parsing and planning.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"

namespace {

constexpr int kConjuncts = 100;
constexpr int kListed = 1000;

[[noreturn]] void Stop(const levee::Error& error) {
  std::fprintf(stderr, "ask_afresh: %s\n", error.ToString().c_str());
  std::exit(1);
}

std::string Conjuncts(std::int64_t base) {
  std::string where;
  for (int i = 0; i < kConjuncts / 2; ++i) {
    where += (where.empty() ? "id >= " : " AND id >= ") + std::to_string(base + i);
    where += " AND id <= " + std::to_string(base + 10'000 - i);
  }
  return where;
}

std::string List(std::int64_t base) {
  std::string where = "id IN (" + std::to_string(base);
  for (int i = 1; i < kListed; ++i) where += ", " + std::to_string(base + 7 * i);
  return where + ")";
}

std::string Question(std::string_view kind, std::int64_t base) {
  if (kind == "conjuncts") return Conjuncts(base);
  if (kind == "in") return List(base);
  return "id BETWEEN " + std::to_string(base) + " AND " + std::to_string(base + 10'000);
}

std::int64_t Median(std::vector<std::int64_t> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const int times = argc == 6 ? std::atoi(argv[5]) : 0;
  if (times < 1) {
    std::fprintf(stderr, "usage: ask_afresh STORE TABLE BASE simple|conjuncts|in TIMES\n");
    return 64;
  }
  levee::engine::EngineOptions options;
  options.store_uri = argv[1];
  options.freshness.mode = levee::catalog::Freshness::Mode::kCached;
  auto engine = levee::engine::Engine::Open(options);
  if (!engine) Stop(engine.error());
  std::vector<std::int64_t> asked_ns, bound_ns;
  std::int64_t files = 0;
  for (int i = 0; i < times; ++i) {
    levee::catalog::FilesRequest request;
    request.where = Question(argv[4], std::atoll(argv[3]) + i);
    levee::catalog::Explanation explanation;
    const std::int64_t began_ns = levee::SystemClock().MonotonicNanos();
    auto view = (*engine)->catalog().Open(argv[2], {});
    if (!view) Stop(view.error());
    const auto count = (*view)->Count(request, &explanation);
    if (!count) Stop(count.error());
    asked_ns.push_back(levee::SystemClock().MonotonicNanos() - began_ns);
    bound_ns.push_back(explanation.bind_ns);
    files += *count;
  }
  std::printf("{\"files\":%lld,\"asked_ns\":%lld,\"bound_ns\":%lld}\n", static_cast<long long>(files),
              static_cast<long long>(Median(asked_ns)), static_cast<long long>(Median(bound_ns)));
  return 0;
}
