// Makes anew what can be made of the items, and puts aside what cannot be read any more.
#pragma once

#include <string>
#include <vector>

#include "memory/store_bank/text_index.h"
#include "store/bank.h"

namespace levee::memory {

struct RebuildReport {
  std::vector<std::string> repaired;  // what was found and is right again
  std::vector<std::string> lost;      // what was found and is not: where it was is kept aside
};

// Each segment that examination finds something wrong with is replaced by one of its sound rows, with keys, columns,
// sums and posting lists made anew; `all`: every segment. A segment of which something is lost, and a batch that
// cannot be read, are kept: their bytes in chunks of their own that the note `aside:...` names. Other processes go on
// meanwhile; a merge of theirs makes it look again. kUnavailable after many of these.
Result<RebuildReport> RebuildBank(store::BankStore& store, const TextIndex& like, bool all);

}  // namespace levee::memory
