#include "store/sealed_blob.h"

#include <zstd.h>

#include <memory>

#include "base/hash.h"

namespace levee::store {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kCompressed = 1;
constexpr std::size_t kHeaderBytes = 16;  // magic, version, flags, 2 reserved, payload size, checksum
constexpr std::size_t kWorthCompressing = 1024;  // below, setting up a decompressor costs more than it saves
constexpr std::uint32_t kPayloadMax = 1u << 30;
// A zstd block makes at most 128 KB and takes at least four bytes: what claims to be more is not given the memory.
constexpr std::uint64_t kGrowthMax = 128 * 1024 / 4;

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

// Setting one of these up takes longer than a small blob does.
ZSTD_DCtx* Decompressor() {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  return context.get();
}

ZSTD_CCtx* Compressor() {
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  return context.get();
}

}  // namespace

Bytes SealBlob(std::uint32_t magic, ByteSpan payload, Compression compression) {
  Bytes compressed;
  bool use_compressed = false;
  if (compression == Compression::kWhenSmaller && payload.size() >= kWorthCompressing) {
    compressed.resize(ZSTD_compressBound(payload.size()));
    const std::size_t size =
        ZSTD_compressCCtx(Compressor(), compressed.data(), compressed.size(), payload.data(), payload.size(), 1);
    use_compressed = ZSTD_isError(size) == 0 && size < payload.size() - payload.size() / 8;
    if (use_compressed) compressed.resize(size);
  }
  const ByteSpan body = use_compressed ? ByteSpan(compressed) : payload;
  ByteWriter writer;
  writer.Put(magic);
  writer.Put(kVersion);
  writer.Put(static_cast<std::uint8_t>(use_compressed ? kCompressed : 0));
  writer.Put(std::uint16_t{0});
  writer.Put(static_cast<std::uint32_t>(payload.size()));
  writer.Put(Checksum32(writer.bytes()) ^ Checksum32(body));
  writer.PutBytes(body);
  return writer.Take();
}

Result<Bytes> OpenBlob(std::uint32_t magic, ByteSpan blob, const std::string& what) {
  const auto corrupt = [&](const char* why) {
    return Fail(ErrorCode::kCorrupt, what, why, "run: levee repair, or forget the table and add it again");
  };
  if (blob.size() < kHeaderBytes) return corrupt("it is cut short");
  ByteReader reader(blob);
  if (reader.Get<std::uint32_t>() != magic) return corrupt("it has the wrong magic number");
  if (reader.Get<std::uint8_t>() != kVersion) return corrupt("its format version is unknown");
  const auto flags = reader.Get<std::uint8_t>();
  reader.Get<std::uint16_t>();
  const auto size = reader.Get<std::uint32_t>();
  const std::uint32_t header_checksum = Checksum32(blob.first(reader.position()));
  const auto checksum = reader.Get<std::uint32_t>();
  const ByteSpan body = blob.subspan(kHeaderBytes);
  if ((header_checksum ^ Checksum32(body)) != checksum) return corrupt("its checksum does not match");
  if ((flags & kCompressed) == 0) {
    if (size != body.size()) return corrupt("its size does not match");
    return Bytes(body.begin(), body.end());
  }
  if (size > kPayloadMax || size > body.size() * kGrowthMax) return corrupt("its size is impossible");
  Bytes payload(size);
  const std::size_t written =
      ZSTD_decompressDCtx(Decompressor(), payload.data(), payload.size(), body.data(), body.size());
  if (ZSTD_isError(written) != 0 || written != size) return corrupt("it does not decompress");
  return payload;
}

}  // namespace levee::store
