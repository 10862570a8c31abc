// The leaves of a query with their posting lists and what their scores are made of.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "text/field.h"
#include "text/part.h"
#include "text/query/query.h"

namespace levee::text {

// Of BM25: score = scale / (1 + (fixed + by_length * dl) / tf). Each step of it grows or falls with tf and dl even where it
// is rounded, so that a bound by the best pair is one by the last bit.
struct Formula {
  double scale = 0;  // weight * idf * (k1 + 1)
  double fixed = 0, by_length = 0;

  double operator()(double count, double length) const { return scale / (1 + (fixed + by_length * length) / count); }
};

// What an edit more leaves of a score.
inline constexpr std::array<double, 3> kEditFactors = {1, 0.6, 0.6 * 0.6};

// The postings of a leaf in a field of a part: in blocks of their own, or read and scored.
struct LeafList {
  std::optional<BlockList> blocks;   // rows that are gone are among them
  std::vector<std::uint16_t> rows;   // without those that are gone
  std::vector<std::uint32_t> counts;
  std::vector<std::uint8_t> edits;   // of the nearest token of a row; empty: 0
  std::vector<double> scores;

  bool empty() const { return !blocks && rows.empty(); }
  std::uint32_t size() const { return blocks ? blocks->documents() : static_cast<std::uint32_t>(rows.size()); }
};

// A leaf in a field, over all parts.
struct Scorer {
  std::size_t leaf = 0;
  Field field = Field::kContent;
  std::uint64_t documents = 0;  // that are there and have it
  Formula formula;
  std::vector<LeafList> lists;  // by part
};

struct PreparedLeaves {
  std::vector<Scorer> scorers;  // by leaf, then field
  std::vector<std::uint64_t> documents;            // by leaf; of several fields the sum
  std::vector<std::vector<std::string>> tokens;    // by leaf
};

struct PartInput;
Result<PreparedLeaves> PrepareLeaves(const Query& query, std::span<const PartInput> parts, const FieldWeights& weights);

}  // namespace levee::text
