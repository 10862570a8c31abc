#include "types/time_zone.h"

#include <algorithm>

#include "types/civil_date.h"

namespace levee::types {
namespace {

constexpr std::size_t kHeaderSize = 44;

// Big-endian integers of a byte string; past its end, ok() is false for good.
class TzifReader {
 public:
  explicit TzifReader(std::string_view bytes) : bytes_(bytes) {}

  std::int64_t Take(std::size_t size) {
    if (bytes_.size() < size) {
      ok_ = false;
      return 0;
    }
    // The first byte carries the sign.
    std::int64_t value = static_cast<signed char>(bytes_[0]);
    for (std::size_t i = 1; i < size; ++i) value = value * 256 + static_cast<unsigned char>(bytes_[i]);
    bytes_.remove_prefix(size);
    return value;
  }
  void Skip(std::size_t size) {
    ok_ = ok_ && bytes_.size() >= size;
    bytes_.remove_prefix(std::min(size, bytes_.size()));
  }
  std::string_view rest() const { return bytes_; }
  bool ok() const { return ok_; }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

struct TzifHeader {
  char version = 0;
  std::size_t utc_count, standard_count, leap_count, time_count, type_count, char_count;

  std::size_t DataSize(std::size_t time_size) const {
    return time_count * (time_size + 1) + type_count * 6 + char_count + leap_count * (time_size + 4) +
           standard_count + utc_count;
  }
};

std::optional<TzifHeader> TakeHeader(TzifReader& reader) {
  if (!reader.rest().starts_with("TZif") || reader.rest().size() < kHeaderSize) return {};
  TzifHeader header{.version = reader.rest()[4]};
  reader.Skip(20);
  for (std::size_t* count : {&header.utc_count, &header.standard_count, &header.leap_count,
                             &header.time_count, &header.type_count, &header.char_count}) {
    const std::int64_t value = reader.Take(4);
    // Far above any zone, and small enough that sizes cannot overflow.
    if (value < 0 || value > 1'000'000) return {};
    *count = static_cast<std::size_t>(value);
  }
  return header;
}

std::optional<PosixZone> ParseFooter(std::string_view footer) {
  if (footer.size() < 2 || footer.front() != '\n') return {};
  footer.remove_prefix(1);
  return ParsePosixZone(footer.substr(0, footer.find('\n')));
}

}  // namespace

TimeZone TimeZone::Fixed(std::int64_t offset_seconds) {
  TimeZone zone;
  zone.first_offset_ = offset_seconds;
  return zone;
}

std::optional<TimeZone> TimeZone::Parse(std::string_view tzif) {
  TzifReader reader(tzif);
  // The first block has 32-bit times for readers of version 1.
  auto header = TakeHeader(reader);
  if (!header || header->version < '2') return {};
  reader.Skip(header->DataSize(4));
  header = TakeHeader(reader);
  if (!header || header->type_count == 0 || reader.rest().size() < header->DataSize(8)) return {};
  std::vector<std::int64_t> times(header->time_count);
  for (std::int64_t& time : times) time = reader.Take(8);
  std::vector<std::size_t> types(header->time_count);
  for (std::size_t& type : types) type = static_cast<std::size_t>(reader.Take(1) & 0xff);
  std::vector<std::int64_t> type_offsets(header->type_count);
  for (std::int64_t& offset : type_offsets) {
    offset = reader.Take(4);
    reader.Skip(2);
  }
  reader.Skip(header->char_count + header->leap_count * 12 + header->standard_count + header->utc_count);
  if (!reader.ok()) return {};

  TimeZone zone = Fixed(type_offsets[0]);
  std::int64_t offset = zone.first_offset_;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (types[i] >= type_offsets.size()) return {};
    const std::int64_t next = type_offsets[types[i]];
    // "Big bang" entries would overflow a sum.
    if (times[i] > -(std::int64_t{1} << 56)) {
      zone.switch_times_.push_back(times[i]);
      zone.switch_walls_.push_back(times[i] + std::max(offset, next));
      zone.offsets_.push_back(next);
    } else {
      zone.first_offset_ = next;
    }
    offset = next;
  }
  zone.rule_ = ParseFooter(reader.rest());
  return zone;
}

std::int64_t TimeZone::OffsetBy(const std::vector<std::int64_t>& switches, std::int64_t seconds) const {
  const auto after = std::ranges::upper_bound(switches, seconds);
  if (after == switches.begin()) return first_offset_;
  return offsets_[static_cast<std::size_t>(after - switches.begin()) - 1];
}

std::int64_t TimeZone::OffsetAtWall(std::int64_t wall_seconds) const {
  const bool past_end = switch_walls_.empty() || wall_seconds >= switch_walls_.back();
  return past_end && rule_ ? rule_->OffsetAtWall(wall_seconds) : OffsetBy(switch_walls_, wall_seconds);
}

std::int64_t TimeZone::OffsetAtUtc(std::int64_t utc_seconds) const {
  const bool past_end = switch_times_.empty() || utc_seconds >= switch_times_.back();
  return past_end && rule_ ? rule_->OffsetAtUtc(utc_seconds) : OffsetBy(switch_times_, utc_seconds);
}

}  // namespace levee::types
