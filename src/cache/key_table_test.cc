#include "cache/key_table.h"

#include <gtest/gtest.h>

#include <map>

namespace levee::cache {
namespace {

// Hashes that collide in home and tag alike, against a std::map.
TEST(KeyTable, AgreesWithAMapUnderInsertionsAndErasures) {
  KeyTable table;
  std::map<std::uint64_t, Slot> model;
  std::map<Slot, std::uint64_t> hash_of_slot;
  const auto hash_of = [&](Slot slot) { return hash_of_slot.at(slot); };
  const auto find = [&](std::uint64_t hash) {
    return table.Find(hash, [&](Slot slot) { return hash_of(slot) == hash; });
  };
  std::uint64_t random = 3;
  for (Slot slot = 0; slot < 20000; ++slot) {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    const std::uint64_t hash = (random >> 58) << 58 | (random >> 40 & 15) << 32 | (random >> 33 & 3);
    const auto there = model.find(hash);
    ASSERT_EQ(find(hash), there == model.end() ? kNoSlot : there->second);
    if (there != model.end()) {
      table.Erase(hash, there->second, hash_of);
      hash_of_slot.erase(there->second);
      model.erase(there);
    } else {
      hash_of_slot[slot] = hash;
      model[hash] = slot;
      table.Insert(hash, slot, hash_of);
    }
  }
  for (const auto& [hash, slot] : model) EXPECT_EQ(find(hash), slot);
  EXPECT_GT(model.size(), 1000u);
}

}  // namespace
}  // namespace levee::cache
