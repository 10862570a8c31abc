#include "text/stored/dictionary_reader.h"

#include <algorithm>
#include <cstring>

namespace levee::text {
namespace {

std::unexpected<Error> Corrupt(std::string_view why) { return Fail(ErrorCode::kCorrupt, "text index", why); }

// Calls found(i) for i in [first, last) by halves; the first it says no to.
template <typename Before>
std::uint32_t FirstNot(std::uint32_t first, std::uint32_t last, Before&& before) {
  while (first < last) {
    const std::uint32_t middle = (first + last) / 2;
    if (before(middle)) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first;
}

}  // namespace

Result<DictionaryPage> DictionaryPage::Open(std::shared_ptr<const Bytes> bytes) {
  DictionaryPage page;
  const std::size_t size = bytes->size();
  std::uint16_t blocks = 0;
  if (size < sizeof(blocks)) return Corrupt("a dictionary chunk is too short");
  std::memcpy(&blocks, bytes->data() + size - sizeof(blocks), sizeof(blocks));
  const std::size_t trailer = (std::size_t{blocks} + 1) * sizeof(blocks);
  if (blocks == 0 || trailer > size) return Corrupt("a dictionary chunk has no blocks");
  page.bytes_ = std::move(bytes);
  page.blocks_ = blocks;
  page.offsets_at_ = size - trailer;
  return page;
}

std::uint16_t DictionaryPage::Offset(std::uint32_t index) const {
  std::uint16_t offset;
  std::memcpy(&offset, bytes_->data() + offsets_at_ + index * sizeof(offset), sizeof(offset));
  return offset;
}

ByteSpan DictionaryPage::block(std::uint32_t index) const {
  const std::size_t begin = Offset(index), end = index + 1 < blocks_ ? Offset(index + 1) : offsets_at_;
  if (begin > end || end > offsets_at_) return {};
  return ByteSpan(*bytes_).subspan(begin, end - begin);
}

std::string_view DictionaryPage::first_token(std::uint32_t index) const {
  ByteReader reader(block(index));
  reader.GetVarint();
  return reader.GetText();
}

bool DictionaryBlockReader::Fail() {
  is_corrupt_ = true;
  return false;
}

bool DictionaryBlockReader::Next() {
  if (reader_.remaining() == 0 || is_corrupt_) return false;
  const std::uint64_t shared = reader_.GetVarint();
  const std::string_view rest = reader_.GetText();
  const std::uint64_t documents = reader_.GetVarint();
  if (!reader_.ok() || shared > size_ || shared + rest.size() > kTokenBytesMax) return Fail();
  shared_ = shared;
  size_ = shared + rest.size();
  std::ranges::copy(rest, token_.begin() + static_cast<std::ptrdiff_t>(shared));
  if (size_ == 0 || documents >> 1 == 0 || documents >> 1 > kPartRowsMax) return Fail();
  documents_ = static_cast<std::uint32_t>(documents >> 1);
  is_short_ = (documents & 1) != 0;
  if (is_short_) {
    within_ = AsBytes(reader_.GetText());
    return reader_.ok() || Fail();
  }
  postings_.address = postings_end_ + reader_.GetVarint();
  postings_.size = reader_.GetVarint();
  positions_.address = positions_end_ + reader_.GetVarint();
  positions_.size = reader_.GetVarint();
  postings_end_ = postings_.address + postings_.size;
  positions_end_ = positions_.address + positions_.size;
  return reader_.ok() || Fail();
}

TokenPlace DictionaryBlockReader::place() const {
  TokenPlace place{.documents = documents_};
  if (is_short_) {
    place.within = within_;
    place.holder = holder_;
    return place;
  }
  place.postings = postings_.address;
  place.postings_bytes = postings_.size;
  place.positions = positions_.address;
  place.positions_bytes = positions_.size;
  return place;
}

Result<std::optional<TokenPlace>> Dictionary::Find(std::string_view token) const {
  const auto after = std::ranges::upper_bound(chunks_, token, {}, &DictionaryChunk::first_token);
  if (after == chunks_.begin()) return std::nullopt;
  LEVEE_ASSIGN(std::shared_ptr<const Bytes> bytes, source_.Read((after - 1)->number));
  LEVEE_ASSIGN(const DictionaryPage page, DictionaryPage::Open(std::move(bytes)));
  const std::uint32_t next = FirstNot(0, page.blocks(), [&](std::uint32_t i) { return page.first_token(i) <= token; });
  if (next == 0) return std::nullopt;
  DictionaryBlockReader block(page.block(next - 1), page.bytes());
  while (block.Next()) {
    if (block.token() == token) return block.place();
    if (block.token() > token) return std::nullopt;
  }
  if (block.is_corrupt()) return Corrupt("a dictionary block cannot be read");
  return std::nullopt;
}

namespace {

class StoredTokens final : public TokenIterator {
 public:
  StoredTokens(const ChunkSource& source, const std::vector<DictionaryChunk>& chunks, std::string_view from)
      : source_(source), chunks_(chunks), from_(from), from_bytes_(from.size()) {}

