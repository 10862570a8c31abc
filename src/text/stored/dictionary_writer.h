// The tokens of a field, in order: docs/formats/postings.md#dictionary-chunks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/chunks.h"

namespace levee::text {

inline constexpr std::uint32_t kDictionaryBlock = 16;

// A dictionary chunk in the directory.
struct DictionaryChunk {
  std::uint64_t number = 0;
  std::string first_token;
};

// Where a list is that is not short.
struct ListPlace {
  std::uint64_t address = 0;
  std::uint64_t size = 0;
};

class DictionaryWriter {
 public:
  explicit DictionaryWriter(ChunkSink& sink) : sink_(sink) {}

  // Tokens ascend, and so do the places of their lists.
  Status AddShort(std::string_view token, std::uint32_t documents, ByteSpan list);
  Status Add(std::string_view token, std::uint32_t documents, ListPlace postings, ListPlace positions);
  Result<std::vector<DictionaryChunk>> Finish();

 private:
  // The token and its number of documents; the block before is closed if it is full.
  Status BeginToken(std::string_view token, std::uint64_t documents_and_kind);
  Status EndBlock();
  Status Flush();

  ChunkSink& sink_;
  std::vector<DictionaryChunk> chunks_;
  ByteWriter chunk_, block_;
  std::vector<std::uint16_t> offsets_;
  std::string chunk_first_, block_first_, last_;
  std::uint32_t tokens_ = 0;                     // of the block
  std::uint64_t postings_end_ = 0, positions_end_ = 0;  // of the block's last list
};

}  // namespace levee::text
