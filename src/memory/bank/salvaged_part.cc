#include "memory/bank/salvaged_part.h"

#include <algorithm>
#include <optional>

#include "base/hash.h"

namespace levee::memory {

// Reads one segment, piece by piece.
class Salvage {
 public:
  Salvage(std::shared_ptr<StoredSegment> segment, Interner& names, Findings& findings)
      : segment_(*segment), names_(names), findings_(findings), part_(new SalvagedPart(std::move(segment))) {}

  std::shared_ptr<SalvagedPart> Run() {
    if (const auto locations = segment_.Locations(); !locations) {
      Lose("where its rows are: " + locations.error().ToString());
      return nullptr;
    }
    ReadNames();
    ReadColumns();
    ReadTags();
    ReadRecords();
    return std::move(part_);
  }

 private:
  void Lose(const std::string& what) { findings_.AddLoss(segment_.name() + ": " + what); }

  void ReadNames() {
    if (const auto numbers = segment_.Names()) {
      numbers_ = *numbers;
    } else {
      Lose("its names: " + numbers.error().ToString());
    }
  }

  // `fallback` for each row, where it cannot be read.
  std::vector<std::int64_t> Column(SegmentColumn column, const char* what, const std::vector<std::int64_t>& fallback) {
    auto values = segment_.ReadColumn(column);
    if (values && values->size() == segment_.rows()) return std::move(*values);
    Lose(std::string("its column of ") + what + ": " + (values ? "it is too short" : values.error().ToString()));
    return fallback;
  }

  std::uint32_t NameOf(std::int64_t number) {
    if (numbers_ == nullptr) return names_.Intern("lost-" + std::to_string(number));  // what was together stays so
    if (number < 0 || static_cast<std::size_t>(number) >= numbers_->size()) return names_.Intern("lost");
    return (*numbers_)[static_cast<std::size_t>(number)];
  }

  std::vector<std::uint32_t> NameColumn(SegmentColumn column, const char* what) {
    std::vector<std::uint32_t> names;
    for (const std::int64_t number : Column(column, what, std::vector<std::int64_t>(segment_.rows(), -1))) {
      names.push_back(NameOf(number));
    }
    return names;
  }

  void ReadColumns() {
    const std::vector<std::int64_t> last(segment_.rows(), segment_.last_written());
    all_.written = Column(SegmentColumn::kWritten, "times of writing", last);
    all_.updated = Column(SegmentColumn::kUpdated, "updated", all_.written);
    all_.created = Column(SegmentColumn::kCreated, "created", all_.updated);
    all_.version = Column(SegmentColumn::kVersion, "versions", std::vector<std::int64_t>(segment_.rows(), 1));
    const std::vector<std::int64_t> stored(segment_.rows(), 0);
    for (const std::int64_t operation : Column(SegmentColumn::kOperation, "operations", stored)) {
      all_.operation.push_back(operation < 0 || operation > 2 ? Operation::kStore : static_cast<Operation>(operation));
    }
    all_.name_space = NameColumn(SegmentColumn::kNamespace, "namespaces");
    all_.category = NameColumn(SegmentColumn::kCategory, "categories");
    all_.author = NameColumn(SegmentColumn::kAuthor, "authors");
    const std::vector<std::int64_t> never(segment_.rows(), kNever);
    const bool expires = segment_.directory().Find(SegmentColumn::kExpires) != nullptr;
    all_.expires = expires ? Column(SegmentColumn::kExpires, "expiry", never) : never;
    // Records have it, too.
    auto lengths = segment_.ReadColumn(SegmentColumn::kContentBytes);
    if (lengths && lengths->size() == segment_.rows()) {
      lengths_ = std::move(*lengths);
    } else {
      findings_.AddRepairable(segment_.name() + ": its column of lengths: " +
                              (lengths ? "it is too short" : lengths.error().ToString()));
    }
  }

