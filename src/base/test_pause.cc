#include "base/test_pause.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace levee {
namespace {

struct Wanted {
  std::string point;           // empty: none
  std::atomic<long> calls_left{1};

  Wanted() {
    const char* text = std::getenv("LEVEE_TEST_PAUSE");
    if (text == nullptr) return;
    point = text;
    const std::size_t colon = point.find(':');
    if (colon == std::string::npos) return;
    calls_left = std::strtol(point.c_str() + colon + 1, nullptr, 10);
    point.resize(colon);
  }
};

}  // namespace

void PauseForTest(std::string_view point) {
  static Wanted wanted;
  if (wanted.point.empty() || wanted.point != point || --wanted.calls_left != 0) return;
  std::fprintf(stderr, "levee: paused at %s\n", wanted.point.c_str());
  std::fflush(stderr);
  std::this_thread::sleep_for(std::chrono::minutes(1));
}

}  // namespace levee