  bool Next() override {
    if (!status_) return false;
    if (pending_) {
      pending_ = false;
      if (!Jump()) return false;
    }
    for (;;) {
      while (block_.Next()) {
        // What shares with a skipped token what was skipped is skipped too.
        if (is_skipping_ && block_.shared() >= from_bytes_) continue;
        is_skipping_ = IsBefore(block_.token());
        if (is_skipping_) continue;
        token_ = block_.token();
        return true;
      }
      if (block_.is_corrupt()) return Stop(Corrupt("a dictionary block cannot be read"));
      if (++block_index_ < page_.blocks()) {
        OpenBlock(block_index_);
      } else if (!OpenPage(chunk_ + 1)) {
        return false;
      }
    }
  }

  void SkipPrefix(std::size_t bytes) override {
    from_ = token_.substr(0, bytes);
    from_bytes_ = bytes;
    after_from_ = is_skipping_ = true;
    // Where the rest of the block may lead out of the prefix there is nothing to jump over.
    const std::uint32_t next = block_index_ + 1;
    pending_ = next < page_.blocks() ? IsBefore(page_.first_token(next)) : chunk_ + 1 < chunks_.size();
  }
  TokenPlace place() const override { return block_.place(); }

 private:
  // Whether a token comes before those that are wanted: below `from_`, or, after a skip, beginning with it.
  bool IsBefore(std::string_view token) const {
    return after_from_ ? token.substr(0, from_bytes_) <= from_ : token < from_;
  }
  bool Stop(std::unexpected<Error> error) {
    status_ = std::move(error);
    return false;
  }

  // To the last block that begins before what is wanted.
  bool Jump() {
    const auto before = [&](const DictionaryChunk& chunk) { return IsBefore(chunk.first_token); };
    const auto first = chunks_.begin() + static_cast<std::ptrdiff_t>(is_open_ ? chunk_ : 0);
    const auto after = std::partition_point(first, chunks_.end(), before);
    const auto wanted = static_cast<std::size_t>(after - chunks_.begin()) - (after == chunks_.begin() ? 0 : 1);
    if (is_open_ && wanted <= chunk_) {
      const std::uint32_t next = FirstNot(block_index_ + 1, page_.blocks(),
                                          [&](std::uint32_t i) { return IsBefore(page_.first_token(i)); });
      // Still in the block that is being read.
      if (next == block_index_ + 1) return true;
      return OpenBlock(next - 1);
    }
    if (!OpenPage(wanted)) return false;
    const std::uint32_t next =
        FirstNot(0, page_.blocks(), [&](std::uint32_t i) { return IsBefore(page_.first_token(i)); });
    return OpenBlock(next == 0 ? 0 : next - 1);
  }
  bool OpenPage(std::size_t chunk) {
    if (chunk >= chunks_.size()) return false;
    chunk_ = chunk;
    is_open_ = true;
    Result<std::shared_ptr<const Bytes>> bytes = source_.Read(chunks_[chunk].number);
    if (!bytes) return Stop(std::unexpected(std::move(bytes).error()));
    Result<DictionaryPage> page = DictionaryPage::Open(std::move(*bytes));
    if (!page) return Stop(std::unexpected(std::move(page).error()));
    page_ = std::move(*page);
    return OpenBlock(0);
  }
  bool OpenBlock(std::uint32_t index) {
    is_skipping_ = false;
    block_index_ = index;
    block_ = DictionaryBlockReader(page_.block(index), page_.bytes());
    return true;
  }

  const ChunkSource& source_;
  const std::vector<DictionaryChunk>& chunks_;
  std::string from_;
  std::size_t from_bytes_;
  bool after_from_ = false, pending_ = true, is_open_ = false;
  bool is_skipping_ = false;  // the token before was one to skip, by its prefix
  std::size_t chunk_ = 0;
  std::uint32_t block_index_ = 0;
  DictionaryPage page_;
  DictionaryBlockReader block_;
};

}  // namespace

std::unique_ptr<TokenIterator> Dictionary::Tokens(std::string_view from) const {
  return std::make_unique<StoredTokens>(source_, chunks_, from);
}

}  // namespace levee::text
