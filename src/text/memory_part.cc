#include "text/memory_part.h"

#include <algorithm>

namespace levee::text {

// A part as it was at one time: the rows and tokens that were there then.
class MemoryPart::View final : public Part {
 public:
  // Under the part's lock.
  explicit View(std::shared_ptr<const MemoryPart> part) : part_(std::move(part)), rows_(part_->rows_) {
    for (const Field field : kAllFields) tokens_[static_cast<std::size_t>(field)] = part_->index(field).tokens;
  }

  std::uint32_t rows() const override { return rows_; }
  bool has(Field field) const override { return part_->options_.fields[static_cast<std::size_t>(field)]; }
  std::uint64_t tokens(Field field) const override { return tokens_[static_cast<std::size_t>(field)]; }
  Lengths lengths(Field field) const override { return Lengths(part_->index(field).lengths.data()); }

  Result<std::optional<TokenPlace>> Find(Field field, std::string_view token) const override {
    const std::shared_lock lock(part_->mutex_);
    const TokenTable& table = part_->index(field).table;
    const std::uint32_t id = table.Find(token);
    if (id == table.size()) return std::nullopt;
    const std::uint32_t documents = table.CountRows(id, rows_);
    if (documents == 0) return std::nullopt;
    return TokenPlace{.documents = documents, .id = id};
  }
  Status Read(Field field, const TokenPlace& place, bool with_positions, Postings& out) const override {
    const std::shared_lock lock(part_->mutex_);
    part_->index(field).table.Read(place.id, rows_, with_positions, out);
    return {};
  }
  Status ReadPositions(Field field, const TokenPlace& place, const Postings& postings,
                       std::span<const std::uint32_t> wanted, std::vector<std::uint32_t>& out) const override {
    Postings all;
    LEVEE_RETURN_IF_ERROR(Read(field, place, true, all));
    std::uint32_t at = 0, index = 0;
    for (const std::uint32_t place_wanted : wanted) {
      for (; index < place_wanted; ++index) at += postings.counts[index];
      out.insert(out.end(), all.positions.begin() + at, all.positions.begin() + at + postings.counts[index]);
    }
    return {};
  }
  Result<std::optional<BlockList>> Blocks(Field, const TokenPlace&) const override { return std::nullopt; }
  std::unique_ptr<TokenIterator> Tokens(Field field, std::string_view from) const override;
  std::uint64_t memory_bytes() const override { return part_->memory_bytes(); }

 private:
  friend class MemoryPart::Tokens;
  const std::shared_ptr<const MemoryPart> part_;
  const std::uint32_t rows_;
  ByField<std::uint64_t> tokens_{};
};

// Takes the ids in order at its beginning; texts never move.
class MemoryPart::Tokens final : public TokenIterator {
 public:
  Tokens(const View& view, Field field, std::string_view from)
      : view_(view), field_(field), sorted_(view.part_->SortedTokens(field)) {
    const std::shared_lock lock(view_.part_->mutex_);
    next_ = LowerBound(0, from);
  }

  // Locks step by step: whoever walks may ask the part for other things meanwhile.
  bool Next() override {
    const std::shared_lock lock(view_.part_->mutex_);
    for (; next_ < sorted_.size(); ++next_) {
      // The table may know tokens of later rows alone.
      documents_ = table().CountRows(sorted_[next_], view_.rows_);
      if (documents_ == 0) continue;
      id_ = sorted_[next_++];
      token_ = table().text(id_);
      return true;
    }
    return false;
  }
  void SkipPrefix(std::size_t bytes) override {
    const std::shared_lock lock(view_.part_->mutex_);
    const std::string_view prefix = token_.substr(0, bytes);
    const auto end = std::partition_point(
        sorted_.begin() + static_cast<std::ptrdiff_t>(next_), sorted_.end(),
        [&](std::uint32_t id) { return table().text(id).substr(0, bytes) <= prefix; });
    next_ = static_cast<std::size_t>(end - sorted_.begin());
  }
  TokenPlace place() const override { return {.documents = documents_, .id = id_}; }

