#include "memory/store_bank/text_index.h"

#include <string>

namespace levee::memory {

TextIndex::TextIndex(std::shared_ptr<const text::Analyzer> analyzer, const text::FieldWeights& weights)
    : analyzer_(std::move(analyzer)), weights_(weights) {
  options_.analyzer = analyzer_;
  for (std::size_t field = 0; field < text::kFields; ++field) options_.fields[field] = weights_[field] > 0;
}

Result<IndexedPart> TextIndex::Index(const View& view, const std::shared_ptr<Part>& part, bool complete) {
  const std::shared_ptr<PartText> text = TextOf(part);
  const std::lock_guard lock(text->mutex);
  if (text->rows == nullptr) text->rows = text::MemoryPart::Make(options_);
  if (complete) {
    for (std::uint32_t row = text->rows->rows(); row < part->rows(); ++row) {
      LEVEE_RETURN_IF_ERROR(AddRow(view, *part, row, *text->rows));
    }
  }
  IndexedPart indexed{.text = text->rows->Snapshot(), .gone_documents = nullptr, .gone = {}, .unindexed = 0};
  const std::uint32_t rows = indexed.text->rows();
  indexed.unindexed = part->rows() - rows;
  if (part->ended.count() == 0) return indexed;
  indexed.gone = Bitmap(rows);
  if (text->gone == nullptr) text->gone = text::MemoryPart::Make(options_);
  while (text->gone_rows.size() < rows) text->gone_rows.PushBack(false);
  Status added;
  part->ended.bits().ForEach([&](std::size_t row) {
    if (row >= rows || !added) return;
    indexed.gone.Set(row);
    if (text->gone_rows.Get(row)) return;
    text->gone_rows.Set(row);
    added = AddRow(view, *part, static_cast<std::uint32_t>(row), *text->gone);
  });
  LEVEE_RETURN_IF_ERROR(added);
  indexed.gone_documents = text->gone->Snapshot();
  return indexed;
}

std::shared_ptr<TextIndex::PartText> TextIndex::TextOf(const std::shared_ptr<Part>& part) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<PartText>& text = texts_[part.get()];
  // A part may be where one was before.
  if (text == nullptr || text->part.lock() != part) {
    text = std::make_shared<PartText>();
    text->part = part;
  }
  return text;
}

Status TextIndex::AddRow(const View& view, Part& part, std::uint32_t row, text::MemoryPart& to) const {
  LEVEE_ASSIGN(const RowColumns* columns, part.Columns());
  if (columns->operation[row] == Operation::kDelete) {
    LEVEE_RETURN_IF_ERROR(to.AddEmpty());
    return {};
  }
  LEVEE_ASSIGN(const ColdRecord record, part.Cold(row));
  LEVEE_ASSIGN(const ColdView cold, DecodeCold(record.bytes));
  std::vector<std::string> tags;
  if (options_.fields[static_cast<std::size_t>(text::Field::kTags)]) {
    for (const std::uint32_t tag : columns->TagsOf(row)) tags.emplace_back(view.names().Name(tag));
  }
  LEVEE_RETURN_IF_ERROR(to.Add({cold.content, tags, view.names().Name(columns->category[row])}));
  return {};
}

void TextIndex::Forget(const View& view) {
  std::unordered_map<const Part*, std::shared_ptr<PartText>> kept;
  const std::lock_guard lock(mutex_);
  for (const auto& part : view.parts()) {
    const auto at = texts_.find(part.get());
    if (at != texts_.end()) kept.insert(texts_.extract(at));
  }
  texts_ = std::move(kept);
}

std::int64_t TextIndex::Unindexed(const View& view) {
  std::int64_t unindexed = 0;
  for (const auto& part : view.parts()) {
    const auto text = TextOf(part);
    const std::lock_guard lock(text->mutex);
    unindexed += part->rows() - (text->rows == nullptr ? 0 : text->rows->rows());
  }
  return unindexed;
}

std::int64_t TextIndex::memory_bytes() {
  const std::lock_guard lock(mutex_);
  std::int64_t bytes = 0;
  for (const auto& [part, text] : texts_) {
    const std::lock_guard part_lock(text->mutex);
    if (text->rows != nullptr) bytes += static_cast<std::int64_t>(text->rows->memory_bytes());
    if (text->gone != nullptr) bytes += static_cast<std::int64_t>(text->gone->memory_bytes());
  }
  return bytes;
}

}  // namespace levee::memory
