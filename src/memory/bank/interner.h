// Names as numbers: namespaces, categories, tags, authors of all rows that are in memory.
#pragma once

#include <cstdint>
#include <deque>
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
    const auto number = static_cast<std::uint32_t>(names_.size());
    numbers_.emplace(names_.emplace_back(name), number);
    return number;
  }

  // Empty: no row has it.
  std::optional<std::uint32_t> Find(std::string_view name) const {
    const std::shared_lock lock(mutex_);
    const auto at = numbers_.find(name);
    return at == numbers_.end() ? std::nullopt : std::optional(at->second);
  }

  std::string_view Name(std::uint32_t number) const {
    const std::shared_lock lock(mutex_);
    return names_[number];
  }

 private:
  mutable std::shared_mutex mutex_;
  std::deque<std::string> names_;                                // guarded by mutex_; elements never move
  std::unordered_map<std::string_view, std::uint32_t> numbers_;  // guarded by mutex_
};

}  // namespace levee::memory
