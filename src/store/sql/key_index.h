// Which rows of a segment may have a key: what finds the entry that a remove action ends.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "columnar/batch.h"

namespace levee::store {

// The upper 32 bits of each row's key hash, sorted: six bytes an entry. A hit must be verified.
class KeyIndex {
 public:
  explicit KeyIndex(std::span<const std::int64_t> hashes);
  static Result<KeyIndex> Decode(ByteSpan blob, const std::string& what);
  Bytes Encode() const;

  // Calls visit(probe, row) for each row that may have the key hashes[probe]. `hashes` are sorted as unsigned.
  template <typename Visit>
  void Match(std::span<const std::uint64_t> hashes, Visit&& visit) const {
    // Few probes search, many walk along: a merge join.
    const bool search = hashes.size() < hashes_.size() / 16;
    std::size_t at = 0;
    for (std::size_t probe = 0; probe < hashes.size(); ++probe) {
      const auto wanted = static_cast<std::uint32_t>(hashes[probe] >> 32);
      if (search) {
        at = LowerBound(wanted, at);
      } else {
        while (at < hashes_.size() && hashes_[at] < wanted) ++at;
      }
      for (std::size_t i = at; i < hashes_.size() && hashes_[i] == wanted; ++i) visit(probe, rows_[i]);
    }
  }
  std::size_t SizeBytes() const { return hashes_.size() * 8; }

 private:
  KeyIndex() = default;
  // The first place from `from` on whose hash is not below `wanted`. Hashes are spread evenly, so the place is
  // guessed and then closed in on: one or two cache lines instead of a dozen.
  std::size_t LowerBound(std::uint32_t wanted, std::size_t from) const;
  std::vector<std::uint32_t> hashes_;  // ascending
  std::vector<std::uint32_t> rows_;
};

// kKeyHash of each row; computed from the path and the deletion vector where the batch does not have it.
std::vector<std::int64_t> KeyHashes(const columnar::Batch& batch);
// The deletion vector's unique id of a row; empty without one.
std::string DvUniqueIdOf(const columnar::Batch& batch, std::size_t row);

}  // namespace levee::store
