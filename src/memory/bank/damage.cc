#include "memory/bank/damage.h"

#include "memory/model/errors.h"
#include "store/sealed_blob.h"

namespace levee::memory {
namespace {

constexpr const char* kHint = "levee memory verify lists what is damaged";

template <typename T>
Result<T> AsDamage(Result<T> payload) {
  if (payload) return payload;
  payload.error().hint = kHint;
  return WithCode(std::move(payload).error(), "STORAGE_ERROR");
}

}  // namespace

std::unexpected<Error> Damaged(std::string what, std::string why) {
  return std::unexpected<Error>(Error{ErrorCode::kCorrupt, std::move(what), std::move(why), kHint, "STORAGE_ERROR"});
}

Result<Bytes> OpenSealed(std::uint32_t magic, ByteSpan sealed, const std::string& name) {
  return AsDamage(store::OpenBlob(magic, sealed, name));
}

Result<ByteSpan> ViewSealed(std::uint32_t magic, ByteSpan sealed, const std::string& name) {
  return AsDamage(store::ViewBlob(magic, sealed, name));
}

}  // namespace levee::memory
