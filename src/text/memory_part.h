// A part that grows in memory.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string_view>
#include <vector>

#include "text/analysis/analyzer.h"
#include "text/field.h"
#include "text/memory/token_table.h"
#include "text/part.h"

namespace levee::text {

struct MemoryPartOptions {
  std::shared_ptr<const Analyzer> analyzer;
  // Which fields are indexed.
  ByField<bool> fields = {true, false, false};
};

// Thread-safe: one adds, while any number reads snapshots. A snapshot is a number of rows and of tokens, so that taking one
// costs nothing and each batch may have its own; it keeps the part. Readers and the one who adds share a lock for as long
// as a posting list is copied or a document goes in, which is microseconds.
class MemoryPart : public std::enable_shared_from_this<MemoryPart> {
 public:
  static std::shared_ptr<MemoryPart> Make(MemoryPartOptions options);

  // Returns the document's row: the first is 0, each next one higher. kOutOfRange: kPartRowsMax rows are there.
  Result<std::uint32_t> Add(const Document& document);
  // A row that has no token in any field, for documents that are none, as the removal of one.
  Result<std::uint32_t> AddEmpty() { return Add({}); }

  // What is there now, for good.
  std::shared_ptr<const Part> Snapshot() const;

  std::uint32_t rows() const;
  std::uint64_t memory_bytes() const;
  const MemoryPartOptions& options() const { return options_; }

 private:
  class View;
  class Tokens;
  struct FieldIndex {
    TokenTable table;
    // Pages stay where they are, so that who has a snapshot reads its rows' lengths without the lock.
    std::array<const std::uint32_t*, kPartRowsMax / Lengths::kPageRows> lengths{};
    std::vector<std::unique_ptr<std::uint32_t[]>> length_pages;
    std::uint64_t tokens = 0;
    // Ids of the table's first `sorted.size()` tokens in the order of their texts; who asks for an order sorts the rest in.
    std::vector<std::uint32_t> sorted;
  };

  explicit MemoryPart(MemoryPartOptions options) : options_(std::move(options)) {}
  void AddField(Field field, const TokenList& list, std::uint32_t first_position);
  // The tokens of a field in order, of those that were there when it was called.
  std::vector<std::uint32_t> SortedTokens(Field field) const;
  FieldIndex& index(Field field) const { return index_[static_cast<std::size_t>(field)]; }

  const MemoryPartOptions options_;
  mutable std::shared_mutex mutex_;
  // Guarded by mutex_.
  mutable ByField<FieldIndex> index_;
  std::uint32_t rows_ = 0;
  TokenList list_;  // of the one who adds
};

}  // namespace levee::text
