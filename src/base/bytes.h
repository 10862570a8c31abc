// Little-endian reading and writing of byte strings with bounds checked.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace levee {

using Bytes = std::vector<std::uint8_t>;
using ByteSpan = std::span<const std::uint8_t>;

inline ByteSpan AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view AsText(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Appends fixed-width integers, varints and byte strings to a buffer.
class ByteWriter {
 public:
  template <typename T>
    requires std::is_trivially_copyable_v<T>
  void Put(T value) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + sizeof(T));
    std::memcpy(bytes_.data() + at, &value, sizeof(T));
  }

  // LEB128, 1 to 10 bytes.
  void PutVarint(std::uint64_t value) {
    while (value >= 0x80) {
      bytes_.push_back(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    bytes_.push_back(static_cast<std::uint8_t>(value));
  }

  void PutBytes(ByteSpan bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

  // The length as a varint, then the bytes.
  void PutText(std::string_view text) {
    PutVarint(text.size());
    PutBytes(AsBytes(text));
  }

  std::size_t size() const { return bytes_.size(); }
  Bytes& bytes() { return bytes_; }
  Bytes Take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

// Reads what ByteWriter wrote. A read past the end returns zero (or an empty
// view) and makes ok() false for good, so that a parser may check once at its end.
class ByteReader {
 public:
  explicit ByteReader(ByteSpan bytes) : bytes_(bytes) {}

  template <typename T>
    requires std::is_trivially_copyable_v<T>
  T Get() {
    T value{};
    if (remaining() < sizeof(T)) {
      ok_ = false;
      return value;
    }
    std::memcpy(&value, bytes_.data() + at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }

  std::uint64_t GetVarint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = Get<std::uint8_t>();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    ok_ = false;
    return 0;
  }

  // A view into the reader's bytes.
  ByteSpan GetBytes(std::size_t size) {
    if (!ok_ || remaining() < size) {
      ok_ = false;
      return {};
    }
    const ByteSpan view = bytes_.subspan(at_, size);
    at_ += size;
    return view;
  }

  std::string_view GetText() {
    const std::uint64_t size = GetVarint();
    if (size > remaining()) {
      ok_ = false;
      return {};
    }
    return AsText(GetBytes(size));
  }

  std::size_t remaining() const { return bytes_.size() - at_; }
  std::size_t position() const { return at_; }
  bool ok() const { return ok_; }

 private:
  ByteSpan bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace levee
