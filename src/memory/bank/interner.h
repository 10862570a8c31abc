// Names as numbers: namespaces, categories, tags, authors of all rows that are in memory.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace levee::memory {

// Thread-safe. Numbers count from 0 and stay; texts too, where they are.
class Interner {
 public:
  std::uint32_t Intern(std::string_view name) {
    {
      const std::shared_lock lock(mutex_);
      if (const auto at = numbers_.find(name); at != numbers_.end()) return at->second;
    }
    const std::unique_lock lock(mutex_);
    if (const auto at = numbers_.find(name); at != numbers_.end()) return at->second;
    const auto number = static_cast<std::uint32_t>(numbers_.size());
    const Place place = PlaceOf(number);
    std::string* block = blocks_[place.block].load(std::memory_order_relaxed);
    if (block == nullptr) {
      owned_[place.block] = std::make_unique<std::string[]>(std::size_t{kFirstBlock} << place.block);
      block = owned_[place.block].get();
      blocks_[place.block].store(block, std::memory_order_release);
    }
    block[place.offset] = name;
    numbers_.emplace(block[place.offset], number);
    return number;
  }

  // Empty: no row has it.
  std::optional<std::uint32_t> Find(std::string_view name) const {
    const std::shared_lock lock(mutex_);
    const auto at = numbers_.find(name);
    return at == numbers_.end() ? std::nullopt : std::optional(at->second);
  }

  // Takes no lock: whoever has the number got it from Intern or Find, after the text was written.
  std::string_view Name(std::uint32_t number) const {
    const Place place = PlaceOf(number);
    return blocks_[place.block].load(std::memory_order_acquire)[place.offset];
  }

 private:
  // Block b has kFirstBlock << b texts, so that none ever moves.
  static constexpr std::uint32_t kFirstBlock = 256;
  struct Place {
    std::uint32_t block, offset;
  };
  static Place PlaceOf(std::uint32_t number) {
    const std::uint32_t shifted = number / kFirstBlock + 1;
    const auto block = static_cast<std::uint32_t>(std::bit_width(shifted)) - 1;
    return {block, number - kFirstBlock * (std::bit_floor(shifted) - 1)};
  }
  static constexpr std::size_t kBlocks = 25;  // more than 32 bits can number

  mutable std::shared_mutex mutex_;
  std::array<std::atomic<std::string*>, kBlocks> blocks_{};         // texts change no more once they have a number
  std::array<std::unique_ptr<std::string[]>, kBlocks> owned_;      // guarded by mutex_
  std::unordered_map<std::string_view, std::uint32_t> numbers_;    // guarded by mutex_
};

}  // namespace levee::memory
