#include <algorithm>
#include <charconv>

#include "memory/load/stress.h"
#include "memory/model/errors.h"

namespace levee::memory {
namespace {

std::unexpected<Error> Refused(std::string_view text, const std::string& why) {
  return InvalidItem("weights '" + std::string(text) + "'", why, "for example get=60,store=30,find=10");
}

}  // namespace

Result<StressWeights> ParseStressWeights(std::string_view text) {
  StressWeights weights{};
  std::int64_t sum = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = std::min(part.find('='), part.size());
    const auto* const name = std::ranges::find(kStressNames, part.substr(0, equals));
    if (name == kStressNames.end()) {
      return Refused(text, "'" + std::string(part.substr(0, equals)) + "' is none of get, find, search, store, update, delete");
    }
    constexpr std::int64_t kMost = 1'000'000;
    std::int64_t weight = 0;
    const std::string_view number = part.substr(std::min(equals + 1, part.size()));
    const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), weight);
    if (error != std::errc() || stop != number.data() + number.size() || weight < 0 || weight > kMost) {
      return Refused(text, "'" + std::string(number) + "' is no whole number from 0 to 1000000");
    }
    weights[static_cast<std::size_t>(name - kStressNames.begin())] = weight;
    sum += weight;
  }
  if (sum == 0) return Refused(text, "nothing would be done");
  return weights;
}

}  // namespace levee::memory
