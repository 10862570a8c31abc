// Whether two items say the same.
#pragma once

#include "levee/memory.h"

namespace levee::memory {

// All that a person writes: not the version, clock, times and checksum that a bank keeps of it.
inline bool SaysTheSame(const Item& left, const Item& right) {
  return left.content == right.content && left.name_space == right.name_space && left.category == right.category &&
         left.tags == right.tags && left.metadata == right.metadata && left.expires == right.expires &&
         left.embedding == right.embedding && left.embedding_model == right.embedding_model;
}

}  // namespace levee::memory
