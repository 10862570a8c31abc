#include "text/stored/dictionary_writer.h"

#include <algorithm>

namespace levee::text {

Status DictionaryWriter::BeginToken(std::string_view token, std::uint64_t documents_and_kind) {
  if (tokens_ == kDictionaryBlock) LEVEE_RETURN_IF_ERROR(EndBlock());
  std::size_t shared = 0;
  if (tokens_ == 0) {
    block_first_ = token;
    postings_end_ = positions_end_ = 0;
  } else {
    shared = static_cast<std::size_t>(std::ranges::mismatch(last_, token).in1 - last_.begin());
  }
  block_.PutVarint(shared);
  block_.PutText(token.substr(shared));
  block_.PutVarint(documents_and_kind);
  last_ = token;
  ++tokens_;
  return {};
}

Status DictionaryWriter::AddShort(std::string_view token, std::uint32_t documents, ByteSpan list) {
  LEVEE_RETURN_IF_ERROR(BeginToken(token, std::uint64_t{documents} << 1 | 1));
  block_.PutText(AsText(list));
  return {};
}

Status DictionaryWriter::Add(std::string_view token, std::uint32_t documents, ListPlace postings, ListPlace positions) {
  LEVEE_RETURN_IF_ERROR(BeginToken(token, std::uint64_t{documents} << 1));
  block_.PutVarint(postings.address - postings_end_);
  block_.PutVarint(postings.size);
  block_.PutVarint(positions.address - positions_end_);
  block_.PutVarint(positions.size);
  postings_end_ = postings.address + postings.size;
  positions_end_ = positions.address + positions.size;
  return {};
}

Status DictionaryWriter::EndBlock() {
  if (tokens_ == 0) return {};
  const std::size_t trailer = (offsets_.size() + 2) * sizeof(std::uint16_t);
  if (chunk_.size() + block_.size() + trailer > kChunkBytesMax) LEVEE_RETURN_IF_ERROR(Flush());
  if (offsets_.empty()) chunk_first_ = block_first_;
  offsets_.push_back(static_cast<std::uint16_t>(chunk_.size()));
  chunk_.PutBytes(block_.bytes());
  block_ = {};
  tokens_ = 0;
  return {};
}

Status DictionaryWriter::Flush() {
  if (offsets_.empty()) return {};
  for (const std::uint16_t offset : offsets_) chunk_.Put(offset);
  chunk_.Put(static_cast<std::uint16_t>(offsets_.size()));
  LEVEE_ASSIGN(const std::uint64_t number, sink_.Add(chunk_.Take()));
  chunks_.push_back({number, chunk_first_});
  chunk_ = {};
  offsets_.clear();
  return {};
}

Result<std::vector<DictionaryChunk>> DictionaryWriter::Finish() {
  LEVEE_RETURN_IF_ERROR(EndBlock());
  LEVEE_RETURN_IF_ERROR(Flush());
  return std::move(chunks_);
}

}  // namespace levee::text
