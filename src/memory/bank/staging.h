// Puts chunks of a segment that is not published yet into the store.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "store/bank.h"

namespace levee::memory {

// Appends their numbers. A transaction takes less than a millisecond, so that writers hardly wait.
Status StageAll(store::BankStore& store, std::int64_t staging, std::span<const Bytes> chunks, std::vector<std::int64_t>& numbers);
// An encoded index, in chunks.
Result<std::vector<std::int64_t>> StageIndex(store::BankStore& store, std::int64_t staging, ByteSpan encoded);

}  // namespace levee::memory
