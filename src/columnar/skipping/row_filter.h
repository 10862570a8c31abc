// Dropping rows from a set of candidates by their bounds.
#pragma once

#include <algorithm>
#include <bit>
#include <span>
#include <type_traits>

#include "base/bitmap.h"
#include "columnar/bound_kernels.h"
#include "columnar/skipping/typed_bounds.h"

namespace levee::columnar::skipping {

// Keeps the candidates for which keep(row) is true.
template <typename KeepRow>
void FilterRows(Bitmap& candidates, KeepRow&& keep) {
  std::vector<std::uint64_t>& words = candidates.words();
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (std::uint64_t word = words[i]; word != 0; word &= word - 1) {
      const std::size_t row = i * 64 + static_cast<std::size_t>(std::countr_zero(word));
      if (!keep(row)) words[i] &= ~(word & -word);
    }
  }
}

// Applies KeepWithin to values of which the bounds of each 64 are known: most of those settle theirs.
template <typename T>
void KeepMarkedWithin(std::span<const T> values, std::span<const T> least, std::span<const T> most, Keep keep, T limit,
                      std::span<std::uint64_t> words) {
  const bool at_least = keep == Keep::kAtLeast;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == 0 || (at_least ? least[i] >= limit : most[i] <= limit)) continue;
    if (at_least ? most[i] < limit : least[i] > limit) {
      words[i] = 0;
    } else {
      KeepWithin(values.subspan(i * 64, std::min<std::size_t>(64, values.size() - i * 64)), keep, limit,
                 words.subspan(i, 1));
    }
  }
}

// Applies KeepWithin to the candidates whose bound is known; the others stay.
template <typename T>
void KeepKnownWithin(const ColumnVector& bounds, Keep keep, T limit, Bitmap& candidates) {
  const auto values = [&] {
    if constexpr (std::is_same_v<T, double>)
      return std::span<const double>(bounds.doubles);
    else
      return std::span<const std::int64_t>(bounds.ints);
  }();
  if (!bounds.has_nulls()) {
    if (bounds.word_bounds == nullptr) return KeepWithin(values, keep, limit, candidates.words());
    if constexpr (std::is_same_v<T, double>) {
      return KeepMarkedWithin<T>(values, std::span(bounds.word_bounds->least_doubles),
                              std::span(bounds.word_bounds->most_doubles), keep, limit, candidates.words());
    } else {
      return KeepMarkedWithin<T>(values, std::span(bounds.word_bounds->least_ints),
                              std::span(bounds.word_bounds->most_ints), keep, limit, candidates.words());
    }
  }
  Bitmap within = candidates;
  KeepWithin(values, keep, limit, within.words());
  std::vector<std::uint64_t>& words = candidates.words();
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = within.words()[i] | (words[i] & ~bounds.validity.words()[i]);
  }
}

// Keeps the candidates that may have a value at or below `value`.
template <typename T>
void KeepAtMost(const TypedBounds<T>& bounds, T value, Bitmap& candidates) {
  if (bounds.lower_values() == nullptr) return;
  if constexpr (std::is_same_v<T, std::string_view>) {
    FilterRows(candidates, [&](std::size_t row) { return bounds.MayBeAtMost(row, value); });
  } else {
    KeepKnownWithin(*bounds.lower_values(), Keep::kAtMost, value, candidates);
  }
}

// Keeps the candidates that may have a value at or above `value`.
template <typename T>
void KeepAtLeast(const TypedBounds<T>& bounds, T value, Bitmap& candidates) {
  if (bounds.upper_values() == nullptr) return;
  if constexpr (std::is_same_v<T, std::string_view>) {
    FilterRows(candidates, [&](std::size_t row) { return bounds.MayBeAtLeast(row, value); });
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    if (bounds.rule() != UpperRule::kCutMillis) {
      return KeepKnownWithin(*bounds.upper_values(), Keep::kAtLeast, value, candidates);
    }
    // A bound of the value's own millisecond may reach it when it was cut; only few rows are that close.
    const std::int64_t below = ((value % kMicrosPerMilli) + kMicrosPerMilli) % kMicrosPerMilli;
    if (value < std::numeric_limits<std::int64_t>::min() + below) return;
    KeepKnownWithin(*bounds.upper_values(), Keep::kAtLeast, value - below, candidates);
    if (below == 0) return;
    Bitmap sure = candidates;
    KeepKnownWithin(*bounds.upper_values(), Keep::kAtLeast, value, sure);
    FilterRows(candidates, [&](std::size_t row) { return sure.Get(row) || bounds.MayBeAtLeast(row, value); });
  } else {
    KeepKnownWithin(*bounds.upper_values(), Keep::kAtLeast, value, candidates);
  }
}

// Of the candidates those whose values are all in [low, high] as far as the stored bounds say: a quick
// choice of the rows that are worth a closer look.
template <typename T>
Bitmap RowsInside(const TypedBounds<T>& bounds, T low, T high, const Bitmap& candidates) {
  Bitmap inside = candidates;
  if (bounds.lower_values() == nullptr || bounds.upper_values() == nullptr) return Bitmap(candidates.size());
  if constexpr (!std::is_same_v<T, std::string_view>) {
    KeepKnownWithin(*bounds.lower_values(), Keep::kAtLeast, low, inside);
    KeepKnownWithin(*bounds.upper_values(), Keep::kAtMost, high, inside);
  }
  return inside;
}

}  // namespace levee::columnar::skipping
