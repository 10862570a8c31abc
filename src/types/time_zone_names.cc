// Finding a zone by name, and the cache of those read.
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "types/civil_date.h"
#include "types/text_cursor.h"
#include "types/time_zone.h"
#include "types/value.h"

namespace levee::types {
namespace {

constexpr std::size_t kMaxNameLength = 64;
// Zones have up to 4 KB.
constexpr std::size_t kMaxFileSize = 64 * 1024;

// "Z", "UTC", "GMT", "UT", each with or without an offset, or an offset alone.
std::optional<std::int64_t> ParseFixedOffset(std::string_view name) {
  if (name == "Z") return 0;
  for (const std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (!name.starts_with(prefix)) continue;
    if (name.size() == prefix.size()) return 0;
    name.remove_prefix(prefix.size());
    break;
  }
  TextCursor cursor(name);
  const auto offset = TakeOffset(cursor);
  return offset && cursor.done() ? offset : std::nullopt;
}

// Names come from a user: they must not lead out of the folder of zones.
bool IsSafeName(std::string_view name) {
  if (name.empty() || name.size() > kMaxNameLength || name.front() == '/') return false;
  if (name.find("..") != std::string_view::npos) return false;
  for (const char c : name) {
    const char lower = static_cast<char>(c | 0x20);
    const bool ok = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
                    c == '+' || c == '/';
    if (!ok) return false;
  }
  return true;
}

std::optional<TimeZone> LoadZone(std::string_view name) {
  if (const auto offset = ParseFixedOffset(name)) return TimeZone::Fixed(*offset);
  if (!IsSafeName(name)) return {};
  const char* const folder = std::getenv("TZDIR");
  std::string path = folder != nullptr && *folder != '\0' ? folder : "/usr/share/zoneinfo";
  path += '/';
  path += name;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (file == nullptr) return {};
  std::string bytes(kMaxFileSize, '\0');
  // Reading a folder ("Europe") gives no bytes, which are no zone.
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file.get()));
  return TimeZone::Parse(bytes);
}

// Grows by one entry for each zone that exists; unknown names are not kept.
class ZoneCache {
 public:
  const TimeZone* Find(std::string_view name) {
    {
      const std::shared_lock lock(mutex_);
      const auto found = zones_.find(name);
      if (found != zones_.end()) return found->second.get();
    }
    auto zone = LoadZone(name);
    if (!zone) return nullptr;
    const std::unique_lock lock(mutex_);
    auto& entry = zones_[std::string(name)];
    if (entry == nullptr) entry = std::make_unique<TimeZone>(std::move(*zone));
    return entry.get();
  }

 private:
  std::shared_mutex mutex_;
  std::map<std::string, std::unique_ptr<TimeZone>, std::less<>> zones_;  // guarded by mutex_
};

}  // namespace

const TimeZone* FindTimeZone(std::string_view name) {
  // Never destroyed, so that threads may still read zones while the process ends.
  static ZoneCache& cache = *new ZoneCache;
  // A scan or an import asks for one zone millions of times.
  thread_local std::string last_name;
  thread_local const TimeZone* last_zone = nullptr;
  if (last_zone != nullptr && last_name == name) return last_zone;
  const TimeZone* const zone = cache.Find(name);
  if (zone == nullptr) return nullptr;
  last_name = name;
  last_zone = zone;
  return zone;
}

std::optional<std::int64_t> WallClockToUtc(std::int64_t wall_micros, std::string_view zone) {
  if (zone == "UTC") return 0;
  const TimeZone* const found = FindTimeZone(zone);
  if (found == nullptr) return {};
  return -found->OffsetAtWall(FloorDivide(wall_micros, kMicrosPerSecond)) * kMicrosPerSecond;
}

std::optional<std::int64_t> UtcToWallClock(std::int64_t utc_micros, std::string_view zone) {
  if (zone == "UTC") return 0;
  const TimeZone* const found = FindTimeZone(zone);
  if (found == nullptr) return {};
  return found->OffsetAtUtc(FloorDivide(utc_micros, kMicrosPerSecond)) * kMicrosPerSecond;
}

}  // namespace levee::types
