// Holds a part against the documents it was made of.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "text/memory_part.h"
#include "text/part.h"

namespace levee::text {

// A text that a check reads.
struct CheckedDocument {
  std::string content, category;
  std::vector<std::string> tags;
};
// Of a row; nothing: it is not to be checked. An error ends the check.
using DocumentOfRow = std::function<Result<std::optional<CheckedDocument>>(std::uint32_t row)>;

struct Disagreement {
  Field field = Field::kContent;
  std::string token;               // empty: of no single token
  std::optional<std::uint32_t> row;
  std::string what;                // "is in the document but not in the index"
};

// Where they disagree, at most `limit` of it; empty: nowhere. Bytes that cannot be read are a disagreement too. Costs indexing
// all documents and reading all lists. `options` are those that the part was indexed with.
Result<std::vector<Disagreement>> CheckPart(const Part& part, const MemoryPartOptions& options,
                                            const DocumentOfRow& document_of_row, std::size_t limit = 100);

}  // namespace levee::text
