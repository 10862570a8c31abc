// The best rows of one part, by the ways there are.
#pragma once

#include <span>
#include <vector>

#include "text/query/list_cursor.h"
#include "text/query/top_hits.h"

namespace levee::text {

// What every way needs to know of a part.
struct PartQuestion {
  const PartInput& input;
  std::uint32_t part;                       // which of the inputs
  std::span<const Scorer* const> scorers;   // that add to scores, in the query's order
  const Bitmap* matches = nullptr;          // rows beyond which nothing counts; null: all that a way finds

  Lengths lengths(const Scorer& scorer) const { return input.part->lengths(scorer.field); }
  // Whether the row may be found, whatever its words.
  bool Counts(std::uint32_t row) const {
    if (matches != nullptr && !matches->Get(row)) return false;
    return input.gone == nullptr || !input.gone->Get(row);
  }
  // Adds it if it may enter, by its score first: that is the cheapest to know.
  void Offer(std::uint32_t row, double score, TopHits& hits) const {
    const Hit hit{score, part, row};
    if (hits.MayEnter(hit) && Counts(row) && (!input.accept || input.accept(row))) hits.Add(hit);
  }
};

// Rows that have any of the leaves.
Status FindAny(const PartQuestion& question, TopHits& hits);
// Rows that have all of them; each scorer is a leaf of its own.
Status FindAll(const PartQuestion& question, TopHits& hits);
// Of the rows that are listed, those that have any of the leaves, or `all` of them.
Status FindListed(const PartQuestion& question, bool all, TopHits& hits);

// kCorrupt, if one of them is.
Status CheckCursors(std::span<const ListCursor> cursors);

}  // namespace levee::text
