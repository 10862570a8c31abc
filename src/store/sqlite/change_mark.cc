#include "store/sqlite/change_mark.h"

#include <array>
#include <cstring>

#include "base/hash.h"

namespace levee::store {
namespace {

// The header stands there twice; writers change the second copy first.
constexpr std::size_t kHeaderWords = SqliteConnection::kSharedIndexBytes / 2 / sizeof(std::uint64_t);
using Header = std::array<std::uint64_t, kHeaderWords>;

Header Load(const std::uint64_t* words) {
  Header header;
  for (std::size_t i = 0; i < kHeaderWords; ++i) header[i] = __atomic_load_n(words + i, __ATOMIC_ACQUIRE);
  return header;
}

bool IsInitialised(const Header& header) {
  constexpr std::size_t kInitialisedAt = 12;
  char flag = 0;
  std::memcpy(&flag, reinterpret_cast<const char*>(header.data()) + kInitialisedAt, 1);
  return flag != 0;
}

}  // namespace

std::optional<std::uint64_t> ChangeMark::Read(const std::string& path, const SqliteConnection::Options& connect) {
  const void* index = index_.load(std::memory_order_acquire);
  if (index == nullptr) index = Index(path, connect);
  if (index == nullptr) return std::nullopt;
  const auto* const words = static_cast<const std::uint64_t*>(index);
  const Header first = Load(words);
  const Header second = Load(words + kHeaderWords);
  if (first != second || !IsInitialised(first)) return std::nullopt;
  return Hash64({reinterpret_cast<const char*>(first.data()), sizeof(first)});
}

const void* ChangeMark::Index(const std::string& path, const SqliteConnection::Options& connect) {
  if (connect.immutable || tried_.load(std::memory_order_acquire)) return index_.load(std::memory_order_acquire);
  const std::lock_guard lock(mutex_);
  if (tried_.load(std::memory_order_relaxed)) return index_.load(std::memory_order_relaxed);
  auto connection = SqliteConnection::Open(path, connect);
  if (!connection) return nullptr;  // who asks the database then learns why
  const auto index = (*connection)->MapSharedIndex();
  if (!index) return nullptr;
  connection_ = std::move(*connection);
  index_.store(*index, std::memory_order_release);
  tried_.store(true, std::memory_order_release);
  return *index;
}

}  // namespace levee::store
