#include "memory/store_bank/text_index.h"

#include <string>
#include <utility>

#include "memory/bank/segment_blobs.h"
#include "text/part_reader.h"
#include "text/part_writer.h"

namespace levee::memory {
namespace {

// The chunks of a segment, by their place in its directory.
class StoredChunks final : public text::ChunkSource {
 public:
  StoredChunks(SegmentPages& pages, std::vector<std::int64_t> chunks) : pages_(pages), chunks_(std::move(chunks)) {}
  Result<std::shared_ptr<const Bytes>> Read(std::uint64_t number) const override {
    if (number >= chunks_.size()) {
      return Fail(ErrorCode::kCorrupt, "posting lists", "there is no chunk " + std::to_string(number));
    }
    return pages_.ReadBlob(chunks_[number], kPostingsMagic);
  }

 private:
  SegmentPages& pages_;
  const std::vector<std::int64_t> chunks_;
};

struct CollectedChunks final : text::ChunkSink {
  Result<std::uint64_t> Add(Bytes chunk) override {
    chunks.push_back(std::move(chunk));
    return chunks.size() - 1;
  }
  std::vector<Bytes> chunks;
};

}  // namespace

TextIndex::TextIndex(std::shared_ptr<const text::Analyzer> analyzer, const text::FieldWeights& weights, SegmentPages& pages)
    : analyzer_(std::move(analyzer)), weights_(weights), pages_(pages) {
  options_.analyzer = analyzer_;
  for (std::size_t field = 0; field < text::kFields; ++field) options_.fields[field] = weights_[field] > 0;
}

std::string TextIndex::Signature() const {
  std::string signature = analyzer_->options().stemmer + ' ' + analyzer_->options().stop_words + ' ';
  for (const bool has : options_.fields) signature += has ? '1' : '0';
  return signature;
}

Status TextIndex::LookForStored(const Part& part, PartText& text) const {
  if (std::exchange(text.looked, true)) return {};
  const auto* const segment = dynamic_cast<const StoredSegment*>(&part);
  if (segment == nullptr || segment->directory().text.empty()) return {};
  ByteReader reader(segment->directory().text);
  if (reader.GetText() != Signature()) return {};
  LEVEE_ASSIGN(text.stored, text::OpenPart(reader.GetBytes(reader.remaining()),
                                           std::make_shared<StoredChunks>(pages_, segment->directory().text_chunks)));
  return {};
}

Result<std::shared_ptr<const text::Part>> TextIndex::RowsOf(Part& part, PartText& text, const Interner& names,
                                                            bool complete) const {
  LEVEE_RETURN_IF_ERROR(LookForStored(part, text));
  if (text.stored != nullptr) return text.stored;
  if (text.rows == nullptr) text.rows = text::MemoryPart::Make(options_);
  for (std::uint32_t row = text.rows->rows(); complete && row < part.rows(); ++row) {
    LEVEE_RETURN_IF_ERROR(AddRow(names, part, row, *text.rows));
  }
  return text.rows->Snapshot();
}

Result<std::shared_ptr<const text::Part>> TextIndex::Rows(const std::shared_ptr<Part>& part, const Interner& names,
                                                          bool complete) {
  const std::shared_ptr<PartText> text = TextOf(part);
  const std::lock_guard lock(text->mutex);
  return RowsOf(*part, *text, names, complete);
}

Result<PostingLists> TextIndex::Merge(std::span<const std::shared_ptr<const text::Part>> sources,
                                      std::span<const SourceRow> rows) const {
  std::vector<std::vector<std::uint32_t>> maps;
  for (const auto& source : sources) maps.emplace_back(source->rows(), text::kDroppedRow);
  for (std::uint32_t i = 0; i < rows.size(); ++i) maps[rows[i].source][rows[i].row] = i;
  std::vector<text::MergeInput> inputs;
  for (std::size_t i = 0; i < sources.size(); ++i) inputs.push_back({sources[i].get(), maps[i]});
  CollectedChunks sink;
  LEVEE_ASSIGN(const Bytes directory,
               text::MergeParts(inputs, {.rows = static_cast<std::uint32_t>(rows.size()), .fields = options_.fields}, sink));
  ByteWriter signed_directory;
  signed_directory.PutText(Signature());
  signed_directory.PutBytes(directory);
  return PostingLists{signed_directory.Take(), std::move(sink.chunks)};
}

Result<std::shared_ptr<const text::Part>> TextIndex::IndexAfresh(Part& part, const Interner& names) const {
  const auto rows = text::MemoryPart::Make(options_);
  for (std::uint32_t row = 0; row < part.rows(); ++row) LEVEE_RETURN_IF_ERROR(AddRow(names, part, row, *rows));
  return rows->Snapshot();
}

Result<std::vector<std::string>> TextIndex::Check(const StoredSegment& segment,
                                                  const text::DocumentOfRow& document_of_row) const {
  const SegmentDirectory& directory = segment.directory();
  std::vector<std::string> problems;
  for (const std::int64_t chunk : directory.text_chunks) {
    if (const auto read = pages_.ReadBlob(chunk, kPostingsMagic); !read) problems.push_back(read.error().ToString());
  }
  ByteReader reader(directory.text);
  if (directory.text.empty() || reader.GetText() != Signature() || !problems.empty()) return problems;
  LEVEE_ASSIGN(const auto part, text::OpenPart(reader.GetBytes(reader.remaining()),
                                               std::make_shared<StoredChunks>(pages_, directory.text_chunks)));
  if (part->rows() != segment.rows()) return std::vector<std::string>{"they are of another number of rows"};
  LEVEE_ASSIGN(const auto found, text::CheckPart(*part, options_, document_of_row));
  for (const text::Disagreement& each : found) {
    std::string where = each.token.empty() ? "" : "'" + each.token + "' ";
    if (each.row) where += "row " + std::to_string(*each.row) + " ";
    problems.push_back(where + each.what);
  }
  return problems;
}

Result<IndexedPart> TextIndex::Index(const View& view, const std::shared_ptr<Part>& part, bool complete) {
  const std::shared_ptr<PartText> text = TextOf(part);
  const std::lock_guard lock(text->mutex);
  IndexedPart indexed;
  LEVEE_ASSIGN(indexed.text, RowsOf(*part, *text, view.names(), complete));
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
    added = AddRow(view.names(), *part, static_cast<std::uint32_t>(row), *text->gone);
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

Status TextIndex::AddRow(const Interner& names, Part& part, std::uint32_t row, text::MemoryPart& to) const {
  LEVEE_ASSIGN(const RowColumns* columns, part.Columns());
  if (columns->operation[row] == Operation::kDelete) {
    LEVEE_RETURN_IF_ERROR(to.AddEmpty());
    return {};
  }
  LEVEE_ASSIGN(const ColdRecord record, part.ColdOnce(row));
  LEVEE_ASSIGN(const ColdView cold, DecodeCold(record.bytes));
  std::vector<std::string> tags;
  if (options_.fields[static_cast<std::size_t>(text::Field::kTags)]) {
    for (const std::uint32_t tag : columns->TagsOf(row)) tags.emplace_back(names.Name(tag));
  }
  LEVEE_RETURN_IF_ERROR(to.Add({cold.content, tags, names.Name(columns->category[row])}));
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
    if (!LookForStored(*part, *text) || text->stored == nullptr) {
      unindexed += part->rows() - (text->rows == nullptr ? 0 : text->rows->rows());
    }
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
