#include "memory/cache/record_packing.h"

#include <lz4.h>

#include <cstring>
#include <utility>

namespace levee::memory {
namespace {

// The size of the record first, then the block.
class Packing final : public cache::ValueCodec {
 public:
  std::optional<Bytes> Pack(const cache::CacheKey&, const void* value) const override {
    const Bytes& record = *static_cast<const Bytes*>(value);
    if (record.size() > LZ4_MAX_INPUT_SIZE) return std::nullopt;
    const auto plain_size = static_cast<std::uint32_t>(record.size());
    const int bound = LZ4_compressBound(static_cast<int>(plain_size));
    Bytes packed(sizeof(plain_size) + static_cast<std::size_t>(bound));
    std::memcpy(packed.data(), &plain_size, sizeof(plain_size));
    const int size = LZ4_compress_default(reinterpret_cast<const char*>(record.data()),
                                          reinterpret_cast<char*>(packed.data() + sizeof(plain_size)),
                                          static_cast<int>(plain_size), bound);
    packed.resize(sizeof(plain_size) + static_cast<std::size_t>(size));
    return packed;
  }

  Result<std::shared_ptr<const void>> Unpack(const cache::CacheKey&, ByteSpan packed) const override {
    std::uint32_t plain_size = 0;
    std::memcpy(&plain_size, packed.data(), sizeof(plain_size));
    auto record = std::make_shared<Bytes>(plain_size);
    const ByteSpan block = packed.subspan(sizeof(plain_size));
    const int size = LZ4_decompress_safe(reinterpret_cast<const char*>(block.data()), reinterpret_cast<char*>(record->data()),
                                         static_cast<int>(block.size()), static_cast<int>(plain_size));
    if (size != static_cast<int>(plain_size)) return Fail(ErrorCode::kInternal, "item cache", "a record does not unpack");
    return std::shared_ptr<const void>(std::shared_ptr<const Bytes>(std::move(record)));
  }
};

}  // namespace

const cache::ValueCodec& RecordPacking() {
  static const Packing packing;
  return packing;
}

}  // namespace levee::memory
