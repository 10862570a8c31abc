// Tokens of a field and, for each, a chain of bytes that says in which rows and where it stands.
//
// A token takes one cache line and a slot of the hash table; its postings grow in a chain of blocks of 24 bytes to 1 KiB.
// An occurrence is, if its row is a new one, a varint (rows since the last one) * 2 + 1, then a varint (positions since
// the last one of the row) * 2.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "text/analysis/analyzer.h"
#include "text/part.h"

namespace levee::text {

// One thread adds, or any number read: MemoryPart's lock says which.
class TokenTable {
 public:
  TokenTable();

  // The tokens of the next field of `row`; of one row several times with rising positions. Token::data must be readable
  // for kTokenBytesMax bytes, as a TokenList's is. `row` is at least the last one.
  void Add(std::uint32_t row, std::span<const Token> tokens, std::uint32_t first_position);

  std::uint32_t size() const { return size_; }
  std::string_view text(std::uint32_t id) const;
  // The id of a token; size(): it is not there.
  std::uint32_t Find(std::string_view token) const;

  // Of rows below `rows_end`: how many, and which.
  std::uint32_t CountRows(std::uint32_t id, std::uint32_t rows_end) const;
  void Read(std::uint32_t id, std::uint32_t rows_end, bool with_positions, Postings& out) const;

  std::uint64_t memory_bytes() const;

 private:
  static constexpr std::uint32_t kTermsPerPage = 1024;
  static constexpr std::size_t kPageBytes = 1 << 16;

  struct alignas(64) Term {
    std::uint8_t* write;     // where the chain goes on
    std::uint8_t* first;     // of the chain
    std::uint32_t documents;
    std::uint32_t last_position;
    std::uint16_t last_row;
    std::uint16_t left;      // bytes of the block behind `write`, its link not counted
    std::uint8_t size;       // of the text
    std::uint8_t blocks;     // in the chain, at most 255 counted
    // The text, padded with zeros; of a longer one the first bytes of it are a pointer to it.
    char bytes[34];
  };
  static constexpr std::size_t kTermText = sizeof(Term::bytes);

  Term& term(std::uint32_t id) { return terms_[id / kTermsPerPage][id % kTermsPerPage]; }
  const Term& term(std::uint32_t id) const { return terms_[id / kTermsPerPage][id % kTermsPerPage]; }
  static std::string_view TextOf(const Term& term);
  std::uint32_t FindOrAdd(const char* data, std::uint32_t size, std::uint64_t hash);
  std::uint32_t AddTerm(const char* data, std::uint32_t size);
  void Append(Term& term, std::uint32_t row, std::uint32_t position);
  void ExtendChain(Term& term);
  void Grow();
  std::uint8_t* Allocate(std::size_t bytes);

  std::vector<std::uint64_t> slots_;  // hash in the high half, id + 1 in the low one; 0: free
  std::vector<std::unique_ptr<Term[]>> terms_;
  std::uint32_t size_ = 0;
  std::vector<std::unique_ptr<std::uint8_t[]>> pages_;
  std::size_t page_used_ = kPageBytes;
  std::vector<std::uint64_t> hashes_;  // of the tokens being added
};

}  // namespace levee::text
