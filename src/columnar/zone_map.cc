#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>

#include "base/hash.h"
#include "columnar/encodings/double_mapping.h"
#include "columnar/encodings/packed_integers.h"
#include "columnar/segment.h"
#include "columnar/skipping/typed_bounds.h"

namespace levee::columnar {
namespace {

constexpr std::uint32_t kZoneMapMagic = 0x4d5a564c;  // "LVZM"
constexpr std::uint8_t kZoneMapVersion = 1;
constexpr std::size_t kBoundBytesMax = 16;

// What a timestamp of whole milliseconds may have been before its writer cut it.
std::int64_t Widen(std::int64_t micros) {
  return micros % skipping::kMicrosPerMilli == 0 ? skipping::WidenToMilli(micros) : micros;
}

// The least text of at most kBoundBytesMax bytes that is at or above `text` and everything that
// begins with what was cut; empty when there is none.
std::optional<std::string> RoundUp(std::string_view text) {
  if (text.size() <= kBoundBytesMax) return std::string(text);
  std::string bound(text.substr(0, kBoundBytesMax));
  while (!bound.empty() && static_cast<unsigned char>(bound.back()) == 0xff) bound.pop_back();
  if (bound.empty()) return std::nullopt;
  bound.back() = static_cast<char>(static_cast<unsigned char>(bound.back()) + 1);
  return bound;
}

// Adds the bounds of one block; `at` says where the rows that are there stand.
class BlockBounds {
 public:
  BlockBounds(const ColumnVector& values, bool widen, ZoneMap& out)
      : values_(values), widen_(widen), out_(out) {}

  void Add(std::size_t first, std::size_t count) {
    bool has_null = false;
    bool has_value = false;
    std::int64_t int_low = std::numeric_limits<std::int64_t>::max();
    std::int64_t int_high = std::numeric_limits<std::int64_t>::min();
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    bool has_nan = false;
    std::string_view text_low;
    std::string_view text_high;
    for (std::size_t row = first; row < first + count; ++row) {
      if (!values_.IsValid(row)) {
        has_null = true;
        continue;
      }
      switch (values_.physical) {
        case types::PhysicalType::kInt64:
          int_low = std::min(int_low, values_.ints[row]);
          int_high = std::max(int_high, widen_ ? Widen(values_.ints[row]) : values_.ints[row]);
          break;
        case types::PhysicalType::kDouble:
          has_nan |= std::isnan(values_.doubles[row]);
          low = std::min(low, values_.doubles[row]);
          high = std::max(high, values_.doubles[row]);
          break;
        case types::PhysicalType::kString: {
          const std::string_view text = values_.strings[row];
          if (!has_value || text < text_low) text_low = text;
          if (!has_value || text > text_high) text_high = text;
          break;
        }
      }
      has_value = true;
    }
    out_.has_null.PushBack(has_null);
    out_.has_value.PushBack(has_value);
    if (!has_value) {
      out_.lower.PushNull();
      out_.upper.PushNull();
    } else if (values_.physical == types::PhysicalType::kInt64) {
      out_.lower.PushInt(int_low);
      out_.upper.PushInt(int_high);
    } else if (values_.physical == types::PhysicalType::kDouble) {
      const double nan = std::numeric_limits<double>::quiet_NaN();
      out_.lower.PushDouble(has_nan ? nan : low);
      out_.upper.PushDouble(has_nan ? nan : high);
    } else {
      out_.lower.PushString(text_low.substr(0, kBoundBytesMax));
      const std::optional<std::string> upper = RoundUp(text_high);
      upper ? out_.upper.PushString(*upper) : out_.upper.PushNull();
    }
  }

