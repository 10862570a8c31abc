// The custom indexes that segments keep: making them, reading them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "memory/bank/index_writer.h"
#include "memory/bank/stored_segment.h"
#include "memory/query/part_index.h"

namespace levee::memory {

// A custom index, as questions use it.
struct IndexDefinition {
  std::string name;
  std::vector<OrderKey> keys;  // none: of tags
  std::string text;            // names the keys; the same ones are built once whatever the index is called
};

// Those that the notes of a bank define. INDEX_ERROR: one is none.
Result<std::vector<IndexDefinition>> IndexDefinitionsOf(const std::map<std::string, std::string>& notes);

// One by what names its keys, whatever it is called.
Result<IndexDefinition> DefinitionOf(const std::string& text);

// An index of more different texts than this is not kept: who can afford it has it in memory.
inline constexpr std::size_t kIndexTextBytesMax = 64u << 20;
// For merging: segments with all of these.
MakeIndexWriter IndexWritersOf(std::vector<IndexDefinition> definitions, const Interner& names,
                               std::size_t text_bytes_max = kIndexTextBytesMax);
// The same of a segment that is there.
Result<std::vector<EncodedIndex>> EncodeIndexesOf(Part& part, const std::vector<IndexDefinition>& definitions,
                                                  const Interner& names);

// Whether it is a segment that keeps one.
bool HasIndex(const Part& part, const IndexDefinition& definition);
// Null: it keeps none of these keys. kCorrupt names the segment or the chunk.
Result<std::shared_ptr<const PartIndex>> ReadIndexOf(const StoredSegment& segment, const IndexDefinition& definition);

}  // namespace levee::memory