 private:
  const TokenTable& table() const { return view_.part_->index(field_).table; }
  std::size_t LowerBound(std::size_t first, std::string_view from) const {
    const auto at = std::partition_point(sorted_.begin() + static_cast<std::ptrdiff_t>(first), sorted_.end(),
                                         [&](std::uint32_t id) { return table().text(id) < from; });
    return static_cast<std::size_t>(at - sorted_.begin());
  }

  const View& view_;
  const Field field_;
  const std::vector<std::uint32_t> sorted_;
  std::size_t next_ = 0;
  std::uint32_t id_ = 0, documents_ = 0;
};

std::unique_ptr<TokenIterator> MemoryPart::View::Tokens(Field field, std::string_view from) const {
  return std::make_unique<MemoryPart::Tokens>(*this, field, from);
}

std::shared_ptr<MemoryPart> MemoryPart::Make(MemoryPartOptions options) {
  return std::shared_ptr<MemoryPart>(new MemoryPart(std::move(options)));
}

Result<std::uint32_t> MemoryPart::Add(const Document& document) {
  const std::unique_lock lock(mutex_);
  if (rows_ == kPartRowsMax) {
    return Fail(ErrorCode::kOutOfRange, "text index", "a part takes " + std::to_string(kPartRowsMax) + " documents");
  }
  for (const Field field : kAllFields) {
    if (!options_.fields[static_cast<std::size_t>(field)]) continue;
    FieldIndex& index = this->index(field);
    if (rows_ % Lengths::kPageRows == 0) {
      index.length_pages.push_back(std::make_unique<std::uint32_t[]>(Lengths::kPageRows));
      index.lengths[rows_ / Lengths::kPageRows] = index.length_pages.back().get();
    }
    std::uint32_t position = 0;
    if (field == Field::kTags) {
      for (const std::string& tag : document.tags) {
        options_.analyzer->Analyze(tag, list_);
        AddField(field, list_, position);
        position += list_.positions() + 1;  // a phrase does not reach over the gap
      }
      continue;
    }
    options_.analyzer->Analyze(field == Field::kContent ? document.content : document.category, list_);
    AddField(field, list_, position);
  }
  return rows_++;
}

void MemoryPart::AddField(Field field, const TokenList& list, std::uint32_t first_position) {
  FieldIndex& index = this->index(field);
  index.table.Add(rows_, list.tokens(), first_position);
  index.length_pages.back()[rows_ % Lengths::kPageRows] += static_cast<std::uint32_t>(list.tokens().size());
  index.tokens += list.tokens().size();
}

std::shared_ptr<const Part> MemoryPart::Snapshot() const {
  const std::shared_lock lock(mutex_);
  return std::make_shared<View>(shared_from_this());
}

std::vector<std::uint32_t> MemoryPart::SortedTokens(Field field) const {
  FieldIndex& index = this->index(field);
  {
    const std::shared_lock lock(mutex_);
    if (index.sorted.size() == index.table.size()) return index.sorted;
  }
  const std::unique_lock lock(mutex_);
  const auto old_size = static_cast<std::ptrdiff_t>(index.sorted.size());
  for (auto id = static_cast<std::uint32_t>(old_size); id < index.table.size(); ++id) index.sorted.push_back(id);
  const auto before = [&](std::uint32_t a, std::uint32_t b) { return index.table.text(a) < index.table.text(b); };
  std::sort(index.sorted.begin() + old_size, index.sorted.end(), before);
  std::inplace_merge(index.sorted.begin(), index.sorted.begin() + old_size, index.sorted.end(), before);
  return index.sorted;
}

std::uint32_t MemoryPart::rows() const {
  const std::shared_lock lock(mutex_);
  return rows_;
}

std::uint64_t MemoryPart::memory_bytes() const {
  const std::shared_lock lock(mutex_);
  std::uint64_t bytes = 0;
  for (const FieldIndex& index : index_) {
    bytes += index.table.memory_bytes() + index.sorted.capacity() * sizeof(std::uint32_t) +
             index.length_pages.size() * Lengths::kPageRows * sizeof(std::uint32_t);
  }
  return bytes;
}

}  // namespace levee::text
