// What the fuzzers share: the entry point, taking inputs apart, and saying that something must hold.
//
// A target never trusts its input and never leaves anything behind; the same bytes do the same again. What it finds wrong
// ends the process (FUZZ_REQUIRE), as a sanitizer does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace levee::fuzz {

// A promise that the input has broken. In all builds.
#define FUZZ_REQUIRE(condition)                                                               \
  do {                                                                                        \
    if (!(condition)) {                                                                       \
      std::fprintf(stderr, "%s:%d: this does not hold: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                           \
    }                                                                                         \
  } while (false)

// Takes an input apart from the front. What is not there is 0 or empty.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : bytes_(data, size) {}

  std::uint8_t Byte() {
    if (bytes_.empty()) return 0;
    const std::uint8_t byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte;
  }
  // Below `limit`, which is at most 256.
  std::size_t Below(std::size_t limit) { return Byte() % limit; }
  std::uint64_t Number(int bytes) {
    std::uint64_t number = 0;
    for (int i = 0; i < bytes; ++i) number |= static_cast<std::uint64_t>(Byte()) << (8 * i);
    return number;
  }
  // Up to the next byte `end`, which is dropped, or the end.
  std::string Text(char end) {
    const std::string_view rest(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
    const std::size_t at = rest.find(end);
    const std::string text(rest.substr(0, at));
    bytes_ = bytes_.subspan(at == std::string_view::npos ? bytes_.size() : at + 1);
    return text;
  }
  std::string Rest() {
    std::string rest(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
    bytes_ = {};
    return rest;
  }
  std::span<const std::uint8_t> rest() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }

 private:
  std::span<const std::uint8_t> bytes_;
};

}  // namespace levee::fuzz
