#include "memory/bank/pages.h"

#include <cstring>
#include <string>
#include <utility>

#include "memory/bank/damage.h"
#include "memory/bank/segment_blobs.h"
#include "store/sealed_blob.h"

namespace levee::memory {
namespace {

constexpr std::uint32_t kPageMagic = store::BlobMagic("LVbp");

std::string NameOf(std::int64_t chunk) { return "memory chunk " + std::to_string(chunk); }

cache::CacheKey KeyOf(std::int64_t page) { return {.owner = kPageMagic, .part = static_cast<std::uint64_t>(page)}; }

}  // namespace

Location PageBuilder::Add(ByteSpan record) {
  if (codec_ == nullptr) return AddStored(record);
  codec_->Compress(record, stored_);
  return AddStored(stored_);
}

Location PageBuilder::AddStored(ByteSpan record) {
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

Result<Page> Page::Open(std::int64_t chunk, ByteSpan sealed) {
  LEVEE_ASSIGN(const ByteSpan payload, ViewSealed(kPageMagic, sealed, NameOf(chunk)));
  Page page;
  ByteReader reader(payload);
  page.chunk_ = chunk;
  page.dictionary_ = reader.Get<std::int64_t>();
  page.slots_ = reader.Get<std::uint32_t>();
  if (page.slots_ > reader.remaining() / sizeof(std::uint32_t)) return Damaged(NameOf(chunk), "it has more slots than bytes");
  page.ends_ = reader.GetBytes(page.slots_ * sizeof(std::uint32_t));
  page.records_ = reader.GetBytes(reader.remaining());
  std::uint32_t last = 0;
  for (std::uint32_t slot = 0; slot < page.slots_; ++slot) {
    const std::uint32_t end = page.EndOf(slot);
    if (end < last) return Damaged(NameOf(chunk), "its slots do not ascend");
    last = end;
  }
  if (last > page.records_.size()) return Damaged(NameOf(chunk), "it is cut short");
  return page;
}

std::uint32_t Page::EndOf(std::uint32_t slot) const {
  std::uint32_t end = 0;
  std::memcpy(&end, ends_.data() + slot * sizeof(end), sizeof(end));
  return end;
}

Result<ByteSpan> Page::Record(std::uint32_t slot) const {
  if (slot >= slots_) return Damaged(NameOf(chunk_), "a row points beyond its slots");
  const std::uint32_t begin = slot == 0 ? 0 : EndOf(slot - 1);
  return records_.subspan(begin, EndOf(slot) - begin);
}

Result<std::shared_ptr<const KeptPageBytes>> SegmentPages::KeepPage(std::int64_t chunk) {
  auto kept = std::make_shared<KeptPageBytes>();
  LEVEE_ASSIGN(kept->sealed, store_.ReadChunk(chunk));
  LEVEE_ASSIGN(kept->page, Page::Open(chunk, kept->sealed));
  const std::size_t size = kept->sealed.size() + sizeof(KeptPageBytes);
  return cache_.Insert<KeptPageBytes>(KeyOf(chunk), std::move(kept), size);
}

bool SegmentPages::IsAskedAgain(std::int64_t chunk) {
  return asked_[static_cast<std::size_t>(chunk) % asked_.size()].exchange(chunk, std::memory_order_relaxed) == chunk;
}

Result<StoredRecord> SegmentPages::ReadStored(std::int64_t chunk, std::uint32_t slot, Keeping keeping) {
  auto kept = cache_.Find<KeptPageBytes>(KeyOf(chunk));
  if (kept == nullptr && (keeping == Keeping::kNot || IsAskedAgain(chunk))) {
    LEVEE_ASSIGN(kept, KeepPage(chunk));
  }
  StoredRecord stored;
  if (kept != nullptr) {
    stored.dictionary = kept->page.dictionary();
    LEVEE_ASSIGN(stored.bytes, kept->page.Record(slot));
    stored.holder = std::shared_ptr<const Bytes>(kept, &kept->sealed);
    return stored;
  }
  LEVEE_RETURN_IF_ERROR(store_.VisitChunk(chunk, [&](ByteSpan sealed) -> Status {
    LEVEE_ASSIGN(const Page page, Page::Open(chunk, sealed));
    LEVEE_ASSIGN(const ByteSpan record, page.Record(slot));
    stored.dictionary = page.dictionary();
    stored.holder = std::make_shared<const Bytes>(record.begin(), record.end());
    return {};
  }));
  stored.bytes = *stored.holder;
  return stored;
}

Result<ByteSpan> SegmentPages::ReadRecord(std::int64_t chunk, std::uint32_t slot, Keeping keeping,
                                           std::shared_ptr<const Bytes>& holder) {
  const RecordCache::Place place{.chunk = chunk, .slot = slot};
  if (keeping == Keeping::kForOthers) {
    holder = records_.Find(place);
    if (holder != nullptr) return ByteSpan(*holder);
  }
  LEVEE_ASSIGN(StoredRecord stored, ReadStored(chunk, slot, keeping));
  const bool plain = stored.dictionary == 0;
  if (plain && keeping == Keeping::kNot) {
    holder = std::move(stored.holder);
    return stored.bytes;
  }
  Bytes record;
  if (plain) {
    record.assign(stored.bytes.begin(), stored.bytes.end());
  } else {
    LEVEE_ASSIGN(const auto codec, ReadCodec(stored.dictionary));
    LEVEE_ASSIGN(record, codec->Decompress(stored.bytes));
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
