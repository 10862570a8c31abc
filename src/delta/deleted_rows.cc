#include "delta/deleted_rows.h"

#include <algorithm>
#include <array>

#include "base/hex.h"
#include "delta/roaring_bitmap.h"
#include "delta/z85.h"
#include "objectstore/file_uri.h"

namespace levee::delta {
namespace {

constexpr std::uint32_t kPortableMagic = 1681511377;
// Of the form that the example of the protocol's text has, and that early writers used: as many bitmaps as the highest key
// demands, each behind its size; numbers in the byte order of the magic number.
constexpr std::uint32_t kNativeMagic = 1681511376;
constexpr std::size_t kUuidText = 20;        // characters of a UUID in Z85
constexpr std::uint64_t kFrameBytes = 4 + 4;  // size before, checksum behind, of a vector in a file

std::unexpected<Error> Corrupt(std::string why) {
  return Fail(ErrorCode::kCorrupt, "deletion vector", std::move(why));
}

std::uint32_t Swapped(std::uint32_t value) { return __builtin_bswap32(value); }

bool ReadPortable(ByteReader& reader, DeletedRows& rows) {
  const auto bitmaps = reader.Get<std::uint64_t>();
  std::uint64_t keys_from = 0;
  for (std::uint64_t i = 0; i < bitmaps; ++i) {
    const std::uint64_t key = reader.Get<std::uint32_t>();
    if (!reader.ok() || key < keys_from || !ReadRoaringBitmap(reader, key << 32, rows)) return false;
    keys_from = key + 1;
  }
  return true;
}

bool ReadNative(ByteReader& reader, bool swapped, DeletedRows& rows) {
  const auto number = [&] {
    const auto value = reader.Get<std::uint32_t>();
    return swapped ? Swapped(value) : value;
  };
  const std::uint64_t bitmaps = number();
  for (std::uint64_t key = 0; key < bitmaps; ++key) {
    ByteReader bitmap(reader.GetBytes(number()));
    if (!reader.ok() || !ReadRoaringBitmap(bitmap, key << 32, rows) || bitmap.remaining() != 0) return false;
  }
  return true;
}

// CRC-32 as in zlib and java.util.zip.
std::uint32_t Crc32(ByteSpan bytes) {
  static constexpr std::array<std::uint32_t, 256> kTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? value >> 1 ^ 0xEDB88320 : value >> 1;
      table[i] = value;
    }
    return table;
  }();
  std::uint32_t crc = ~std::uint32_t{0};
  for (const std::uint8_t byte : bytes) crc = crc >> 8 ^ kTable[(crc ^ byte) & 0xFF];
  return ~crc;
}

std::uint32_t BigEndian(ByteSpan bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

// "[prefix]UUID in Z85" as "[prefix/]deletion_vector_UUID.bin".
std::optional<std::string> RelativePath(std::string_view path_or_inline) {
  if (path_or_inline.size() < kUuidText) return std::nullopt;
  const std::string_view prefix = path_or_inline.substr(0, path_or_inline.size() - kUuidText);
  const auto uuid = DecodeZ85(path_or_inline.substr(prefix.size()));
  if (!uuid) return std::nullopt;
  std::string path = prefix.empty() ? std::string() : std::string(prefix) + '/';
  path += "deletion_vector_";
  for (std::size_t i = 0; i < uuid->size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) path += '-';
    AppendHex(path, (*uuid)[i]);
  }
  return path + ".bin";
}

// The bitmap out of a file of vectors: its size, the bitmap, its checksum.
Result<Bytes> ReadFramed(objectstore::ObjectStore& store, const std::string& path,
                         const DeletionVectorDescriptor& descriptor) {
  const auto offset = static_cast<std::uint64_t>(descriptor.offset.value_or(1));
  const auto size = static_cast<std::uint64_t>(descriptor.size_bytes);
  LEVEE_ASSIGN(const std::string framed, store.ReadRange(path, offset, size + kFrameBytes));
  const ByteSpan bytes = AsBytes(framed);
  if (bytes.size() < size + kFrameBytes) return Corrupt(path + " ends before it");
  if (BigEndian(bytes) != size) return Corrupt(path + " has one of another size at " + std::to_string(offset));
  const ByteSpan bitmap = bytes.subspan(4, size);
  if (BigEndian(bytes.subspan(4 + size)) != Crc32(bitmap)) return Corrupt(path + " does not match its checksum");
  return Bytes(bitmap.begin(), bitmap.end());
}

