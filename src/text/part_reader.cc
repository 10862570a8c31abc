#include "text/part_reader.h"

#include <algorithm>
#include <numeric>

#include "text/stored/chunk_stream.h"
#include "text/stored/dictionary_reader.h"
#include "text/stored/part_directory.h"
#include "text/stored/position_list.h"
#include "text/stored/short_list.h"

namespace levee::text {
namespace {

std::unexpected<Error> Corrupt(std::string why) { return Fail(ErrorCode::kCorrupt, "text index", std::move(why)); }

class StoredPart final : public Part {
 public:
  explicit StoredPart(std::shared_ptr<const ChunkSource> source) : source_(std::move(source)) {}
  Status Open(ByteSpan directory) { return PartDirectory::Decode(directory, directory_); }

  std::uint32_t rows() const override { return directory_.rows; }
  bool has(Field field) const override { return directory_.has[static_cast<std::size_t>(field)]; }
  std::uint64_t tokens(Field field) const override { return Of(field).tokens; }
  Lengths lengths(Field field) const override { return Lengths(Of(field).pages.data()); }

  Result<std::optional<TokenPlace>> Find(Field field, std::string_view token) const override {
    return Dictionary(*source_, Of(field).chunks).Find(token);
  }
  std::unique_ptr<TokenIterator> Tokens(Field field, std::string_view from) const override {
    return Dictionary(*source_, Of(field).chunks).Tokens(from);
  }

  Status Read(Field field, const TokenPlace& place, bool with_positions, Postings& out) const override {
    if (place.holder != nullptr) return ReadShort(place, out);
    LEVEE_RETURN_IF_ERROR(ReadPostings(place, out));
    if (!with_positions) return {};
    std::vector<std::uint32_t> all(out.rows.size());
    std::iota(all.begin(), all.end(), 0);
    return ReadPositions(field, place, out, all, out.positions);
  }

  Status ReadPositions(Field, const TokenPlace& place, const Postings& postings, std::span<const std::uint32_t> wanted,
                       std::vector<std::uint32_t>& out) const override {
    if (place.holder != nullptr) return ReadShortPositions(place, wanted, out);
    LEVEE_ASSIGN(const Slice slice,
                 ReadStream(*source_, directory_.position_chunks, place.positions, place.positions_bytes));
    if (!DecodePositions(slice.bytes, postings.counts, wanted, out)) return Corrupt("positions cannot be read");
    return {};
  }

  Result<std::optional<BlockList>> Blocks(Field, const TokenPlace& place) const override {
    if (place.documents <= kBlock || place.holder != nullptr) return std::nullopt;
    LEVEE_ASSIGN(Slice slice, ReadStream(*source_, directory_.posting_chunks, place.postings, place.postings_bytes));
    LEVEE_ASSIGN(BlockList list, BlockList::Parse(slice.bytes, std::move(slice.holder), place.documents, rows()));
    return list;
  }

  std::uint64_t memory_bytes() const override {
    std::uint64_t bytes = sizeof(*this);
    bytes += (directory_.posting_chunks.size() + directory_.position_chunks.size()) * sizeof(std::uint64_t);
    for (const FieldDirectory& field : directory_.fields) {
      bytes += field.lengths.capacity() * sizeof(std::uint32_t) + field.chunks.capacity() * sizeof(DictionaryChunk);
    }
    return bytes;
  }

 private:
  const FieldDirectory& Of(Field field) const { return directory_.fields[static_cast<std::size_t>(field)]; }

  Status ReadShort(const TokenPlace& place, Postings& out) const {
    if (DecodeShortList(place.within, place.documents, rows(), out)) return {};
    return Corrupt("a short list cannot be read");
  }
  Status ReadShortPositions(const TokenPlace& place, std::span<const std::uint32_t> wanted,
                            std::vector<std::uint32_t>& out) const {
    Postings all;
    LEVEE_RETURN_IF_ERROR(ReadShort(place, all));
    auto at = all.positions.begin();
    std::uint32_t index = 0;
    for (const std::uint32_t place_wanted : wanted) {
      for (; index < place_wanted; ++index) at += all.counts[index];
      out.insert(out.end(), at, at + all.counts[index]);
    }
    return {};
  }
  Status ReadPostings(const TokenPlace& place, Postings& out) const {
    out.Clear();
    if (place.documents > rows()) return Corrupt("a list has more postings than there are rows");
    out.rows.resize(place.documents);
    out.counts.resize(place.documents);
    LEVEE_ASSIGN(const Slice slice, ReadStream(*source_, directory_.posting_chunks, place.postings, place.postings_bytes));
    if (place.documents <= kBlock) {
      if (DecodeSingleBlock(slice.bytes, place.documents, rows(), out.rows.data(), out.counts.data())) return {};
      return Corrupt("a list cannot be read");
    }
    LEVEE_ASSIGN(const BlockList list, BlockList::Parse(slice.bytes, slice.holder, place.documents, rows()));
    std::uint16_t narrow[kBlock];
    for (std::uint32_t block = 0; block < list.blocks(); ++block) {
      if (!list.ReadRows(block, narrow)) return Corrupt("a block has other rows than its head says");
      std::copy_n(narrow, list.size(block), out.rows.data() + std::size_t{block} * kBlock);
      list.ReadCounts(block, out.counts.data() + std::size_t{block} * kBlock);
    }
    return {};
  }

  const std::shared_ptr<const ChunkSource> source_;
  PartDirectory directory_;  // written by Open alone
};

}  // namespace

Result<std::shared_ptr<const Part>> OpenPart(ByteSpan directory, std::shared_ptr<const ChunkSource> source) {
  const auto part = std::make_shared<StoredPart>(std::move(source));
  LEVEE_RETURN_IF_ERROR(part->Open(directory));
  return std::shared_ptr<const Part>(part);
}

}  // namespace levee::text
