// The embedded library has no memory bank, for the sake of its size.
#ifdef LEVEE_EMBEDDED
#include "store/sql/bank/sql_bank.h"

namespace levee::store {
namespace {

std::unexpected<Error> NotBuiltIn() {
  return Fail(ErrorCode::kUnsupported, "memory bank", "it is not built in", "use the whole library");
}

}  // namespace

Result<BankNews> SqlBank::ReadNews(const BankState&) { return NotBuiltIn(); }
Result<std::unique_ptr<BankWriter>> SqlBank::BeginWrite(bool) { return NotBuiltIn(); }
Result<std::int64_t> SqlBank::BeginStaging() { return NotBuiltIn(); }
Result<std::int64_t> SqlBank::StageChunks(std::int64_t, std::span<const Bytes>) { return NotBuiltIn(); }
Result<bool> SqlBank::PublishMerge(const BankMerge&) { return NotBuiltIn(); }
Status SqlBank::CollectGarbage(std::int64_t, std::int64_t) { return NotBuiltIn(); }
Status SqlBank::VisitChunk(std::int64_t, const std::function<Status(ByteSpan)>&) { return NotBuiltIn(); }

}  // namespace levee::store
#endif
