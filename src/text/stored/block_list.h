// A posting list of more than one block, to be unpacked block by block: docs/formats/postings.md#lists.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "text/stored/block_codec.h"

namespace levee::text {

// Some postings of a list have at most this count in a document of at least this length. The bounds of a block cover
// every posting of it.
struct PostingBound {
  std::uint32_t count;   // kCountUnknown: may be any
  std::uint32_t length;
  friend bool operator==(const PostingBound&, const PostingBound&) = default;
};
inline constexpr std::uint32_t kCountUnknown = 255;

// Immutable once parsed. Keeps the bytes it reads.
class BlockList {
 public:
  // `bytes` is all of the list and stays as long as `holder` does. `rows` is the part's. kCorrupt.
  static Result<BlockList> Parse(ByteSpan bytes, std::shared_ptr<const void> holder, std::uint32_t documents,
                                 std::uint32_t rows);

  std::uint32_t documents() const { return documents_; }
  std::uint32_t blocks() const { return static_cast<std::uint32_t>(blocks_.size()); }
  // How many postings a block has.
  std::uint32_t size(std::uint32_t block) const {
    return block + 1 < blocks() ? kBlock : documents_ - block * kBlock;
  }
  std::uint16_t last_row(std::uint32_t block) const { return blocks_[block].last_row; }
  std::span<const PostingBound> bounds() const { return {bounds_.data(), list_bounds_}; }
  std::span<const PostingBound> bounds(std::uint32_t block) const {
    return {bounds_.data() + blocks_[block].bounds_begin, blocks_[block].bounds_count};
  }

  // size(block) rows, ascending, to `out` of kBlock. False: the bytes do not say so.
  [[nodiscard]] bool ReadRows(std::uint32_t block, std::uint16_t* out) const;
  // How often each row has it, 1 and more.
  void ReadCounts(std::uint32_t block, std::uint32_t* out) const;

 private:
  struct Block {
    std::uint16_t last_row;
    std::uint8_t row_width, count_width, bounds_count;
    std::uint32_t bounds_begin;
    std::uint32_t begin;  // of bytes_
  };

  ByteSpan bytes_;
  std::shared_ptr<const void> holder_;
  std::uint32_t documents_ = 0;
  std::uint32_t list_bounds_ = 0;
  std::vector<PostingBound> bounds_;
  std::vector<Block> blocks_;
};

// Postings that are to be encoded; `lengths` are those of the rows.
struct PostingsView {
  std::span<const std::uint32_t> rows, counts, lengths;
};

// Finds, of postings, the pairs of count and length that no other one beats in both.
class BoundCollector {
 public:
  BoundCollector() { least_.fill(kNone); }
  void Add(std::uint32_t count, std::uint32_t length);
  // Most counts first, at most `limit`: where there are more, one covers its neighbour too. Begins anew.
  std::vector<PostingBound> Take(std::size_t limit);

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  std::array<std::uint32_t, kCountUnknown + 1> least_;  // the shortest document of each count
  std::uint32_t most_ = 0;
};

// More than kBlock postings, as BlockList reads them.
void EncodeBlockList(const PostingsView& postings, ByteWriter& out);
// 1 to kBlock postings, without bounds.
void EncodeSingleBlock(const PostingsView& postings, ByteWriter& out);
// As EncodeSingleBlock wrote them. False: the bytes do not follow the format.
[[nodiscard]] bool DecodeSingleBlock(ByteSpan bytes, std::uint32_t documents, std::uint32_t rows_end,
                                     std::uint32_t* rows, std::uint32_t* counts);

}  // namespace levee::text
