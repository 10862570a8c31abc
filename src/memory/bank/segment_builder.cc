#include "memory/bank/segment_builder.h"

#include <algorithm>
#include <numeric>

#include "base/parallel.h"
#include "columnar/column_writer.h"
#include "memory/bank/segment_blobs.h"
#include "memory/bank/staging.h"
#include "memory/bank/stored_segment.h"

namespace levee::memory {
namespace {

using columnar::ColumnVector;

class Builder {
 public:
  Builder(const BuildContext& context, std::span<const SourceRow> rows) : context_(context), rows_(rows) {}

  Result<BuiltSegment> Build() {
    directory_.rows = static_cast<std::uint32_t>(rows_.size());
    // Posting lists are made of other things than the rest.
    PostingLists lists;
    LEVEE_RETURN_IF_ERROR(ParallelFor(context_.write_postings ? 2 : 1, context_.threads, [&](std::size_t task) -> Status {
      if (task == 0) return StageRows();
      LEVEE_ASSIGN(lists, context_.write_postings(rows_));
      return {};
    }));
    if (context_.write_postings) LEVEE_RETURN_IF_ERROR(StagePostings(std::move(lists)));
    LEVEE_RETURN_IF_ERROR(StageIndexes());
    return BuiltSegment{std::move(directory_), MakeEndedRecord(columns_, ended_, context_.names)};
  }

 private:
  Status StageRows() {
    LEVEE_RETURN_IF_ERROR(GatherColumns());
    LEVEE_RETURN_IF_ERROR(PlaceRecords());
    LEVEE_RETURN_IF_ERROR(WriteColumns());
    LEVEE_RETURN_IF_ERROR(StageOne(store::SealBlob(kNamesMagic, EncodeNames(), store::Compression::kWhenSmaller),
                                   directory_.names));
    return StageOne(store::SealBlob(kBankKeysMagic, EncodeKeys(), store::Compression::kNever), directory_.keys);
  }

  Status GatherColumns() {
    std::vector<const RowColumns*> sources;
    std::vector<std::vector<std::uint64_t>> hashes;
    for (const SegmentSource& source : context_.sources) {
      LEVEE_ASSIGN(const RowColumns* columns, source.part->Columns());
      sources.push_back(columns);
      LEVEE_ASSIGN(hashes.emplace_back(), source.part->Hashes());
    }
    for (const auto& [source, row] : rows_) {
      columns_.hashes.push_back(hashes[source][row]);
      const RowColumns& from = *sources[source];
      const auto at = static_cast<std::uint32_t>(columns_.rows());
      columns_.operation.push_back(from.operation[row]);
      columns_.version.push_back(from.version[row]);
      columns_.name_space.push_back(from.name_space[row]);
      columns_.category.push_back(from.category[row]);
      columns_.author.push_back(from.author[row]);
      columns_.created.push_back(from.created[row]);
      columns_.updated.push_back(from.updated[row]);
      columns_.expires.push_back(from.expires[row]);
      columns_.written.push_back(from.written[row]);
      columns_.content_bytes.push_back(from.content_bytes[row]);
      const auto tags = from.TagsOf(row);
      columns_.tags.insert(columns_.tags.end(), tags.begin(), tags.end());
      columns_.tag_ends.push_back(static_cast<std::uint32_t>(columns_.tags.size()));
      directory_.last_written = std::max(directory_.last_written, from.written[row]);
      const EndedRows& ended = context_.sources[source].ended;
      if (ended.Has(row)) ended_.End(at, ended.At(row));
    }
    return {};
  }

