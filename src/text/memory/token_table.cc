#include "text/memory/token_table.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "text/memory/token_hash.h"

namespace levee::text {
namespace {

constexpr std::uint16_t kLink = sizeof(std::uint8_t*);  // at a block's end: where the next one begins
constexpr std::uint16_t kFirstBlock = 24, kLargestBlock = 1024;
// A row of 17 bits takes 3 bytes, a position of 33 bits 5. Less is left: the chain goes on in the next block. Who reads
// counts the same way.
constexpr std::uint16_t kOccurrenceMax = 8;

// The sizes of a chain's blocks, link included, by their number.
std::uint16_t BlockBytes(std::uint32_t number) {
  return number == 0 ? kFirstBlock
                     : static_cast<std::uint16_t>(std::min<std::uint32_t>(32U << std::min(number, 5U), kLargestBlock));
}

std::uint8_t* PutVarint(std::uint8_t* out, std::uint64_t value) {
  while (value >= 0x80) {
    *out++ = static_cast<std::uint8_t>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<std::uint8_t>(value);
  return out;
}

const std::uint8_t* GetVarint(const std::uint8_t* in, std::uint64_t& value) {
  value = *in & 0x7f;
  for (int shift = 7; (*in++ & 0x80) != 0; shift += 7) value |= static_cast<std::uint64_t>(*in & 0x7f) << shift;
  return in;
}

// Walks a chain, occurrence by occurrence.
class ChainReader {
 public:
  explicit ChainReader(const std::uint8_t* first) : at_(first) {}

  // The next occurrence. Whoever calls knows how many rows there are, and where the chain ends.
  // True: it is the first of its row.
  bool Read(std::uint32_t& row, std::uint32_t& position) {
    Follow();
    const std::uint8_t* const begin = at_;
    std::uint64_t value;
    at_ = GetVarint(at_, value);
    const bool is_new = (value & 1) != 0;
    if (is_new) {
      row += static_cast<std::uint32_t>(value >> 1);
      position = 0;
      at_ = GetVarint(at_, value);
    }
    position += static_cast<std::uint32_t>(value >> 1);
    left_ = static_cast<std::uint16_t>(left_ - (at_ - begin));
    return is_new;
  }
  bool IsAt(const std::uint8_t* end) const { return at_ == end; }

 private:
  void Follow() {
    if (left_ >= kOccurrenceMax) return;
    std::memcpy(&at_, at_ + left_, sizeof(at_));
    left_ = static_cast<std::uint16_t>(BlockBytes(++number_) - kLink);
  }

  const std::uint8_t* at_;
  std::uint32_t number_ = 0;
  std::uint16_t left_ = kFirstBlock - kLink;
};

}  // namespace

TokenTable::TokenTable() : slots_(256) {
  static_assert(sizeof(Term) == 64);
}

std::string_view TokenTable::TextOf(const Term& term) {
  if (term.size <= kTermText) return {term.bytes, term.size};
  const char* text;
  std::memcpy(&text, term.bytes, sizeof(text));
  return {text, term.size};
}

std::string_view TokenTable::text(std::uint32_t id) const { return TextOf(term(id)); }

std::uint32_t TokenTable::Find(std::string_view token) const {
  if (token.empty() || token.size() > kTokenBytesMax) return size_;
  char padded[kTokenBytesMax + 8] = {};
  std::copy(token.begin(), token.end(), padded);
  const std::uint64_t hash = HashToken(padded, static_cast<std::uint32_t>(token.size()));
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask; slots_[at] != 0; at = (at + 1) & mask) {
    const auto id = static_cast<std::uint32_t>(slots_[at]) - 1;
    if (slots_[at] >> 32 == hash >> 32 && text(id) == token) return id;
  }
  return size_;
}

// In passes, so that what one token waits for from memory is on its way for all of them.
void TokenTable::Add(std::uint32_t row, std::span<const Token> tokens, std::uint32_t first_position) {
  constexpr std::size_t kGroup = 64;
  std::uint32_t ids[kGroup];
  hashes_.resize(kGroup);
  for (std::size_t first = 0; first < tokens.size(); first += kGroup) {
    const std::span<const Token> group = tokens.subspan(first, std::min(kGroup, tokens.size() - first));
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = 0; i < group.size(); ++i) {
      hashes_[i] = HashToken(group[i].data, group[i].size);
      __builtin_prefetch(&slots_[hashes_[i] & mask]);
    }
    for (std::size_t i = 0; i < group.size(); ++i) {
      const std::uint64_t slot = slots_[hashes_[i] & mask];
      if (slot != 0) __builtin_prefetch(&term(static_cast<std::uint32_t>(slot) - 1), 1);
    }
    for (std::size_t i = 0; i < group.size(); ++i) {
      ids[i] = FindOrAdd(group[i].data, group[i].size, hashes_[i]);
      __builtin_prefetch(term(ids[i]).write, 1);
    }
    for (std::size_t i = 0; i < group.size(); ++i) Append(term(ids[i]), row, first_position + group[i].position);
  }
}

