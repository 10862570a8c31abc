// Merging: the tokens of all parts in one order, each one's postings with their new rows.
#include <algorithm>
#include <bit>

#include "base/bitmap.h"
#include "text/part_writer.h"

namespace levee::text {
namespace {

// Postings of several parts, brought into the order of their new rows.
class RowSorter {
 public:
  void Clear() {
    postings_.Clear();
    begins_.clear();
    is_sorted_ = true;
  }

  void Add(const Postings& postings, std::span<const std::uint32_t> row_map) {
    std::size_t position = 0;
    for (std::size_t i = 0; i < postings.rows.size(); ++i) {
      const std::uint32_t row = row_map[postings.rows[i]], count = postings.counts[i];
      if (row != kDroppedRow) {
        is_sorted_ = is_sorted_ && (postings_.rows.empty() || postings_.rows.back() < row);
        postings_.rows.push_back(row);
        postings_.counts.push_back(count);
        begins_.push_back(static_cast<std::uint32_t>(postings_.positions.size()));
        const auto first = postings.positions.begin() + static_cast<std::ptrdiff_t>(position);
        postings_.positions.insert(postings_.positions.end(), first, first + count);
      }
      position += count;
    }
  }

  // Valid until Clear. False: two rows became one.
  bool Sort(const Postings*& out) {
    out = &postings_;
    if (is_sorted_) return true;
    // By row and place in one number each.
    keys_.clear();
    for (std::size_t i = 0; i < postings_.rows.size(); ++i) keys_.push_back(std::uint64_t{postings_.rows[i]} << 32 | i);
    SortKeys();
    sorted_.Clear();
    for (const std::uint64_t key : keys_) {
      const auto row = static_cast<std::uint32_t>(key >> 32), place = static_cast<std::uint32_t>(key);
      if (!sorted_.rows.empty() && sorted_.rows.back() == row) return false;
      sorted_.rows.push_back(row);
      sorted_.counts.push_back(postings_.counts[place]);
      const auto first = postings_.positions.begin() + begins_[place];
      sorted_.positions.insert(sorted_.positions.end(), first, first + postings_.counts[place]);
    }
    out = &sorted_;
    return true;
  }

 private:
  // Rows are below 65,536: long lists are put where they belong, a bit for each row that is taken.
  void SortKeys() {
    if (keys_.size() < 1024) {
      std::ranges::sort(keys_);
      return;
    }
    places_.resize(kPartRowsMax);
    Bitmap taken(kPartRowsMax);
    for (const std::uint64_t key : keys_) {
      const auto row = static_cast<std::uint32_t>(key >> 32);
      if (taken.Get(row)) {  // a row twice: the plain way, which finds it
        std::ranges::sort(keys_);
        return;
      }
      taken.Set(row);
      places_[row] = key;
    }
    keys_.clear();
    taken.ForEach([&](std::size_t row) { keys_.push_back(places_[row]); });
  }

  Postings postings_, sorted_;
  std::vector<std::uint32_t> begins_;  // of each posting's positions
  std::vector<std::uint64_t> keys_, places_;
  bool is_sorted_ = true;
};

std::unexpected<Error> BadRowMap() {
  return Fail(ErrorCode::kInvalidArgument, "merge", "a row map has rows twice or beyond the end");
}

class FieldMerge {
 public:
  FieldMerge(std::span<const MergeInput> inputs, Field field, PartWriter& writer) : field_(field), writer_(writer) {
    for (const MergeInput& input : inputs) {
      if (input.part->has(field)) heads_.push_back({&input, input.part->Tokens(field, "")});
    }
  }

  Status Run() {
    for (Head& head : heads_) LEVEE_RETURN_IF_ERROR(Step(head));
    for (;;) {
      std::erase_if(heads_, [](const Head& head) { return !head.has_token; });
      if (heads_.empty()) return {};
      // Parts are few.
      token_ = std::ranges::min_element(heads_, {}, [](const Head& head) { return head.tokens->token(); })->tokens->token();
      LEVEE_RETURN_IF_ERROR(MergeToken());
    }
  }

 private:
  struct Head {
    const MergeInput* input;
    std::unique_ptr<TokenIterator> tokens;
    bool has_token = false;
  };

  static Status Step(Head& head) {
    head.has_token = head.tokens->Next();
    return head.tokens->status();
  }

  Status MergeToken() {
    sorter_.Clear();
    for (Head& head : heads_) {
      if (head.tokens->token() != token_) continue;
      LEVEE_RETURN_IF_ERROR(head.input->part->Read(field_, head.tokens->place(), true, postings_));
      sorter_.Add(postings_, head.input->row_map);
      LEVEE_RETURN_IF_ERROR(Step(head));
    }
    const Postings* merged = nullptr;
    if (!sorter_.Sort(merged)) return BadRowMap();
    // All documents that had it are left out.
    if (merged->rows.empty()) return {};
    return writer_.Add(token_, *merged);
  }

  const Field field_;
  PartWriter& writer_;
  std::vector<Head> heads_;
  std::string token_;
  Postings postings_;
  RowSorter sorter_;
};

Status CheckRowMaps(std::span<const MergeInput> inputs, std::uint32_t rows) {
  if (rows > kPartRowsMax) return BadRowMap();
  Bitmap taken(rows);
  for (const MergeInput& input : inputs) {
    if (input.row_map.size() != input.part->rows()) return BadRowMap();
    for (const std::uint32_t row : input.row_map) {
      if (row == kDroppedRow) continue;
      if (row >= rows || taken.Get(row)) return BadRowMap();
      taken.Set(row);
    }
  }
  return {};
}

std::vector<std::uint32_t> MergeLengths(std::span<const MergeInput> inputs, Field field, std::uint32_t rows) {
  std::vector<std::uint32_t> merged(rows);
  for (const MergeInput& input : inputs) {
    if (!input.part->has(field)) continue;
    const Lengths lengths = input.part->lengths(field);
    for (std::uint32_t row = 0; row < input.row_map.size(); ++row) {
      if (input.row_map[row] != kDroppedRow) merged[input.row_map[row]] = lengths[row];
    }
  }
  return merged;
}

}  // namespace

Result<Bytes> MergeParts(std::span<const MergeInput> inputs, const MergeOptions& options, ChunkSink& sink) {
  LEVEE_RETURN_IF_ERROR(CheckRowMaps(inputs, options.rows));
  PartWriter writer(sink, options.rows);
  for (const Field field : kAllFields) {
    if (!options.fields[static_cast<std::size_t>(field)]) continue;
    LEVEE_RETURN_IF_ERROR(writer.BeginField(field, MergeLengths(inputs, field, options.rows)));
    LEVEE_RETURN_IF_ERROR(FieldMerge(inputs, field, writer).Run());
  }
  return writer.Finish();
}

}  // namespace levee::text