  // Contents go into pages, in the order of the rows, but for those that stay in the page where they are.
  Status PlaceRecords() {
    if (context_.make_index_writer) indexes_ = context_.make_index_writer();
    LEVEE_ASSIGN(const auto codec, ChooseCodec());
    PageBuilder contents(codec, codec == nullptr ? 0 : directory_.dictionaries.back());
    PageBuilder embeddings;
    std::vector<std::int64_t> moved, embedded(rows_.size(), 0);
    std::vector<std::size_t> moved_rows;
    locations_.resize(rows_.size());
    bool any_embedding = false;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const auto& [source, row] = rows_[i];
      LEVEE_ASSIGN(const bool stays, KeepInPlace(i));
      if (indexes_ != nullptr) {
        LEVEE_ASSIGN(const ColdRecord cold, context_.sources[source].part->ColdOnce(row));
        LEVEE_RETURN_IF_ERROR(indexes_->Add(columns_, static_cast<std::uint32_t>(i), cold.bytes));
      }
      if (!stays) {
        LEVEE_ASSIGN(const Location to, MoveRecord(rows_[i], contents));
        moved.push_back(to.packed());
        moved_rows.push_back(i);
      }
      LEVEE_ASSIGN(const ColdRecord embedding, context_.sources[source].part->Embedding(row));
      if (embedding.bytes.empty()) continue;
      embedded[i] = embeddings.Add(embedding.bytes).packed() + 1;
      any_embedding = true;
    }
    const std::size_t first_page = directory_.pages.size();
    LEVEE_RETURN_IF_ERROR(Stage(contents.Take(), directory_.pages));
    for (std::size_t i = 0; i < moved.size(); ++i) {
      Location at = Location::Of(moved[i]);
      at.page += static_cast<std::uint32_t>(first_page);
      locations_[moved_rows[i]] = at.packed();
    }
    if (any_embedding) {
      LEVEE_RETURN_IF_ERROR(Stage(embeddings.Take(), directory_.embedding_pages));
      embeddings_ = std::move(embedded);
    }
    return {};
  }

  Status StagePostings(PostingLists lists) {
    for (Bytes& chunk : lists.chunks) chunk = store::SealBlob(kPostingsMagic, chunk, store::Compression::kNever);
    directory_.text = std::move(lists.directory);
    return Stage(lists.chunks, directory_.text_chunks);
  }

  Status StageIndexes() {
    if (indexes_ == nullptr) return {};
    LEVEE_ASSIGN(const std::vector<EncodedIndex> made, indexes_->Finish());
    for (const EncodedIndex& index : made) {
      LEVEE_ASSIGN(auto chunks, StageIndex(context_.store, context_.staging, index.bytes));
      directory_.indexes.push_back({index.name, std::move(chunks)});
    }
    return {};
  }