std::uint32_t TokenTable::FindOrAdd(const char* data, std::uint32_t size, std::uint64_t hash) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at] != 0; at = (at + 1) & mask) {
    if (slots_[at] >> 32 != hash >> 32) continue;
    const auto id = static_cast<std::uint32_t>(slots_[at]) - 1;
    const Term& found = term(id);
    if (found.size != size) continue;
    if (size <= 8) {
      std::uint64_t word;
      std::memcpy(&word, found.bytes, sizeof(word));
      if (word == LoadTokenWord(data, size)) return id;
    } else if (TextOf(found) == std::string_view(data, size)) {
      return id;
    }
  }
  const std::uint32_t id = AddTerm(data, size);
  slots_[at] = hash >> 32 << 32 | (id + 1);
  if (std::uint64_t{size_} * 2 > slots_.size()) Grow();
  return id;
}

std::uint32_t TokenTable::AddTerm(const char* data, std::uint32_t size) {
  if (size_ % kTermsPerPage == 0) terms_.push_back(std::make_unique_for_overwrite<Term[]>(kTermsPerPage));
  Term& added = terms_.back()[size_ % kTermsPerPage];
  added = {};
  added.size = static_cast<std::uint8_t>(size);
  if (size <= kTermText) {
    std::copy_n(data, size, added.bytes);
  } else {
    auto* const text = reinterpret_cast<char*>(Allocate(size));
    std::copy_n(data, size, text);
    std::memcpy(added.bytes, &text, sizeof(text));
  }
  added.first = added.write = Allocate(BlockBytes(0));
  added.left = static_cast<std::uint16_t>(BlockBytes(0) - kLink);
  return size_++;
}

void TokenTable::Append(Term& term, std::uint32_t row, std::uint32_t position) {
  if (term.left < kOccurrenceMax) ExtendChain(term);
  std::uint8_t* const begin = term.write;
  std::uint8_t* write = begin;
  if (term.documents == 0 || term.last_row != row) {
    write = PutVarint(write, (std::uint64_t{row} - term.last_row) << 1 | 1);
    term.last_row = static_cast<std::uint16_t>(row);
    term.last_position = 0;
    ++term.documents;
  }
  write = PutVarint(write, std::uint64_t{position - term.last_position} << 1);
  term.last_position = position;
  term.left = static_cast<std::uint16_t>(term.left - (write - begin));
  term.write = write;
}

void TokenTable::ExtendChain(Term& term) {
  const std::uint16_t bytes = BlockBytes(++term.blocks);
  if (term.blocks == 255) term.blocks = 254;  // all of them are of one size by then
  std::uint8_t* const block = Allocate(bytes);
  std::memcpy(term.write + term.left, &block, sizeof(block));
  term.write = block;
  term.left = static_cast<std::uint16_t>(bytes - kLink);
}

void TokenTable::Grow() {
  std::vector<std::uint64_t> larger(slots_.size() * 2);
  const std::size_t mask = larger.size() - 1;
  for (const std::uint64_t slot : slots_) {
    if (slot == 0) continue;
    const std::string_view token = text(static_cast<std::uint32_t>(slot) - 1);
    char padded[kTokenBytesMax + 8] = {};
    std::copy(token.begin(), token.end(), padded);
    std::size_t at = HashToken(padded, static_cast<std::uint32_t>(token.size())) & mask;
    while (larger[at] != 0) at = (at + 1) & mask;
    larger[at] = slot;
  }
  slots_ = std::move(larger);
}

std::uint8_t* TokenTable::Allocate(std::size_t bytes) {
  if (page_used_ + bytes > kPageBytes) {
    pages_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(kPageBytes));
    page_used_ = 0;
  }
  std::uint8_t* const place = pages_.back().get() + page_used_;
  page_used_ += bytes;
  return place;
}

std::uint32_t TokenTable::CountRows(std::uint32_t id, std::uint32_t rows_end) const {
  const Term& counted = term(id);
  if (counted.last_row < rows_end) return counted.documents;
  ChainReader chain(counted.first);
  std::uint32_t row = 0, position = 0, count = 0;
  while (!chain.IsAt(counted.write)) {
    const bool is_new = chain.Read(row, position);
    if (row >= rows_end) break;
    count += is_new ? 1 : 0;
  }
  return count;
}

void TokenTable::Read(std::uint32_t id, std::uint32_t rows_end, bool with_positions, Postings& out) const {
  out.Clear();
  const Term& wanted = term(id);
  out.rows.reserve(wanted.documents);
  out.counts.reserve(wanted.documents);
  ChainReader chain(wanted.first);
  std::uint32_t row = 0, position = 0;
  while (!chain.IsAt(wanted.write)) {
    const bool is_new = chain.Read(row, position);
    if (row >= rows_end) break;
    if (is_new) {
      out.rows.push_back(row);
      out.counts.push_back(1);
    } else {
      ++out.counts.back();
    }
    if (with_positions) out.positions.push_back(position);
  }
}

std::uint64_t TokenTable::memory_bytes() const {
  return slots_.size() * sizeof(std::uint64_t) + terms_.size() * kTermsPerPage * sizeof(Term) + pages_.size() * kPageBytes;
}

}  // namespace levee::text
