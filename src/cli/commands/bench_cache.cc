// `bench cache`: replays a trace of accesses through the cache itself and tells the hit rate.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/nearest_name.h"
#include "base/status.h"
#include "cache/sharded_cache.h"
#include "cli/commands/bench_modes.h"
#include "cli/option_values.h"
#include "output/human_text.h"
#include "output/json_writer.h"

namespace levee::cli {
namespace {

constexpr std::array<std::string_view, 8> kOptionNames{"trace", "entries",   "policy", "lfu-window",
                                                       "lfu-decay", "ttl", "learning-rate", "format"};
constexpr std::array<std::string_view, 2> kFormats{"table", "json"};
constexpr std::int64_t kMostEntries = cache::kSlotLimit - 1;

// The clock of a replay: one access is one nanosecond, so a life is a number of accesses.
class AccessClock final : public Clock {
 public:
  std::int64_t NowMicros() override { return access_ / 1000; }
  std::int64_t MonotonicNanos() override { return access_; }
  void Advance() { ++access_; }

 private:
  std::int64_t access_ = 0;
};

struct Replay {
  std::size_t accesses = 0;
  std::uint64_t hits = 0;
  std::int64_t took_ns = 0;

  double hit_rate() const {
    return accesses == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(accesses);
  }
  double ns_per_access() const {
    return accesses == 0 ? 0 : static_cast<double>(took_ns) / static_cast<double>(accesses);
  }
};

Error ReadError(const std::string& path) {
  return {ErrorCode::kIo, "trace " + path, "it cannot be read", "--trace FILE, or - for standard input"};
}

// The whole file; `-` is standard input.
Result<std::string> ReadTrace(const std::string& path) {
  const auto close = [](std::FILE* file) { return file == stdin ? 0 : std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(
      path == "-" ? stdin : std::fopen(path.c_str(), "rb"), close);
  if (file == nullptr) return std::unexpected(ReadError(path));
  std::string text;
  std::vector<char> buffer(1 << 16);
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file.get())) {
    text.append(buffer.data(), count);
  }
  if (std::ferror(file.get()) != 0) return std::unexpected(ReadError(path));
  if (text.starts_with("\x1f\x8b")) {
    return Fail(ErrorCode::kUnsupported, "trace " + path, "it is compressed by gzip",
                "gzip -dc FILE | levee bench cache --trace - ...");
  }
  return text;
}

// Each line's key as a number of its own; lines that are empty or `*` are no accesses.
std::vector<std::uint64_t> NumberKeys(std::string_view text) {
  std::unordered_map<std::string_view, std::uint64_t> numbers;
  std::vector<std::uint64_t> keys;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line == "*") continue;
    keys.push_back(numbers.emplace(line, numbers.size()).first->second);
  }
  return keys;
}

OptionValue<std::optional<double>> NumberOption(const ParsedLine& line, std::string_view option, double least,
                                                double most) {
  const auto text = line.Value(option);
  if (!text) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error == std::errc() && end == text->data() + text->size() && value >= least && value <= most) return value;
  return std::unexpected(WrongValue(option, *text, "a number from " + std::to_string(static_cast<int>(least)) + " to " +
                                                       std::to_string(static_cast<int>(most))));
}

OptionValue<cache::CacheOptions> ReadCacheOptions(const ParsedLine& line) {
  cache::CacheOptions options{.charging = cache::Charging::kEntries, .shards = 1};
  LEVEE_ASSIGN(const auto entries, IntegerOption(line, "entries", 1));
  if (!entries) return std::unexpected(UsageError{"bench cache", "--entries is missing", "--entries N"});
  if (*entries > kMostEntries) {
    return std::unexpected(WrongValue("entries", *line.Value("entries"), "at most " + std::to_string(kMostEntries)));
  }
  const std::string_view policy_name = line.Value("policy").value_or(cache::kPolicyNames.front());
  const std::optional<cache::PolicyKind> policy = cache::PolicyOfName(policy_name);
  if (!policy) {
    return std::unexpected(UsageError{"option --policy", "there is no policy '" + std::string(policy_name) + "'",
                                      api::NearestHint(policy_name, cache::kPolicyNames,
                                                  "one of lru, lfu, fifo, ttl, adaptive")});
  }
  LEVEE_ASSIGN(const auto window, IntegerOption(line, "lfu-window", 1));
  LEVEE_ASSIGN(const auto decay, NumberOption(line, "lfu-decay", 0, 1));
  LEVEE_ASSIGN(const auto ttl, IntegerOption(line, "ttl", 1));
  LEVEE_ASSIGN(const auto learning_rate, NumberOption(line, "learning-rate", 0, 1000));
  options.budget = static_cast<std::uint64_t>(*entries);
  options.policy = *policy;
  options.tuning.lfu_window = static_cast<std::uint64_t>(window.value_or(10 * *entries));
  options.tuning.lfu_decay = decay.value_or(options.tuning.lfu_decay);
  options.tuning.learning_rate = learning_rate.value_or(options.tuning.learning_rate);
  if (options.policy == cache::PolicyKind::kTtl) options.life_ns = ttl.value_or(10 * *entries);
  return options;
}

// An access is a look-up and, when it misses, an insertion.
Replay ReplayKeys(const std::vector<std::uint64_t>& keys, cache::CacheOptions options, Clock& clock) {
  AccessClock accesses;
  options.clock = &accesses;
  cache::ShardedCache cache(std::move(options));
  const auto value = std::make_shared<const char>();
  const std::int64_t began_ns = clock.MonotonicNanos();
  for (const std::uint64_t key : keys) {
    if (cache.Find<char>({0, key}) == nullptr) cache.Insert<char>({0, key}, value, 1);
    accesses.Advance();
  }
  return {keys.size(), cache.counters().hits, clock.MonotonicNanos() - began_ns};
}

std::string ReplayJson(const Replay& replay) {
  std::string out;
  output::JsonWriter json(out);
  json.BeginObject()
      .Member("accesses", replay.accesses)
      .Member("hits", replay.hits)
      .Member("hit_rate", replay.hit_rate())
      .Member("ns_per_access", replay.ns_per_access())
      .EndObject();
  return out + '\n';
}

std::string Decimal(double value, const char* format) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

std::string ReplayText(const Replay& replay) {
  return "accesses       " + output::GroupedNumber(static_cast<std::int64_t>(replay.accesses)) +
         "\nhits           " + output::GroupedNumber(static_cast<std::int64_t>(replay.hits)) +
         "\nhit rate       " + Decimal(replay.hit_rate() * 100, "%.2f %%") +
         "\nns per access  " + Decimal(replay.ns_per_access(), "%.1f") + '\n';
}

}  // namespace

Outcome RunBenchCache(Context& context) {
  if (context.line.arguments.size() > 1) {
    return std::unexpected(UsageError{"bench cache", "it takes no argument", "levee bench cache --trace FILE"});
  }
  LEVEE_RETURN_IF_ERROR(AllowOnly(context.line, "bench cache", kOptionNames));
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  LEVEE_ASSIGN(cache::CacheOptions options, ReadCacheOptions(context.line));
  const auto path = context.line.Value("trace");
  if (!path) return std::unexpected(UsageError{"bench cache", "--trace is missing", "--trace FILE"});
  LEVEE_ASSIGN(const std::string text, ReadTrace(std::string(*path)));
  const std::vector<std::uint64_t> keys = NumberKeys(text);
  const Replay replay = ReplayKeys(keys, std::move(options), context.clock);
  context.out.Append(format == "json" ? ReplayJson(replay) : ReplayText(replay));
  return kExitDone;
}

}  // namespace levee::cli
