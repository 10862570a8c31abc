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

std::unexpected<Error> Corrupt(const std::string& what, const char* why) {
  return Fail(ErrorCode::kCorrupt, what, why, "run: levee repair, or forget the table and add it again");
}

struct Body {
  ByteSpan bytes;
  std::uint32_t size = 0;  // of the payload
  bool is_compressed = false;
};

Result<Body> CheckEnvelope(std::uint32_t magic, ByteSpan blob, const std::string& what) {
  if (blob.size() < kHeaderBytes) return Corrupt(what, "it is cut short");
  ByteReader reader(blob);
  if (reader.Get<std::uint32_t>() != magic) return Corrupt(what, "it has the wrong magic number");
  if (reader.Get<std::uint8_t>() != kVersion) return Corrupt(what, "its format version is unknown");
  const auto flags = reader.Get<std::uint8_t>();
  reader.Get<std::uint16_t>();
  Body body{.bytes = blob.subspan(kHeaderBytes), .size = reader.Get<std::uint32_t>(), .is_compressed = (flags & kCompressed) != 0};
  const std::uint32_t header_checksum = Checksum32(blob.first(reader.position()));
  if ((header_checksum ^ Checksum32(body.bytes)) != reader.Get<std::uint32_t>()) return Corrupt(what, "its checksum does not match");
  if (!body.is_compressed && body.size != body.bytes.size()) return Corrupt(what, "its size does not match");
  return body;
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
  LEVEE_ASSIGN(const Body body, CheckEnvelope(magic, blob, what));
  if (!body.is_compressed) return Bytes(body.bytes.begin(), body.bytes.end());
  if (body.size > kPayloadMax || body.size > body.bytes.size() * kGrowthMax) return Corrupt(what, "its size is impossible");
  Bytes payload(body.size);
  const std::size_t written =
      ZSTD_decompressDCtx(Decompressor(), payload.data(), payload.size(), body.bytes.data(), body.bytes.size());
  if (ZSTD_isError(written) != 0 || written != body.size) return Corrupt(what, "it does not decompress");
  return payload;
}

Result<ByteSpan> ViewBlob(std::uint32_t magic, ByteSpan blob, const std::string& what) {
  LEVEE_ASSIGN(const Body body, CheckEnvelope(magic, blob, what));
  if (body.is_compressed) return Corrupt(what, "it is compressed");
  return body.bytes;
}

}  // namespace levee::store
