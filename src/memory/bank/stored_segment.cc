#include "memory/bank/stored_segment.h"

#include <algorithm>
#include <cstring>

#include "columnar/segment.h"
#include "memory/bank/damage.h"
#include "memory/bank/segment_blobs.h"

namespace levee::memory {
namespace {

template <typename To>
std::vector<To> Narrowed(const std::vector<std::int64_t>& values) {
  std::vector<To> narrow(values.size());
  std::transform(values.begin(), values.end(), narrow.begin(), [](std::int64_t value) { return static_cast<To>(value); });
  return narrow;
}

}  // namespace

Result<std::shared_ptr<StoredSegment>> StoredSegment::Open(std::int64_t id, ByteSpan directory, store::BankStore& store,
                                                           SegmentPages& pages, Interner& names) {
  std::shared_ptr<StoredSegment> segment(new StoredSegment(id, store, pages, names));
  LEVEE_ASSIGN(segment->directory_, DecodeSegmentDirectory(directory, "memory segment " + std::to_string(id)));
  return segment;
}

void StoredSegment::TakeLoaded(StoredSegment& other) {
  const std::lock_guard lock(other.mutex_);
  kept_ = other.kept_;
  numbers_ = other.numbers_.load();
  columns_ = other.columns_.load();
  keys_ = other.keys_.load();
  tags_ = other.tags_.load();
  locations_ = other.locations_.load();
  embeddings_ = other.embeddings_.load();
}

Status StoredSegment::TakeEnded(ByteSpan sealed, Totals& totals) {
  LEVEE_ASSIGN(const EndedRecord record, DecodeEnded(sealed, "memory segment " + std::to_string(id_)));
  for (std::size_t i = 0; i < record.rows.size(); ++i) {
    if (record.rows[i] >= rows()) return Corrupt("a row is ended that it has not");
    ended.End(record.rows[i], record.times[i]);
  }
  next_expiry_ = record.next_expiry;
  stored_ended_ = record.rows.size();
  if (ended.count() == record.rows.size()) {
    for (const auto& [name, items, bytes] : record.totals) totals.Add(names_.Intern(name), items, bytes);
    return {};
  }
  // More rows are ended here than the store knows of: batches of the tail ended them, or time.
  LEVEE_ASSIGN(const RowColumns* columns, Columns());
  for (std::uint32_t row = 0; row < rows(); ++row) {
    if (!ended.Has(row)) totals.Add(columns->name_space[row], 1, columns->content_bytes[row]);
  }
  return {};
}

Result<const RowColumns*> StoredSegment::Columns() {
  // Names first: they are loaded under the same lock.
  LEVEE_ASSIGN(const std::vector<std::uint32_t>* numbers, Names());
  return Once(columns_, [&] { return LoadColumns(*numbers); });
}

Status StoredSegment::LoadNames() {
  LEVEE_RETURN_IF_ERROR(Names());
  return {};
}

Result<const std::vector<std::uint32_t>*> StoredSegment::Names() {
  return Once(numbers_, [this] { return ReadNames(); });
}

Result<const std::vector<std::int64_t>*> StoredSegment::Locations() {
  return Once(locations_, [this] { return LoadLocations(SegmentColumn::kLocation); });
}

Result<const std::vector<std::int64_t>*> StoredSegment::EmbeddingLocations() {
  return Once(embeddings_, [this] { return LoadLocations(SegmentColumn::kEmbedding); });
}

Result<const SegmentKeys*> StoredSegment::Keys() {
  return Once(keys_, [this] { return LoadKeys(); });
}

Result<std::vector<std::uint64_t>> StoredSegment::Hashes() {
  LEVEE_ASSIGN(const SegmentKeys* keys, Keys());
  std::vector<std::uint64_t> hashes(rows());
  for (std::size_t i = 0; i < keys->rows().size(); ++i) hashes[keys->rows()[i]] = keys->hashes()[i];
  return hashes;
}

Result<StoredSegment::RecordPlace> StoredSegment::PlaceOf(std::uint32_t row) {
  LEVEE_ASSIGN(const auto* locations, Locations());
  const Location at = Location::Of((*locations)[row]);
  if (at.page >= directory_.pages.size()) return Corrupt("a row points beyond its pages");
  return RecordPlace{directory_.pages[at.page], at.slot};
}

Result<ColdRecord> StoredSegment::ReadCold(std::uint32_t row, Keeping keeping) {
  LEVEE_ASSIGN(const RecordPlace at, PlaceOf(row));
  ColdRecord record;
  LEVEE_ASSIGN(record.bytes, pages_.ReadRecord(at.chunk, at.slot, keeping, record.holder));
  return record;
}

Result<StoredRecord> StoredSegment::ColdAsStored(std::uint32_t row) {
  LEVEE_ASSIGN(const RecordPlace at, PlaceOf(row));
  return pages_.ReadStored(at.chunk, at.slot, Keeping::kNot);
}

Result<ColdRecord> StoredSegment::Embedding(std::uint32_t row) {
  LEVEE_ASSIGN(const auto* locations, EmbeddingLocations());
  if (locations->empty() || (*locations)[row] == 0) return ColdRecord{};
  const Location at = Location::Of((*locations)[row] - 1);
  if (at.page >= directory_.embedding_pages.size()) return Corrupt("an embedding points beyond its pages");
  ColdRecord record;
  LEVEE_ASSIGN(record.bytes, pages_.ReadRecord(directory_.embedding_pages[at.page], at.slot, Keeping::kForOthers, record.holder));
  return record;
}

Result<bool> StoredSegment::RowsOfTag(std::uint32_t tag, std::span<const std::uint32_t>& rows) {
  LEVEE_ASSIGN(const RowColumns* columns, Columns());
  LEVEE_ASSIGN(const TagLists* lists, Once(tags_, [columns]() -> Result<std::unique_ptr<const TagLists>> {
    auto made = std::make_unique<TagLists>();
    for (const std::uint32_t each : columns->tags) ++made->ranges[each].second;
    std::uint32_t begin = 0;
    for (auto& [each, range] : made->ranges) {
      const std::uint32_t count = range.second;
      range = {begin, begin};
      begin += count;
    }
    made->rows.resize(begin);
    for (std::uint32_t row = 0; row < columns->rows(); ++row) {
      for (const std::uint32_t each : columns->TagsOf(row)) made->rows[made->ranges[each].second++] = row;
    }
    return made;
  }));
  const auto at = lists->ranges.find(tag);
  rows = {};
  if (at != lists->ranges.end()) {
    rows = std::span(lists->rows).subspan(at->second.first, at->second.second - at->second.first);
  }
  return true;
}

Result<Bytes> StoredSegment::ReadIndex(std::string_view name) const {
  Bytes encoded;
  const IndexChunks* index = directory_.FindIndex(name);
  if (index == nullptr) return encoded;
  for (const std::int64_t chunk : index->chunks) {
    LEVEE_ASSIGN(const Bytes sealed, store_.ReadChunk(chunk));
    LEVEE_ASSIGN(const Bytes piece, OpenSealed(kIndexMagic, sealed, "memory chunk " + std::to_string(chunk)));
    encoded.insert(encoded.end(), piece.begin(), piece.end());
  }
  return encoded;
}

Result<std::vector<std::int64_t>> StoredSegment::ReadColumn(SegmentColumn column) const {
  const ColumnChunks* chunks = directory_.Find(column);
  if (chunks == nullptr) return std::vector<std::int64_t>();
  columnar::ColumnVector values;
  for (const std::int64_t chunk : chunks->chunks) {
    LEVEE_ASSIGN(const Bytes bytes, store_.ReadChunk(chunk));
    auto reader = columnar::ChunkReader::Open(columnar::MemorySource(bytes));
    if (!reader) return Corrupt("chunk " + std::to_string(chunk) + ": " + reader.error().why);
    if (auto decoded = reader->DecodeAll(values); !decoded) {
      return Corrupt("chunk " + std::to_string(chunk) + ": " + decoded.error().why);
    }
  }
  if (values.ints.size() != chunks->values) return Corrupt("a column has another number of values than it should");
  return std::move(values.ints);
}

Result<std::unique_ptr<const std::vector<std::uint32_t>>> StoredSegment::ReadNames() const {
  LEVEE_ASSIGN(const auto payload, pages_.ReadBlob(directory_.names, kNamesMagic));
  ByteReader reader(*payload);
  const std::uint64_t count = reader.GetVarint();
  std::vector<std::uint32_t> numbers;
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) numbers.push_back(names_.Intern(reader.GetText()));
  if (!reader.ok()) return Corrupt("its list of names is cut short");
  return std::make_unique<const std::vector<std::uint32_t>>(std::move(numbers));
}

