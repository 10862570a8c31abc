// An inverted index of documents that are rows 0 to rows() - 1: in memory (memory_part.h) or stored (part_reader.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "text/field.h"
#include "text/stored/block_list.h"

namespace levee::text {

inline constexpr std::uint32_t kPartRowsMax = 65536;

// How many tokens each document has in a field. Lent by a part, as long as that is there.
class Lengths {
 public:
  static constexpr std::uint32_t kPageRows = 4096;

  Lengths() = default;
  explicit Lengths(const std::uint32_t* const* pages) : pages_(pages) {}
  std::uint32_t operator[](std::uint32_t row) const { return pages_[row / kPageRows][row % kPageRows]; }

 private:
  const std::uint32_t* const* pages_ = nullptr;
};

// A token of a part: how many documents have it, and where the part keeps which. Means something to its part alone.
struct TokenPlace {
  std::uint32_t documents = 0;
  std::uint32_t id = 0;               // in memory: the token's number
  std::uint64_t postings = 0;         // stored: where they stand
  std::uint64_t postings_bytes = 0;
  std::uint64_t positions = 0;
  std::uint64_t positions_bytes = 0;
  std::span<const std::uint8_t> within;      // stored, short: postings and positions in the dictionary itself
  std::shared_ptr<const void> holder;        // keeps `within`
};

// Postings of a token, rows ascending. Reused from token to token.
struct Postings {
  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> counts;     // how often a row has it
  std::vector<std::uint32_t> positions;  // of each row one after the other, ascending; only where they were asked for

  void Clear() {
    rows.clear();
    counts.clear();
    positions.clear();
  }
};

// The tokens of a field in the order of their bytes.
class TokenIterator {
 public:
  virtual ~TokenIterator() = default;
  // To the first, or the next one. False: there are no more, or status() is an error.
  virtual bool Next() = 0;
  // Next() goes on with the first token that does not begin with the first `bytes` of this one.
  virtual void SkipPrefix(std::size_t bytes) = 0;
  // Valid until Next().
  std::string_view token() const { return token_; }
  virtual TokenPlace place() const = 0;
  const Status& status() const { return status_; }

 protected:
  std::string_view token_;
  Status status_;
};

// Immutable and thread-safe. What reads bytes fails as their source does, with kCorrupt where they do not follow the format.
class Part {
 public:
  virtual ~Part() = default;

  virtual std::uint32_t rows() const = 0;
  // Whether the field was indexed at all.
  virtual bool has(Field field) const = 0;
  // Tokens of all documents in a field.
  virtual std::uint64_t tokens(Field field) const = 0;
  // Of a field that it has.
  virtual Lengths lengths(Field field) const = 0;

  // Nothing: no document has the token.
  virtual Result<std::optional<TokenPlace>> Find(Field field, std::string_view token) const = 0;
  // Replaces what `out` has.
  virtual Status Read(Field field, const TokenPlace& place, bool with_positions, Postings& out) const = 0;
  // Of some postings of a token, by their place among its `postings` as Read gave them, ascending: all of their positions,
  // those of one row after those of the other. Appended to `out`.
  virtual Status ReadPositions(Field field, const TokenPlace& place, const Postings& postings,
                               std::span<const std::uint32_t> wanted, std::vector<std::uint32_t>& out) const = 0;
  // In blocks with bounds, to be unpacked one by one. Nothing: a part has no such thing for this token, Read is the way.
  virtual Result<std::optional<BlockList>> Blocks(Field field, const TokenPlace& place) const = 0;
  // Those not below `from`.
  virtual std::unique_ptr<TokenIterator> Tokens(Field field, std::string_view from) const = 0;

  // What it takes in memory, caches of chunks not counted.
  virtual std::uint64_t memory_bytes() const = 0;
};

}  // namespace levee::text