 private:
  const ColumnVector& values_;
  bool widen_;
  ZoneMap& out_;
};

void PutBitmap(const Bitmap& bitmap, ByteWriter& out) {
  for (std::size_t i = 0; i < (bitmap.size() + 7) / 8; ++i) {
    out.Put(static_cast<std::uint8_t>(bitmap.words()[i / 8] >> (8 * (i % 8))));
  }
}

Bitmap GetBitmap(ByteReader& reader, std::size_t size) {
  Bitmap bitmap(size);
  for (std::size_t i = 0; i < (size + 7) / 8; ++i) {
    bitmap.words()[i / 8] |= static_cast<std::uint64_t>(reader.Get<std::uint8_t>()) << (8 * (i % 8));
  }
  // What stands past the end must stay zero.
  Bitmap mask(size, true);
  bitmap.And(mask);
  return bitmap;
}

void PutBounds(const ColumnVector& bounds, ByteWriter& out) {
  if (bounds.physical == types::PhysicalType::kInt64) return PutPackedIntegers(bounds.ints, out);
  std::vector<std::int64_t> integers(bounds.rows);
  if (bounds.physical == types::PhysicalType::kDouble) {
    // By their bits: a map is small, and a choice of mappings would have to be kept with it.
    for (std::size_t i = 0; i < bounds.rows; ++i)
      integers[i] = std::bit_cast<std::int64_t>(bounds.doubles[i]);
    return PutPackedIntegers(integers, out);
  }
  for (std::size_t i = 0; i < bounds.rows; ++i)
    integers[i] = static_cast<std::int64_t>(bounds.strings[i].size());
  PutPackedIntegers(integers, out);
  out.PutBytes(AsBytes(bounds.strings.bytes));
}

std::unexpected<Error> CorruptMap(std::string why) {
  return Fail(ErrorCode::kCorrupt, "zone map", std::move(why));
}

Status GetBounds(ByteReader& reader, std::size_t blocks, const Bitmap& there, ColumnVector& out) {
  const auto packed = PackedIntegers::Parse(reader, blocks);
  if (!packed) return CorruptMap("cut short");
  std::vector<std::int64_t> integers(blocks);
  packed->Unpack(integers.data());
  for (std::size_t i = 0; i < blocks; ++i) {
    const bool is_text = out.physical == types::PhysicalType::kString;
    if (is_text && static_cast<std::uint64_t>(integers[i]) > kBoundBytesMax)
      return CorruptMap("a bound that is too long");
    const ByteSpan text = reader.GetBytes(is_text ? static_cast<std::size_t>(integers[i]) : 0);
    if (!there.Get(i)) {
      out.PushNull();
    } else if (is_text) {
      out.PushString(AsText(text));
    } else if (out.physical == types::PhysicalType::kInt64) {
      out.PushInt(integers[i]);
    } else {
      out.PushDouble(std::bit_cast<double>(integers[i]));
    }
  }
  return {};
}

}  // namespace

bool HasZoneMap(ColumnRole role) {
  switch (role) {
    case ColumnRole::kMin:
    case ColumnRole::kMax:
    case ColumnRole::kPartition:
    case ColumnRole::kPartitionValue:
    case ColumnRole::kNullCount:
    case ColumnRole::kNumRecords:
    case ColumnRole::kSize:
    case ColumnRole::kModificationTime:
    case ColumnRole::kAddedVersion:
    case ColumnRole::kRemovedVersion:
    case ColumnRole::kIndexLow:
    case ColumnRole::kIndexHigh: return true;
    default: return false;
  }
}

ZoneMap BuildZoneMap(const ColumnKey& key, const ColumnVector& values, std::size_t first, std::size_t count) {
  ZoneMap map;
  map.lower.physical = map.upper.physical = values.physical;
  const bool is_time =
      key.type.kind == types::TypeKind::kTimestamp || key.type.kind == types::TypeKind::kTimestampNtz;
  const bool is_upper = key.role == ColumnRole::kMax || key.role == ColumnRole::kIndexHigh;
  BlockBounds bounds(values, is_time && is_upper, map);
  for (std::size_t row = 0; row < count; row += kBlockRows) {
    bounds.Add(first + row, std::min(kBlockRows, count - row));
  }
  return map;
}

Bytes EncodeZoneMap(const ZoneMap& zone_map) {
  const std::size_t blocks = zone_map.lower.rows;
  Bitmap upper_there(blocks);
  for (std::size_t i = 0; i < blocks; ++i) upper_there.Assign(i, zone_map.upper.IsValid(i));
  ByteWriter out;
  out.Put(kZoneMapMagic);
  out.Put(kZoneMapVersion);
  out.Put(zone_map.lower.physical);
  out.Put(static_cast<std::uint16_t>(blocks));
  PutBitmap(zone_map.has_null, out);
  PutBitmap(zone_map.has_value, out);
  PutBitmap(upper_there, out);
  PutBounds(zone_map.lower, out);
  PutBounds(zone_map.upper, out);
  out.Put(Checksum32(out.bytes()));
  return out.Take();
}

Result<ZoneMap> DecodeZoneMap(ByteSpan bytes, types::PhysicalType physical) {
  if (bytes.size() < sizeof(std::uint32_t)) return CorruptMap("cut short");
  const ByteSpan body = bytes.first(bytes.size() - sizeof(std::uint32_t));
  ByteReader reader(body);
  if (reader.Get<std::uint32_t>() != kZoneMapMagic) return CorruptMap("no zone map");
  if (reader.Get<std::uint8_t>() != kZoneMapVersion)
    return CorruptMap("of a format version that this program does not know");
  ByteReader checksum(bytes.subspan(body.size()));
  if (checksum.Get<std::uint32_t>() != Checksum32(body)) return CorruptMap("its checksum does not match");
  if (reader.Get<types::PhysicalType>() != physical) return CorruptMap("of another type than its column");
  const std::size_t blocks = reader.Get<std::uint16_t>();
  ZoneMap map;
  map.lower.physical = map.upper.physical = physical;
  map.has_null = GetBitmap(reader, blocks);
  map.has_value = GetBitmap(reader, blocks);
  const Bitmap upper_there = GetBitmap(reader, blocks);
  LEVEE_RETURN_IF_ERROR(GetBounds(reader, blocks, map.has_value, map.lower));
  LEVEE_RETURN_IF_ERROR(GetBounds(reader, blocks, upper_there, map.upper));
  if (!reader.ok() || reader.remaining() != 0) return CorruptMap("of the wrong size");
  return map;
}

}  // namespace levee::columnar
