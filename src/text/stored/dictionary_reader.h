// Finds tokens in a stored dictionary, and walks it: docs/formats/postings.md#dictionary-chunks.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/analysis/analyzer.h"
#include "text/chunks.h"
#include "text/part.h"
#include "text/stored/dictionary_writer.h"

namespace levee::text {

// A chunk of the dictionary, checked as far as it must be to be read.
class DictionaryPage {
 public:
  // kCorrupt.
  static Result<DictionaryPage> Open(std::shared_ptr<const Bytes> bytes);

  std::uint32_t blocks() const { return blocks_; }
  ByteSpan block(std::uint32_t index) const;
  // Empty where the block is none.
  std::string_view first_token(std::uint32_t index) const;
  const std::shared_ptr<const Bytes>& bytes() const { return bytes_; }

 private:
  std::uint16_t Offset(std::uint32_t index) const;

  std::shared_ptr<const Bytes> bytes_;
  std::uint32_t blocks_ = 0;
  std::size_t offsets_at_ = 0;
};

// Reads a block token by token.
class DictionaryBlockReader {
 public:
  DictionaryBlockReader() : reader_({}) {}
  DictionaryBlockReader(ByteSpan block, std::shared_ptr<const void> holder) : reader_(block), holder_(std::move(holder)) {}

  // False: the block is at its end, or is_corrupt().
  bool Next();
  std::string_view token() const { return {token_.data(), size_}; }
  // How many bytes it has in common with the token before.
  std::size_t shared() const { return shared_; }
  TokenPlace place() const;
  bool is_corrupt() const { return is_corrupt_; }

 private:
  bool Fail();

  ByteReader reader_;
  std::shared_ptr<const void> holder_;
  std::array<char, kTokenBytesMax> token_{};
  std::size_t size_ = 0, shared_ = 0;
  std::uint32_t documents_ = 0;
  bool is_short_ = false;
  ByteSpan within_;                              // of a short one
  ListPlace postings_, positions_;               // of another
  std::uint64_t postings_end_ = 0, positions_end_ = 0;
  bool is_corrupt_ = false;
};

// Immutable and thread-safe. Lent what it reads.
class Dictionary {
 public:
  Dictionary(const ChunkSource& source, const std::vector<DictionaryChunk>& chunks) : source_(source), chunks_(chunks) {}

  Result<std::optional<TokenPlace>> Find(std::string_view token) const;
  std::unique_ptr<TokenIterator> Tokens(std::string_view from) const;

 private:
  const ChunkSource& source_;
  const std::vector<DictionaryChunk>& chunks_;
};

}  // namespace levee::text
