// Found items in the format that the command line chooses.
#pragma once

#include <expected>
#include <memory>

#include "cli/command.h"
#include "levee/memory.h"

namespace levee::cli {

// Not thread-safe.
class ItemRows {
 public:
  virtual ~ItemRows() = default;
  virtual Status Write(const Found& found) = 0;
  virtual Status Finish() = 0;
};

// `--format table`, the default, or ndjson. `ranked`: with scores and snippets.
std::expected<std::unique_ptr<ItemRows>, Failure> MakeItemRows(Context& context, bool ranked);

}  // namespace levee::cli