Result<std::unique_ptr<const RowColumns>> StoredSegment::LoadColumns(const std::vector<std::uint32_t>& numbers) const {
  auto columns = std::make_unique<RowColumns>();
  const auto named = [&](SegmentColumn column, std::vector<std::uint32_t>& out) -> Status {
    LEVEE_ASSIGN(const std::vector<std::int64_t> values, ReadColumn(column));
    out.reserve(values.size());
    for (const std::int64_t value : values) {
      if (value < 0 || static_cast<std::size_t>(value) >= numbers.size()) return Corrupt("a name is not in its list");
      out.push_back(numbers[static_cast<std::size_t>(value)]);
    }
    return {};
  };
  LEVEE_RETURN_IF_ERROR(named(SegmentColumn::kNamespace, columns->name_space));
  LEVEE_RETURN_IF_ERROR(named(SegmentColumn::kCategory, columns->category));
  LEVEE_RETURN_IF_ERROR(named(SegmentColumn::kAuthor, columns->author));
  LEVEE_RETURN_IF_ERROR(named(SegmentColumn::kTags, columns->tags));
  LEVEE_ASSIGN(const auto operations, ReadColumn(SegmentColumn::kOperation));
  for (const std::int64_t operation : operations) columns->operation.push_back(static_cast<Operation>(operation));
  LEVEE_ASSIGN(columns->version, ReadColumn(SegmentColumn::kVersion));
  LEVEE_ASSIGN(columns->created, ReadColumn(SegmentColumn::kCreated));
  LEVEE_ASSIGN(columns->updated, ReadColumn(SegmentColumn::kUpdated));
  LEVEE_ASSIGN(columns->written, ReadColumn(SegmentColumn::kWritten));
  LEVEE_ASSIGN(columns->expires, ReadColumn(SegmentColumn::kExpires));
  if (columns->expires.empty()) columns->expires.assign(rows(), kNever);
  LEVEE_ASSIGN(const auto content_bytes, ReadColumn(SegmentColumn::kContentBytes));
  columns->content_bytes = Narrowed<std::uint32_t>(content_bytes);
  LEVEE_ASSIGN(const auto tag_counts, ReadColumn(SegmentColumn::kTagCount));
  std::uint32_t end = 0;
  for (const std::int64_t count : tag_counts) columns->tag_ends.push_back(end += static_cast<std::uint32_t>(count));
  for (const std::size_t size : {columns->name_space.size(), columns->category.size(), columns->author.size(),
                                 columns->operation.size(), columns->version.size(), columns->created.size(),
                                 columns->updated.size(), columns->written.size(), columns->expires.size(),
                                 columns->content_bytes.size(), columns->tag_ends.size()}) {
    if (size != rows()) return Corrupt("a column has another number of rows than the segment");
  }
  if (end != columns->tags.size()) return Corrupt("its tags are not as many as its rows say");
  return columns;
}

