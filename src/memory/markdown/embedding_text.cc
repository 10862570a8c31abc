#include "memory/markdown/embedding_text.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace levee::memory {
namespace {

static_assert(std::endian::native == std::endian::little, "floats are written as they lie in memory");

constexpr std::string_view kPrefix = "f32:";
constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int, 256> DigitValues() {
  std::array<int, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kDigits.size(); ++i) values[static_cast<unsigned char>(kDigits[i])] = static_cast<int>(i);
  return values;
}
constexpr std::array<int, 256> kDigitValue = DigitValues();

}  // namespace

std::string EmbeddingText(const std::vector<float>& embedding) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(embedding.data());
  const std::size_t size = embedding.size() * sizeof(float);
  std::string text(kPrefix);
  text.reserve(kPrefix.size() + (size + 2) / 3 * 4);
  for (std::size_t at = 0; at < size; at += 3) {
    const std::size_t there = std::min<std::size_t>(size - at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) bits = bits << 8 | (i < there ? bytes[at + i] : 0u);
    for (std::size_t i = 0; i < 4; ++i) text += i <= there ? kDigits[bits >> (18 - 6 * i) & 63] : '=';
  }
  return text;
}

std::optional<std::vector<float>> ParseEmbeddingText(std::string_view text) {
  if (!text.starts_with(kPrefix)) return {};
  text.remove_prefix(kPrefix.size());
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string bytes;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const int value = kDigitValue[static_cast<unsigned char>(c)];
    if (value < 0) return {};
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(bits >> held & 0xff);
  }
  if (bytes.size() % sizeof(float) != 0) return {};
  std::vector<float> embedding(bytes.size() / sizeof(float));
  std::memcpy(embedding.data(), bytes.data(), bytes.size());
  for (const float number : embedding) {
    if (!std::isfinite(number)) return {};
  }
  return embedding;
}

}  // namespace levee::memory
