#include "memory/bank/record_codec.h"

#define ZSTD_STATIC_LINKING_ONLY  // for leaving letters as they are
#include <zstd.h>

#include <algorithm>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "memory/bank/damage.h"

namespace levee::memory {
namespace {

constexpr int kLevel = 3;
// The first byte of a stored record.
constexpr std::uint8_t kPlain = 0, kCompressed = 1;
constexpr std::size_t kRecordBytesMax = 1u << 30;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};
struct FreeDictionary {
  void operator()(ZSTD_CDict* dictionary) const { ZSTD_freeCDict(dictionary); }
  void operator()(ZSTD_DDict* dictionary) const { ZSTD_freeDDict(dictionary); }
};

// Letters that no word of the dictionary has stay as they are: a table to decode them by would take longer to read than
// the rest of a record.
ZSTD_CCtx* MakeCompressor() {
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context, ZSTD_c_literalCompressionMode, ZSTD_lcm_uncompressed);
  return context;
}

ZSTD_CCtx* Compressor() {
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(MakeCompressor());
  return context.get();
}
ZSTD_DCtx* Decompressor() {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  return context.get();
}

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

// Each word with the byte behind it, which mostly is the same one: a blank.
template <typename Take>
void ForEachWord(std::string_view text, Take&& take) {
  constexpr std::size_t kWordMax = 40;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size() && end - begin < kWordMax && IsWordByte(text[end])) ++end;
    if (end < text.size()) ++end;
    take(text.substr(begin, end - begin));
    begin = end;
  }
}

// The words that save most, those that save more nearer to the end, where they are cheaper to point at.
Bytes ChooseWords(std::span<const ByteSpan> samples, std::size_t size_max) {
  std::unordered_map<std::string_view, std::uint32_t> counts;
  for (const ByteSpan sample : samples) ForEachWord(AsText(sample), [&](std::string_view word) { ++counts[word]; });
  struct Word {
    std::string_view text;
    std::uint64_t saved;
  };
  constexpr std::size_t kPointerBytes = 3;  // about what a match costs
  std::vector<Word> words;
  for (const auto& [text, count] : counts) {
    if (count > 1 && text.size() > kPointerBytes) words.push_back({text, std::uint64_t{count} * (text.size() - kPointerBytes)});
  }
  std::sort(words.begin(), words.end(), [](const Word& a, const Word& b) {
    return a.saved != b.saved ? a.saved > b.saved : a.text < b.text;
  });
  std::size_t size = 0, kept = 0;
  while (kept < words.size() && size + words[kept].text.size() <= size_max) size += words[kept++].text.size();
  Bytes content;
  content.reserve(size);
  for (std::size_t i = kept; i-- > 0;) content.insert(content.end(), words[i].text.begin(), words[i].text.end());
  return content;
}

}  // namespace

Bytes MakeDictionary(std::span<const ByteSpan> samples) {
  constexpr std::size_t kLeastBytes = 8 << 10;  // of a dictionary worth its trouble
  constexpr std::size_t kSharedPart = 16;
  std::size_t bytes = 0;
  for (const ByteSpan sample : samples) bytes += sample.size();
  const std::size_t size_max = std::min(kDictionaryBytesMax, bytes / kSharedPart);
  if (size_max < kLeastBytes) return {};
  Bytes content = ChooseWords(samples, size_max);
  if (content.size() < kLeastBytes / 2) return {};
  return content;
}

struct RecordCodec::Tables {
  Bytes dictionary;  // that both refer to
  std::unique_ptr<ZSTD_DDict, FreeDictionary> decompress;
  // A megabyte that only merging needs: made when something is compressed.
  std::once_flag wanted;
  std::unique_ptr<ZSTD_CDict, FreeDictionary> compress;
};

RecordCodec::RecordCodec(std::unique_ptr<Tables> tables, std::size_t memory_bytes)
    : tables_(std::move(tables)), memory_bytes_(memory_bytes) {}
RecordCodec::~RecordCodec() = default;

Result<std::shared_ptr<const RecordCodec>> RecordCodec::Make(ByteSpan dictionary) {
  auto tables = std::make_unique<Tables>();
  tables->dictionary.assign(dictionary.begin(), dictionary.end());
  tables->decompress.reset(ZSTD_createDDict_byReference(tables->dictionary.data(), dictionary.size()));
  if (tables->decompress == nullptr) return Damaged("memory page", "its dictionary is none");
  const std::size_t bytes = dictionary.size() + ZSTD_sizeof_DDict(tables->decompress.get());
  return std::shared_ptr<const RecordCodec>(new RecordCodec(std::move(tables), bytes));
}

void RecordCodec::Compress(ByteSpan record, Bytes& out) const {
  std::call_once(tables_->wanted, [this] {
    const Bytes& dictionary = tables_->dictionary;
    tables_->compress.reset(ZSTD_createCDict(dictionary.data(), dictionary.size(), kLevel));
  });
  out.resize(1 + ZSTD_compressBound(record.size()));
  ZSTD_CCtx_refCDict(Compressor(), tables_->compress.get());
  const std::size_t size = ZSTD_compress2(Compressor(), out.data() + 1, out.size() - 1, record.data(), record.size());
  if (ZSTD_isError(size) == 0 && size < record.size()) {
    out[0] = kCompressed;
    out.resize(1 + size);
    return;
  }
  out.assign(1, kPlain);
  out.insert(out.end(), record.begin(), record.end());
}

Result<Bytes> RecordCodec::Decompress(ByteSpan stored) const {
  if (stored.empty() || stored[0] > kCompressed) return Damaged("memory page", "a record is of no known form");
  const ByteSpan body = stored.subspan(1);
  if (stored[0] == kPlain) return Bytes(body.begin(), body.end());
  const unsigned long long size = ZSTD_getFrameContentSize(body.data(), body.size());
  if (size > kRecordBytesMax) return Damaged("memory page", "a record does not say how long it is");
  Bytes record(size);
  const std::size_t got = ZSTD_decompress_usingDDict(Decompressor(), record.data(), record.size(), body.data(), body.size(),
                                                     tables_->decompress.get());
  if (ZSTD_isError(got) != 0 || got != size) return Damaged("memory page", "a record cannot be decompressed");
  return record;
}

}  // namespace levee::memory
