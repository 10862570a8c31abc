// Whether what the store has holds together.
#pragma once

#include "base/clock.h"
#include "levee/memory_reports.h"
#include "memory/store_bank/text_index.h"
#include "store/bank.h"

namespace levee::memory {

// Reads every batch and segment from the disk, whatever this process has in memory: see examination.h; then that no id is
// there twice, and that sums, quotas and indexes agree with the items. What a merge takes away meanwhile makes it look
// again. Problems are told, at most 1,000; an error is what keeps it from looking at all. `like`: how texts are indexed.
Result<VerifyReport> VerifyBank(store::BankStore& store, Clock& clock, const TextIndex& like);

}  // namespace levee::memory
