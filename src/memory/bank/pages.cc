#include "memory/bank/pages.h"

#include <string>
#include <utility>

#include "memory/bank/damage.h"
#include "memory/bank/segment_blobs.h"
#include "store/sealed_blob.h"

namespace levee::memory {
namespace {

constexpr std::uint32_t kPageMagic = store::BlobMagic("LVbp");

std::string NameOf(std::int64_t chunk) { return "memory chunk " + std::to_string(chunk); }

}  // namespace

Location PageBuilder::Add(ByteSpan record) {
  if (codec_ != nullptr) {
    codec_->Compress(record, stored_);
    record = stored_;
  }
  const std::size_t size = records_.size() + record.size() + (ends_.size() + 2) * sizeof(std::uint32_t);
  if (!ends_.empty() && (size > kPageBytes || ends_.size() == kPageSlotsMax)) Close();
  records_.insert(records_.end(), record.begin(), record.end());
  ends_.push_back(static_cast<std::uint32_t>(records_.size()));
  return {.page = closed_, .slot = static_cast<std::uint32_t>(ends_.size() - 1)};
}

std::vector<Bytes> PageBuilder::Take() {
  if (!ends_.empty()) Close();
  return std::exchange(pages_, {});
}

void PageBuilder::Close() {
  ByteWriter payload;
  payload.bytes().reserve(records_.size() + (ends_.size() + 1) * sizeof(std::uint32_t));
  payload.Put(dictionary_);
  payload.Put(static_cast<std::uint32_t>(ends_.size()));
  for (const std::uint32_t end : ends_) payload.Put(end);
  payload.PutBytes(records_);
  pages_.push_back(store::SealBlob(kPageMagic, payload.bytes(), store::Compression::kNever));
  ++closed_;
  ends_.clear();
  records_.clear();
}

Result<std::shared_ptr<const Page>> Page::Open(std::int64_t chunk, ByteSpan sealed) {
  LEVEE_ASSIGN(Bytes payload, OpenSealed(kPageMagic, sealed, NameOf(chunk)));
  auto page = std::make_shared<Page>();
  page->chunk_ = chunk;
  page->payload_ = std::make_shared<const Bytes>(std::move(payload));
  ByteReader reader(*page->payload_);
  page->dictionary_ = reader.Get<std::int64_t>();
  const auto slots = reader.Get<std::uint32_t>();
  if (slots > reader.remaining() / sizeof(std::uint32_t)) return Damaged(NameOf(chunk), "it has more slots than bytes");
  page->ends_.resize(slots);
  std::uint32_t last = 0;
  for (std::uint32_t& end : page->ends_) {
    end = reader.Get<std::uint32_t>();
    if (end < last) return Damaged(NameOf(chunk), "its slots do not ascend");
    last = end;
  }
  page->records_at_ = reader.position();
  if (last > reader.remaining()) return Damaged(NameOf(chunk), "it is cut short");
  return std::shared_ptr<const Page>(std::move(page));
}

Result<ByteSpan> Page::Record(std::uint32_t slot) const {
  if (slot >= ends_.size()) return Damaged(NameOf(chunk_), "a row points beyond its slots");
  const std::size_t begin = slot == 0 ? 0 : ends_[slot - 1];
  return ByteSpan(*payload_).subspan(records_at_ + begin, ends_[slot] - begin);
}

Result<std::shared_ptr<const Page>> SegmentPages::ReadPage(std::int64_t chunk) {
  const cache::CacheKey key{.owner = kPageMagic, .part = static_cast<std::uint64_t>(chunk)};
  if (auto page = cache_.Find<Page>(key)) return page;
  LEVEE_ASSIGN(const Bytes sealed, store_.ReadChunk(chunk));
  LEVEE_ASSIGN(auto page, Page::Open(chunk, sealed));
  return cache_.Insert(key, std::move(page), sealed.size() + sizeof(Page));
}

Result<ByteSpan> SegmentPages::ReadRecord(std::int64_t chunk, std::uint32_t slot, Keeping keeping,
                                           std::shared_ptr<const Bytes>& holder) {
  const RecordCache::Place place{.chunk = chunk, .slot = slot};
  if (keeping == Keeping::kForOthers) {
    holder = records_.Find(place);
    if (holder != nullptr) return ByteSpan(*holder);
  }
  LEVEE_ASSIGN(const auto page, ReadPage(chunk));
  LEVEE_ASSIGN(const ByteSpan stored, page->Record(slot));
  const bool plain = page->dictionary() == 0;
  if (plain && keeping == Keeping::kNot) {
    holder = page->payload();
    return stored;
  }
  Bytes record;
  if (plain) {
    record.assign(stored.begin(), stored.end());
  } else {
    LEVEE_ASSIGN(const auto codec, ReadCodec(page->dictionary()));
    LEVEE_ASSIGN(record, codec->Decompress(stored));
  }
  holder = keeping == Keeping::kForOthers ? records_.Keep(place, std::move(record))
                                          : std::make_shared<const Bytes>(std::move(record));
  return ByteSpan(*holder);
}

Result<std::shared_ptr<const RecordCodec>> SegmentPages::ReadCodec(std::int64_t dictionary) {
  const cache::CacheKey key{.owner = kDictionaryMagic, .part = static_cast<std::uint64_t>(dictionary)};
  if (auto codec = cache_.Find<RecordCodec>(key)) return codec;
  LEVEE_ASSIGN(const Bytes sealed, store_.ReadChunk(dictionary));
  LEVEE_ASSIGN(const Bytes content, OpenSealed(kDictionaryMagic, sealed, NameOf(dictionary)));
  LEVEE_ASSIGN(auto codec, RecordCodec::Make(content));
  const std::size_t size = codec->memory_bytes();
  return cache_.Insert(key, std::move(codec), size);
}

Result<std::shared_ptr<const Bytes>> SegmentPages::ReadBlob(std::int64_t chunk, std::uint32_t magic) {
  const cache::CacheKey key{.owner = magic, .part = static_cast<std::uint64_t>(chunk)};
  if (auto payload = cache_.Find<Bytes>(key)) return payload;
  LEVEE_ASSIGN(const Bytes sealed, store_.ReadChunk(chunk));
  LEVEE_ASSIGN(Bytes payload, OpenSealed(magic, sealed, NameOf(chunk)));
  const std::size_t size = payload.size();
  return cache_.Insert(key, std::make_shared<const Bytes>(std::move(payload)), size);
}

}  // namespace levee::memory