Result<Bytes> ReadElsewhere(const OtherStoreOpener& open_other, const DeletionVectorDescriptor& descriptor) {
  const std::string& uri = descriptor.path_or_inline;
  const std::size_t slash = uri.rfind('/');
  if (slash == std::string::npos) return Corrupt("'" + uri + "' is no absolute path");
  LEVEE_ASSIGN(const auto folder, open_other(uri.substr(0, slash)));
  const std::string name = uri.substr(slash + 1);
  // URIs are percent-encoded; a plain path is as it stands.
  if (objectstore::UriScheme(uri).empty()) return ReadFramed(*folder, name, descriptor);
  LEVEE_ASSIGN(const std::string decoded, objectstore::PercentDecode(name));
  return ReadFramed(*folder, decoded, descriptor);
}

Result<Bytes> ReadBitmap(objectstore::ObjectStore& table, const OtherStoreOpener& open_other,
                         const DeletionVectorDescriptor& descriptor) {
  const std::string& text = descriptor.path_or_inline;
  if (descriptor.size_bytes < 0 || descriptor.offset.value_or(0) < 0) return Corrupt("its place is negative");
  if (descriptor.storage_type == "i") {
    auto bytes = DecodeZ85(text);
    const auto size = static_cast<std::size_t>(descriptor.size_bytes);
    if (!bytes || bytes->size() < size) return Corrupt("'" + text + "' is not " + std::to_string(size) + " bytes in Z85");
    bytes->resize(size);
    return std::move(*bytes);
  }
  if (descriptor.storage_type == "u") {
    const auto path = RelativePath(text);
    if (!path) return Corrupt("'" + text + "' does not end with a UUID in Z85");
    return ReadFramed(table, *path, descriptor);
  }
  if (descriptor.storage_type == "p") return ReadElsewhere(open_other, descriptor);
  return Fail(ErrorCode::kUnsupported, "deletion vector", "storage type '" + descriptor.storage_type + "' is not known");
}

}  // namespace

void DeletedRows::Append(std::uint64_t first, std::uint64_t last) {
  count_ += last - first + 1;
  if (!ranges_.empty() && ranges_.back().last + 1 == first) {
    ranges_.back().last = last;
  } else {
    ranges_.push_back({first, last});
  }
}

Bytes DeletedRows::KeptRows(std::uint64_t rows) const {
  Bytes kept((rows + 7) / 8, 0xFF);
  if (rows % 8 != 0) kept.back() = static_cast<std::uint8_t>((1u << rows % 8) - 1);
  for (const Range& range : ranges_) {
    const std::uint64_t end = std::min(range.last + 1, rows);
    for (std::uint64_t row = range.first; row < end;) {
      if (row % 8 == 0 && end - row >= 8) {
        kept[row / 8] = 0;
        row += 8;
      } else {
        kept[row / 8] &= static_cast<std::uint8_t>(~(1u << row % 8));
        ++row;
      }
    }
  }
  return kept;
}

Result<DeletedRows> DecodeDeletionVector(ByteSpan bitmap) {
  ByteReader reader(bitmap);
  const auto magic = reader.Get<std::uint32_t>();
  DeletedRows rows;
  bool read = false;
  if (reader.ok() && magic == kPortableMagic) {
    read = ReadPortable(reader, rows);
  } else if (reader.ok() && (magic == kNativeMagic || magic == Swapped(kNativeMagic))) {
    read = ReadNative(reader, magic != kNativeMagic, rows);
  } else {
    return Corrupt("its magic number is not the protocol's");
  }
  if (!read || !reader.ok()) return Corrupt("its bitmaps do not decode");
  if (reader.remaining() != 0) return Corrupt("it has bytes behind its bitmaps");
  return rows;
}

Result<DeletedRows> ReadDeletionVector(objectstore::ObjectStore& table, const OtherStoreOpener& open_other,
                                       const DeletionVectorDescriptor& descriptor) {
  LEVEE_ASSIGN(const Bytes bitmap, ReadBitmap(table, open_other, descriptor));
  LEVEE_ASSIGN(DeletedRows rows, DecodeDeletionVector(bitmap));
  if (rows.count() != static_cast<std::uint64_t>(descriptor.cardinality)) {
    return Corrupt("it marks " + std::to_string(rows.count()) + " rows, not " + std::to_string(descriptor.cardinality));
  }
  return rows;
}

}  // namespace levee::delta