  // For the records that get new pages: a dictionary that sources have, unless this segment is many times what it was made for.
  Result<std::shared_ptr<const RecordCodec>> ChooseCodec() {
    constexpr std::size_t kGrowth = 8, kSampleBytes = 4u << 20;
    std::size_t known_rows = 0;
    std::int64_t known = 0;
    for (const SegmentSource& source : context_.sources) {
      const auto* const segment = dynamic_cast<const StoredSegment*>(source.part.get());
      if (segment == nullptr) continue;
      for (const std::int64_t each : segment->directory().dictionaries) {
        if (std::find(directory_.dictionaries.begin(), directory_.dictionaries.end(), each) == directory_.dictionaries.end()) {
          directory_.dictionaries.push_back(each);
        }
      }
      if (segment->directory().dictionaries.empty() || segment->rows() < known_rows) continue;
      known_rows = segment->rows();
      known = segment->directory().dictionaries.back();
    }
    if (known != 0 && known_rows * kGrowth >= rows_.size()) {
      std::erase(directory_.dictionaries, known);
      directory_.dictionaries.push_back(known);
      return context_.pages.ReadCodec(known);
    }
    // Every so many rows, spread over all.
    std::vector<ColdRecord> kept;
    std::vector<ByteSpan> samples;
    std::size_t bytes = 0;
    const std::size_t step = std::max<std::size_t>(1, rows_.size() / 4'096);
    for (std::size_t i = 0; i < rows_.size() && bytes < kSampleBytes; i += step) {
      LEVEE_ASSIGN(kept.emplace_back(), context_.sources[rows_[i].source].part->ColdOnce(rows_[i].row));
      samples.push_back(kept.back().bytes);
      bytes += kept.back().bytes.size();
    }
    const Bytes dictionary = MakeDictionary(samples);
    if (dictionary.empty()) return nullptr;
    std::int64_t chunk = 0;
    LEVEE_RETURN_IF_ERROR(StageOne(store::SealBlob(kDictionaryMagic, dictionary, store::Compression::kWhenSmaller), chunk));
    directory_.dictionaries.push_back(chunk);
    return RecordCodec::Make(dictionary);
  }

  Result<bool> KeepInPlace(std::size_t i) {
    const auto& [source, row] = rows_[i];
    auto* const segment = dynamic_cast<StoredSegment*>(context_.sources[source].part.get());
    if (segment == nullptr) return false;
    LEVEE_ASSIGN(const auto* locations, segment->Locations());
    const Location at = Location::Of((*locations)[row]);
    const auto planned = context_.kept_pages.find({source, at.page});
    if (planned == context_.kept_pages.end() || !planned->second) return false;
    const auto [place, is_new] =
        places_.try_emplace(KeptPage{source, at.page}, static_cast<std::uint32_t>(directory_.pages.size()));
    if (is_new) directory_.pages.push_back(segment->directory().pages[at.page]);
    locations_[i] = Location{place->second, at.slot}.packed();
    return true;
  }

  // As it is stored, where its page has the dictionary of the new one.
  Result<Location> MoveRecord(const SourceRow& from, PageBuilder& contents) const {
    Part& part = *context_.sources[from.source].part;
    if (auto* const segment = dynamic_cast<StoredSegment*>(&part); segment != nullptr) {
      LEVEE_ASSIGN(const StoredRecord stored, segment->ColdAsStored(from.row));
      if (stored.dictionary == contents.dictionary()) return contents.AddStored(stored.bytes);
    }
    LEVEE_ASSIGN(const ColdRecord cold, part.ColdOnce(from.row));
    return contents.Add(cold.bytes);
  }

  Status WriteColumns() {
    LEVEE_RETURN_IF_ERROR(WriteColumn(SegmentColumn::kOperation, columns_.operation));
    LEVEE_RETURN_IF_ERROR(WriteColumn(SegmentColumn::kVersion, columns_.version));
    LEVEE_RETURN_IF_ERROR(WriteColumn(SegmentColumn::kNamespace, Local(columns_.name_space)));
    LEVEE_RETURN_IF_ERROR(WriteColumn(SegmentColumn::kCategory, Local(columns_.category)));
    LEVEE_RETURN_IF_ERROR(WriteColumn(SegmentColumn::kAuthor, Local(columns_.author)));
    LEVEE_RETURN_IF_ERROR(WriteColumn(SegmentColumn::kCreated, columns_.created));
    LEVEE_RETURN_IF_ERROR(WriteColumn(SegmentColumn::kUpdated, columns_.updated));
    const bool expires = std::any_of(columns_.expires.begin(), columns_.expires.end(),
                                     [](std::int64_t time) { return time != kNever; });
    if (expires) LEVEE_RETURN_IF_ERROR(WriteColumn(SegmentColumn::kExpires, columns_.expires));
    LEVEE_RETURN_IF_ERROR(WriteColumn(SegmentColumn::kWritten, columns_.written));
    LEVEE_RETURN_IF_ERROR(WriteColumn(SegmentColumn::kContentBytes, columns_.content_bytes));
    std::vector<std::uint32_t> counts(columns_.tag_ends);
    std::adjacent_difference(counts.begin(), counts.end(), counts.begin());
    LEVEE_RETURN_IF_ERROR(WriteColumn(SegmentColumn::kTagCount, counts));
    LEVEE_RETURN_IF_ERROR(WriteColumn(SegmentColumn::kTags, Local(columns_.tags)));
    LEVEE_RETURN_IF_ERROR(WriteColumn(SegmentColumn::kLocation, locations_));
    if (embeddings_.empty()) return {};
    return WriteColumn(SegmentColumn::kEmbedding, embeddings_);
  }

  template <typename T>
  Status WriteColumn(SegmentColumn column, const std::vector<T>& values) {
    ColumnVector vector;
    vector.ints.reserve(values.size());
    for (const T value : values) vector.ints.push_back(static_cast<std::int64_t>(value));
    vector.rows = values.size();
    std::vector<Bytes> chunks;
    for (std::size_t first = 0; first < values.size(); first += columnar::kSegmentRowsMax) {
      const std::size_t count = std::min(columnar::kSegmentRowsMax, values.size() - first);
      LEVEE_ASSIGN(const columnar::PreparedColumn prepared, columnar::PrepareColumn(vector, first, count));
      for (columnar::EncodedChunk& chunk : columnar::WriteChunks(prepared, columnar::ChooseEncoder(prepared))) {
        chunks.push_back(std::move(chunk.bytes));
      }
    }
    ColumnChunks& written = directory_.columns.emplace_back();
    written.column = column;
    written.values = static_cast<std::uint32_t>(values.size());
    return Stage(chunks, written.chunks);
  }

  std::vector<std::uint32_t> Local(const std::vector<std::uint32_t>& numbers) {
    std::vector<std::uint32_t> local;
    local.reserve(numbers.size());
    for (const std::uint32_t number : numbers) {
      const auto [place, is_new] = local_names_.try_emplace(number, static_cast<std::uint32_t>(names_.size()));
      if (is_new) names_.push_back(number);
      local.push_back(place->second);
    }
    return local;
  }

  Bytes EncodeNames() const {
    ByteWriter out;
    out.PutVarint(names_.size());
    for (const std::uint32_t number : names_) out.PutText(context_.names.Name(number));
    return out.Take();
  }

  Bytes EncodeKeys() const {
    std::vector<std::uint32_t> order(rows_.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return columns_.hashes[a] != columns_.hashes[b] ? columns_.hashes[a] < columns_.hashes[b] : a < b;
    });
    ByteWriter out;
    out.bytes().reserve(order.size() * 12);
    for (const std::uint32_t row : order) out.Put(columns_.hashes[row]);
    for (const std::uint32_t row : order) out.Put(row);
    return out.Take();
  }