  void ReadTags() {
    const auto counts = segment_.ReadColumn(SegmentColumn::kTagCount);
    const auto tags = segment_.ReadColumn(SegmentColumn::kTags);
    std::int64_t sum = 0;
    if (counts) {
      for (const std::int64_t count : *counts) sum += count;
    }
    const bool sound = counts && tags && counts->size() == segment_.rows() && sum == static_cast<std::int64_t>(tags->size());
    if (!sound) {
      Lose("its tags: " + (!counts ? counts.error().ToString() : !tags ? tags.error().ToString() : "they are not as many as its rows say"));
      all_.tag_ends.assign(segment_.rows(), 0);
      return;
    }
    std::uint32_t end = 0;
    for (const std::int64_t count : *counts) all_.tag_ends.push_back(end += static_cast<std::uint32_t>(count));
    for (const std::int64_t tag : *tags) all_.tags.push_back(NameOf(tag));
  }

  void ReadRecords() {
    const bool embeddings = segment_.directory().Find(SegmentColumn::kEmbedding) != nullptr;
    for (std::uint32_t row = 0; row < segment_.rows(); ++row) {
      std::uint64_t hash = 0;
      std::uint32_t content_bytes = 0;
      if (const Status sound = ReadRecord(row, hash, content_bytes); !sound) {
        Lose("row " + std::to_string(row) + " (namespace " + std::string(names_.Name(all_.name_space[row])) + ", category " +
             std::string(names_.Name(all_.category[row])) + ", version " + std::to_string(all_.version[row]) +
             "): " + sound.error().ToString());
        continue;
      }
      Take(row, hash, content_bytes);
      const bool lost = embeddings && !segment_.Embedding(row);
      if (lost) Lose("row " + std::to_string(row) + ": its embedding");
      if (embeddings) part_->embedding_lost_.push_back(lost);
    }
  }

  Status ReadRecord(std::uint32_t row, std::uint64_t& hash, std::uint32_t& content_bytes) {
    LEVEE_ASSIGN(const ColdRecord record, segment_.ColdOnce(row));
    LEVEE_ASSIGN(const ColdView cold, DecodeCold(record.bytes));
    const auto wrong = [](std::string why) { return std::unexpected<Error>(Error{ErrorCode::kCorrupt, "", std::move(why), ""}); };
    if (ContentChecksum(cold.content) != cold.checksum) return wrong("its content is not what its checksum says");
    if (!lengths_.empty() && lengths_[row] != static_cast<std::int64_t>(cold.content.size())) {
      return wrong("its content has another length");
    }
    hash = Hash64(cold.id);
    content_bytes = static_cast<std::uint32_t>(cold.content.size());
    return {};
  }

  void Take(std::uint32_t row, std::uint64_t hash, std::uint32_t content_bytes) {
    RowColumns& to = part_->columns_;
    part_->rows_.push_back(row);
    to.hashes.push_back(hash);
    to.operation.push_back(all_.operation[row]);
    to.version.push_back(all_.version[row]);
    to.name_space.push_back(all_.name_space[row]);
    to.category.push_back(all_.category[row]);
    to.author.push_back(all_.author[row]);
    to.created.push_back(all_.created[row]);
    to.updated.push_back(all_.updated[row]);
    to.expires.push_back(all_.expires[row]);
    to.written.push_back(all_.written[row]);
    to.content_bytes.push_back(content_bytes);
    const auto tags = all_.TagsOf(row);
    to.tags.insert(to.tags.end(), tags.begin(), tags.end());
    to.tag_ends.push_back(static_cast<std::uint32_t>(to.tags.size()));
  }

  StoredSegment& segment_;
  Interner& names_;
  Findings& findings_;
  std::shared_ptr<SalvagedPart> part_;
  const std::vector<std::uint32_t>* numbers_ = nullptr;  // null: they cannot be read
  RowColumns all_;                                       // of every row of the segment, but hashes and lengths
  std::vector<std::int64_t> lengths_;                    // empty: they cannot be read
};

std::shared_ptr<SalvagedPart> SalvagedPart::Make(std::shared_ptr<StoredSegment> segment, Interner& names, Findings& findings) {
  return Salvage(std::move(segment), names, findings).Run();
}

Result<ColdRecord> SalvagedPart::Embedding(std::uint32_t row) {
  if (!embedding_lost_.empty() && embedding_lost_[row]) return ColdRecord{};
  return segment_->Embedding(rows_[row]);
}

}  // namespace levee::memory
