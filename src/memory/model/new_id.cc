#include "memory/model/new_id.h"

#include <sys/random.h>

#include <array>
#include <mutex>

#include "base/hex.h"

namespace levee::memory {
namespace {

// 12 random bits that count on within a millisecond, and 62 fresh ones.
class Source {
 public:
  std::array<std::uint8_t, 16> Next(std::int64_t now_us) {
    const std::lock_guard lock(mutex_);
    const auto now_ms = static_cast<std::uint64_t>(now_us / 1000);
    if (now_ms > last_ms_) {
      last_ms_ = now_ms;
      counter_ = Random() & 0x7ff;  // room to count
    } else if (++counter_ > 0xfff) {
      ++last_ms_;
      counter_ = 0;
    }
    const std::uint64_t low = Random();
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(last_ms_ >> (40 - 8 * i));
    bytes[6] = static_cast<std::uint8_t>(0x70 | counter_ >> 8);
    bytes[7] = static_cast<std::uint8_t>(counter_);
    for (std::size_t i = 0; i < 8; ++i) bytes[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
    bytes[8] = static_cast<std::uint8_t>(0x80 | (bytes[8] & 0x3f));
    return bytes;
  }

 private:
  std::uint64_t Random() {
    if (used_ == random_.size()) {
      used_ = 0;
      // Up to 256 bytes are never cut short or interrupted: getrandom(2).
      if (::getrandom(random_.data(), sizeof(random_), 0) < 0) random_[0] ^= last_ms_;
    }
    return random_[used_++];
  }

  std::mutex mutex_;
  std::uint64_t last_ms_ = 0;           // guarded by mutex_, as all below
  std::uint64_t counter_ = 0;
  std::array<std::uint64_t, 32> random_{};
  std::size_t used_ = random_.size();
};

}  // namespace

std::string NewId(std::int64_t now_us) {
  static Source source;
  const auto bytes = source.Next(now_us);
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    AppendHex(text, static_cast<unsigned char>(bytes[i]));
  }
  return text;
}

}  // namespace levee::memory
