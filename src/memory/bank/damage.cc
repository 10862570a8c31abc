#include "memory/bank/damage.h"

#include "memory/model/errors.h"
#include "store/sealed_blob.h"

namespace levee::memory {
namespace {

constexpr const char* kHint = "levee memory verify lists what is damaged";

}  // namespace

std::unexpected<Error> Damaged(std::string what, std::string why) {
  return std::unexpected<Error>(Error{ErrorCode::kCorrupt, std::move(what), std::move(why), kHint, "STORAGE_ERROR"});
}

Result<Bytes> OpenSealed(std::uint32_t magic, ByteSpan sealed, const std::string& name) {
  auto payload = store::OpenBlob(magic, sealed, name);
  if (payload) return payload;
  payload.error().hint = kHint;
  return WithCode(std::move(payload).error(), "STORAGE_ERROR");
}

}  // namespace levee::memory