  Status StageOne(Bytes chunk, std::int64_t& number) {
    std::vector<std::int64_t> numbers;
    LEVEE_RETURN_IF_ERROR(Stage({&chunk, 1}, numbers));
    number = numbers.front();
    return {};
  }

  Status Stage(std::span<const Bytes> chunks, std::vector<std::int64_t>& numbers) {
    return StageAll(context_.store, context_.staging, chunks, numbers);
  }

  const BuildContext& context_;
  const std::span<const SourceRow> rows_;
  SegmentDirectory directory_;
  RowColumns columns_;
  EndedRows ended_;
  std::unique_ptr<IndexWriter> indexes_;  // null: it has none
  std::vector<std::int64_t> locations_, embeddings_;
  std::unordered_map<KeptPage, std::uint32_t, KeptPageHash> places_;
  std::unordered_map<std::uint32_t, std::uint32_t> local_names_;
  std::vector<std::uint32_t> names_;  // an Interner's numbers, by local number
};

}  // namespace

Result<BuiltSegment> BuildSegment(const BuildContext& context, std::span<const SourceRow> rows) {
  return Builder(context, rows).Build();
}

EndedRecord MakeEndedRecord(const RowColumns& columns, const EndedRows& ended, const Interner& names) {
  EndedRecord record;
  record.next_expiry = kNever;
  Totals totals;
  for (std::uint32_t row = 0; row < columns.rows(); ++row) {
    if (ended.Has(row)) {
      record.rows.push_back(row);
      record.times.push_back(ended.At(row));
      totals.Add(columns.name_space[row], 0, 0);  // questions about the past know it by its name
    } else {
      totals.Add(columns.name_space[row], 1, columns.content_bytes[row]);
      record.next_expiry = std::min(record.next_expiry, columns.expires[row]);
    }
  }
  for (const auto& [number, total] : totals.by_namespace()) {
    record.totals.push_back({std::string(names.Name(number)), total.items, total.content_bytes});
  }
  return record;
}

}  // namespace levee::memory
