#include "delta/log_names.h"

#include <charconv>
#include <vector>

namespace levee::delta {
namespace {

constexpr std::size_t kVersionDigits = 20;
constexpr std::size_t kPartDigits = 10;
constexpr std::size_t kUuidLength = 36;

// A number of exactly `digits` digits that fits.
std::optional<std::int64_t> FixedNumber(std::string_view text, std::size_t digits) {
  if (text.size() != digits) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  return value;
}

bool IsUuid(std::string_view text) {
  if (text.size() != kUuidLength) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f') ||
                     (text[i] >= 'A' && text[i] <= 'F');
    if (dash ? text[i] != '-' : !hex) return false;
  }
  return true;
}

std::vector<std::string_view> SplitAtDots(std::string_view name) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    parts.push_back(name.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::optional<LogFileName> ParseCheckpointName(std::int64_t version,
                                               const std::vector<std::string_view>& parts) {
  const bool parquet = parts.back() == "parquet";
  if (parts.size() == 3 && parquet)
    return LogFileName{.kind = LogFileKind::kClassicCheckpoint, .version = version};
  if (parts.size() == 4 && IsUuid(parts[2])) {
    if (parquet) return LogFileName{.kind = LogFileKind::kV2ParquetCheckpoint, .version = version};
    if (parts.back() == "json")
      return LogFileName{.kind = LogFileKind::kV2JsonCheckpoint, .version = version};
  }
  if (parts.size() != 5 || !parquet) return std::nullopt;
  const auto part = FixedNumber(parts[2], kPartDigits);
  const auto count = FixedNumber(parts[3], kPartDigits);
  if (!part || !count || *part < 1 || *part > *count) return std::nullopt;
  return LogFileName{
      .kind = LogFileKind::kCheckpointPart, .version = version, .part = *part, .parts = *count};
}

}  // namespace

std::optional<LogFileName> ParseLogFileName(std::string_view name) {
  const std::vector<std::string_view> parts = SplitAtDots(name);
  const auto version = FixedNumber(parts[0], kVersionDigits);
  if (!version || parts.size() < 2) return std::nullopt;
  if (parts.size() == 2 && parts[1] == "json")
    return LogFileName{.kind = LogFileKind::kCommit, .version = *version};
  if (parts.size() == 2 && parts[1] == "crc")
    return LogFileName{.kind = LogFileKind::kChecksum, .version = *version};
  if (parts[1] == "checkpoint") return ParseCheckpointName(*version, parts);
  if (parts.size() != 4 || parts[2] != "compacted" || parts[3] != "json") return std::nullopt;
  const auto last = FixedNumber(parts[1], kVersionDigits);
  if (!last || *last < *version) return std::nullopt;
  return LogFileName{.kind = LogFileKind::kCompacted, .version = *version, .last_version = *last};
}

std::string VersionText(std::int64_t version) {
  const std::string digits = std::to_string(version);
  return std::string(kVersionDigits - std::min(kVersionDigits, digits.size()), '0') + digits;
}

}  // namespace levee::delta
