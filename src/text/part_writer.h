// Writes a part for the store: of parts in memory and in the store, merged.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "text/chunks.h"
#include "text/part.h"

namespace levee::text {

// Writes token by token. For one thread.
class PartWriter {
 public:
  // `rows` is at most kPartRowsMax.
  PartWriter(ChunkSink& sink, std::uint32_t rows);
  ~PartWriter();

  // Begins a field, in the order of kAllFields. `lengths` has an element a row.
  Status BeginField(Field field, std::span<const std::uint32_t> lengths);
  // Tokens ascend. The postings are of rows that ascend, with positions.
  Status Add(std::string_view token, const Postings& postings);
  // After the last field: the part's directory.
  Result<Bytes> Finish();

 private:
  struct State;
  Status EndField();
  std::unique_ptr<State> state_;
};

inline constexpr std::uint32_t kDroppedRow = ~std::uint32_t{0};

struct MergeInput {
  const Part* part = nullptr;
  // Of each row of the part its row in the new one; kDroppedRow: it is left out. No two rows become one.
  std::span<const std::uint32_t> row_map;
};

struct MergeOptions {
  std::uint32_t rows = 0;  // of the new part; those that no input has are empty
  ByField<bool> fields = {true, false, false};
};

// Returns the new part's directory. A field that an input does not have is empty for its rows. kInvalidArgument: a row map
// is none. Nothing is tokenised again.
Result<Bytes> MergeParts(std::span<const MergeInput> inputs, const MergeOptions& options, ChunkSink& sink);

}  // namespace levee::text
