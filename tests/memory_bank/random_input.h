// Random items, changes and questions for the model test.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "levee/memory.h"

namespace levee::memory_bank {

// The words are few, so that phrases and typing errors meet, and so are ids, tags and keys. One thread at a
// time.
class RandomInput {
 public:
  explicit RandomInput(std::uint64_t seed) : random_(seed) {}

  // 0 to count - 1.
  std::int64_t Below(std::int64_t count) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(count));
  }
  bool Chance(int percent) { return Below(100) < percent; }

  std::string Id() { return "i" + std::to_string(Below(50)); }
  std::string Namespace();
  std::string Category();
  std::string Tag();
  std::vector<std::string> Tags(std::int64_t count_max);  // no tag twice
  std::string Content();
  std::string Metadata();

  // Times are near `now`.
  ItemWrite Write(std::int64_t now);
  ItemChange Change(std::int64_t now);
  ItemRemoval Removal();
  WriteOptions Options();
  IndexSpec Index();
  // `times`: of writes, for as_of.
  ItemQuery Query(std::int64_t now, const std::vector<std::int64_t>& times);

 private:
  std::string Word();
  std::string Misspelled(std::string word);
  std::string Leaf();
  std::string Words(int depth);
  std::string Condition(int depth);
  std::string Order(bool words);
  std::optional<std::int64_t> Expected();

  template <typename T>
  const T& OneOf(const std::vector<T>& list) {
    return list[static_cast<std::size_t>(Below(std::ssize(list)))];
  }

  std::mt19937_64 random_;
};

}  // namespace levee::memory_bank
