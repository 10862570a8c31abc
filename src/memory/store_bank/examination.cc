#include "memory/store_bank/examination.h"

#include <algorithm>
#include <map>

#include "memory/bank/batch.h"
#include "memory/bank/damage.h"
#include "memory/query/segment_indexes.h"

namespace levee::memory {
namespace {

class Examining {
 public:
  Examining(const store::BankSegment& record, FreshReading& reading) : record_(record), reading_(reading) {}

  ExaminedSegment Run() {
    found_.name = "segment " + std::to_string(record_.id);
    auto segment = StoredSegment::Open(record_.id, record_.directory, reading_.store, reading_.pages, reading_.names);
    if (!segment) {
      found_.findings.AddLoss(found_.name + ": its directory: " + segment.error().ToString());
      return std::move(found_);
    }
    found_.segment = std::move(*segment);
    found_.part = SalvagedPart::Make(found_.segment, reading_.names, found_.findings);
    if (found_.part == nullptr) return std::move(found_);
    CheckDictionaries();
    CheckEnded();
    CheckKeys();
    CheckTexts();
    CheckIndexes();
    return std::move(found_);
  }

 private:
  void Add(const std::string& what) { found_.findings.AddRepairable(found_.name + ": " + what); }

  // What records need of them is told with the records; a segment may have taken over one that none of its records needs.
  void CheckDictionaries() {
    for (const std::int64_t dictionary : found_.segment->directory().dictionaries) {
      const auto read = reading_.pages.ReadCodec(dictionary);
      if (!read && found_.findings.losses().empty()) Add("a dictionary: " + read.error().ToString());
    }
  }

  void CheckEnded() {
    auto ended = DecodeEnded(record_.ended, "which of its rows are ended");
    if (!ended) return Add(ended.error().ToString());
    const bool within = std::ranges::all_of(ended->rows, [&](std::uint32_t row) { return row < found_.segment->rows(); });
    if (!within) return Add("rows are ended that it has not");
    found_.ended = std::move(*ended);
    // What it has lost is told already.
    if (found_.part->rows() == found_.segment->rows() && found_.findings.losses().empty()) CheckSums();
  }

  void CheckSums() {
    EndedRows ended;
    for (std::size_t i = 0; i < found_.ended->rows.size(); ++i) ended.End(found_.ended->rows[i], found_.ended->times[i]);
    const RowColumns& columns = **found_.part->Columns();
    const EndedRecord wanted = MakeEndedRecord(columns, ended, reading_.names);
    using Sums = std::map<std::string, std::pair<std::int64_t, std::int64_t>>;
    const auto sums = [](const EndedRecord& record) {
      Sums made;
      for (const auto& [name, items, bytes] : record.totals) made[name] = {items, bytes};
      return made;
    };
    const Sums right = sums(wanted);
    for (const auto& [name, sum] : sums(*found_.ended)) {
      const auto at = right.find(name);
      if (at != right.end() && at->second == sum) continue;
      Add("its sums of namespace " + name + " are not those of its items");
    }
    if (right.size() != found_.ended->totals.size()) Add("it has sums of other namespaces than its items");
    if (wanted.next_expiry != found_.ended->next_expiry) Add("the next expiry is not that of its items");
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
      if (columns.operation[row] == Operation::kDelete && !ended.Has(row)) Add("a removal stands as an item");
    }
  }

  void CheckKeys() {
    const RowColumns& columns = **found_.part->Columns();
    std::vector<std::uint32_t> rows;
    const auto keys = found_.segment->Keys();
    if (!keys) return Add("its keys: " + keys.error().ToString());
    for (std::uint32_t row = 0; row < found_.part->rows(); ++row) {
      rows.clear();
      const std::uint32_t wanted = found_.part->RowInSegment(row);
      (*keys)->Find(columns.hashes[row], rows);
      if (std::ranges::find(rows, wanted) == rows.end()) Add("the key index does not lead to row " + std::to_string(wanted));
    }
  }

  void CheckTexts() {
    const RowColumns& columns = **found_.part->Columns();
    std::uint32_t at = 0;  // rows are asked for in order
    const text::DocumentOfRow document = [&](std::uint32_t row) -> Result<std::optional<text::CheckedDocument>> {
      while (at < found_.part->rows() && found_.part->RowInSegment(at) < row) ++at;
      if (at == found_.part->rows() || found_.part->RowInSegment(at) != row) return std::nullopt;
      text::CheckedDocument made;
      if (columns.operation[at] == Operation::kDelete) return made;
      LEVEE_ASSIGN(const ColdRecord record, found_.part->Cold(at));
      LEVEE_ASSIGN(const ColdView cold, DecodeCold(record.bytes));
      made.content = cold.content;
      made.category = reading_.names.Name(columns.category[at]);
      for (const std::uint32_t tag : columns.TagsOf(at)) made.tags.emplace_back(reading_.names.Name(tag));
      return made;
    };
    auto problems = reading_.text.Check(*found_.segment, document);
    if (!problems) return Add("its posting lists: " + problems.error().ToString());
    for (const std::string& problem : *problems) Add("its posting lists: " + problem);
  }

  void CheckIndexes() {
    for (const IndexChunks& index : found_.segment->directory().indexes) {
      if (const Status sound = CheckIndexOf(index); !sound) Add("an index: " + sound.error().ToString());
    }
  }

  // Its rows against the items.
  Status CheckIndexOf(const IndexChunks& chunks) {
    LEVEE_ASSIGN(const IndexDefinition definition, DefinitionOf(chunks.name));
    LEVEE_ASSIGN(const auto index, ReadIndexOf(*found_.segment, definition));
    // Of values that are lost nobody knows which they were.
    if (index == nullptr || !found_.findings.losses().empty()) return {};
    const RowColumns& columns = **found_.part->Columns();
    const bool reads = std::ranges::any_of(definition.keys, KeyReader::NeedsRecord);
    KeyReader reader(reading_.names);
    for (std::uint32_t row = 0; row < found_.part->rows(); ++row) {
      ColdRecord record;
      if (reads) {
        LEVEE_ASSIGN(record, found_.part->Cold(row));
      }
      LEVEE_RETURN_IF_ERROR(reader.Take(columns, row, record.bytes));
      for (std::size_t key = 0; key < definition.keys.size(); ++key) {
        const PartIndex::Column& has = index->columns()[key];
        const SortValue& value = has.values[has.ordinals[found_.part->RowInSegment(row)]];
        if (CompareValues(value, reader.At(definition.keys[key])) == 0) continue;
        return Damaged(found_.name, "row " + std::to_string(row) + " has another value");
      }
    }
    return {};
  }

  const store::BankSegment& record_;
  FreshReading& reading_;
  ExaminedSegment found_;
};

}  // namespace

ExaminedSegment ExamineSegment(const store::BankSegment& record, FreshReading& reading) {
  return Examining(record, reading).Run();
}

Status ExamineBatch(const store::BankBatch& batch) {
  LEVEE_ASSIGN(const OpenedBatch opened, OpenBatch(batch.number, batch.body));
  return ForEachRow(opened, batch.number, [&](const RowView& row) -> Status {
    LEVEE_ASSIGN(const ColdView cold, DecodeCold(row.cold));
    if (ContentChecksum(cold.content) == cold.checksum && cold.content.size() == row.content_bytes) return {};
    return Damaged("memory batch " + std::to_string(batch.number), "the content of an item is not what its checksum says");
  });
}

}  // namespace levee::memory
