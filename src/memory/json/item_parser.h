// Reads an item out of JSON.
#pragma once

#include <string_view>

#include "levee/memory.h"

namespace levee::memory {

// One JSON object with the members of kItemFieldNames and `expectedVersion`, none of them required: what an item must have
// the bank knows. Times are RFC 3339 or whole microseconds since the epoch; null stands for nothing where an item may have
// nothing (id, embedding, embeddingModel, expires, expectedVersion). The metadata's text is kept byte for byte.
//
// VALIDATION_ERROR, which names the member: one that no item has, one that is there twice, a value of another type, a tag
// that is there twice, a number that does not fit; and for bytes that are no JSON or no UTF-8.
Result<ItemWrite> ParseItem(std::string_view json);

}  // namespace levee::memory