Result<std::unique_ptr<const SegmentKeys>> StoredSegment::LoadKeys() const {
  LEVEE_ASSIGN(const Bytes sealed, store_.ReadChunk(directory_.keys));
  LEVEE_ASSIGN(const Bytes payload, OpenKeys(sealed, name()));
  if (payload.size() != rows() * (sizeof(std::uint64_t) + sizeof(std::uint32_t))) return Corrupt("its keys are cut short");
  std::vector<std::uint64_t> hashes(rows());
  std::vector<std::uint32_t> rows_of(rows());
  if (rows() > 0) {
    std::memcpy(hashes.data(), payload.data(), rows() * sizeof(std::uint64_t));
    std::memcpy(rows_of.data(), payload.data() + rows() * sizeof(std::uint64_t), rows() * sizeof(std::uint32_t));
  }
  const bool within = std::all_of(rows_of.begin(), rows_of.end(), [&](std::uint32_t row) { return row < rows(); });
  if (!within || !std::is_sorted(hashes.begin(), hashes.end())) return Corrupt("its keys are no index of its rows");
  return std::make_unique<const SegmentKeys>(std::move(hashes), std::move(rows_of));
}

Result<std::unique_ptr<const std::vector<std::int64_t>>> StoredSegment::LoadLocations(SegmentColumn column) const {
  LEVEE_ASSIGN(std::vector<std::int64_t> locations, ReadColumn(column));
  const bool may_lack = column == SegmentColumn::kEmbedding;
  if (locations.size() != rows() && !(may_lack && locations.empty())) return Corrupt("it has fewer places than rows");
  return std::make_unique<const std::vector<std::int64_t>>(std::move(locations));
}

std::unexpected<Error> StoredSegment::Corrupt(const std::string& why) const {
  return Damaged("memory segment " + std::to_string(id_), why);
}

}  // namespace levee::memory
