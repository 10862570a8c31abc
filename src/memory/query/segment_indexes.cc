#include "memory/query/segment_indexes.h"

#include <algorithm>
#include <optional>

#include "memory/bank/index_notes.h"
#include "memory/query/part_index_format.h"

namespace levee::memory {
namespace {

// Segments have lists of tags anyway.
constexpr std::string_view kTagsKey = "tags";

class Writer final : public IndexWriter {
 public:
  Writer(const std::vector<IndexDefinition>& definitions, const Interner& names, std::size_t text_bytes_max)
      : text_bytes_max_(text_bytes_max), reader_(names) {
    for (const IndexDefinition& definition : definitions) {
      const auto same = [&](const Building& other) { return other.definition->text == definition.text; };
      const bool known = std::any_of(building_.begin(), building_.end(), same);
      if (!definition.keys.empty() && !known) building_.push_back({&definition, PartIndexBuilder(definition.keys)});
    }
  }

  Status Add(const RowColumns& columns, std::uint32_t row, ByteSpan record) override {
    LEVEE_RETURN_IF_ERROR(reader_.Take(columns, row, record));
    for (Building& each : building_) {
      if (!each.builder) continue;
      each.builder->Add(reader_);
      if (each.builder->text_bytes() > text_bytes_max_) each.builder.reset();
    }
    return {};
  }

  Result<std::vector<EncodedIndex>> Finish() override {
    std::vector<EncodedIndex> made;
    for (Building& each : building_) {
      EncodedIndex& index = made.emplace_back();
      index.name = each.definition->text;
      if (!each.builder) continue;
      LEVEE_ASSIGN(index.bytes, EncodePartIndex(*each.builder->Finish()));
    }
    return made;
  }

 private:
  struct Building {
    const IndexDefinition* definition;
    std::optional<PartIndexBuilder> builder;  // nothing: it is too large
  };
  const std::size_t text_bytes_max_;
  KeyReader reader_;
  std::vector<Building> building_;
};

}  // namespace

Result<std::vector<IndexDefinition>> IndexDefinitionsOf(const std::map<std::string, std::string>& notes) {
  LEVEE_ASSIGN(const std::vector<IndexSpec> specs, IndexesOf(notes));
  std::vector<IndexDefinition> definitions;
  for (const IndexSpec& spec : specs) {
    LEVEE_ASSIGN(IndexDefinition definition, DefinitionOf(IndexText(spec)));
    definition.name = spec.name;
    definitions.push_back(std::move(definition));
  }
  return definitions;
}

Result<IndexDefinition> DefinitionOf(const std::string& text) {
  IndexDefinition definition{.name = {}, .keys = {}, .text = text};
  for (const std::string& key : IndexKeysOf(text)) {
    if (key == kTagsKey) continue;
    LEVEE_ASSIGN(definition.keys.emplace_back(), ParseOrderField(key));
  }
  return definition;
}

MakeIndexWriter IndexWritersOf(std::vector<IndexDefinition> definitions, const Interner& names, std::size_t text_bytes_max) {
  const bool any = std::any_of(definitions.begin(), definitions.end(), [](const auto& each) { return !each.keys.empty(); });
  if (!any) return {};
  return [definitions = std::move(definitions), &names, text_bytes_max] {
    return std::make_unique<Writer>(definitions, names, text_bytes_max);
  };
}

Result<std::vector<EncodedIndex>> EncodeIndexesOf(Part& part, const std::vector<IndexDefinition>& definitions,
                                                  const Interner& names) {
  LEVEE_ASSIGN(const RowColumns* columns, part.Columns());
  const bool reads = std::any_of(definitions.begin(), definitions.end(), [](const IndexDefinition& each) {
    return std::any_of(each.keys.begin(), each.keys.end(), KeyReader::NeedsRecord);
  });
  Writer writer(definitions, names, kIndexTextBytesMax);
  for (std::uint32_t row = 0; row < part.rows(); ++row) {
    ColdRecord record;
    if (reads) {
      LEVEE_ASSIGN(record, part.ColdOnce(row));
    }
    LEVEE_RETURN_IF_ERROR(writer.Add(*columns, row, record.bytes));
  }
  return writer.Finish();
}

bool HasIndex(const Part& part, const IndexDefinition& definition) {
  const auto* const segment = dynamic_cast<const StoredSegment*>(&part);
  const IndexChunks* const index = segment == nullptr ? nullptr : segment->directory().FindIndex(definition.text);
  return index != nullptr && !index->chunks.empty();
}

Result<std::shared_ptr<const PartIndex>> ReadIndexOf(const StoredSegment& segment, const IndexDefinition& definition) {
  LEVEE_ASSIGN(const Bytes encoded, segment.ReadIndex(definition.text));
  if (encoded.empty()) return std::shared_ptr<const PartIndex>();
  return DecodePartIndex(encoded, {.keys = definition.keys.size(), .rows = segment.rows()},
                         "an index of memory " + segment.name());
}

}  // namespace levee::memory
