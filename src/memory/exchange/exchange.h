// Items into a bank and out of it, in the forms of other tools. docs/memory-exchange.md says what each keeps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "levee/memory.h"

namespace levee::memory {

// Reads items of one form, one after another. Not thread-safe.
class ItemSource {
 public:
  virtual ~ItemSource() = default;
  // Empty at the end. VALIDATION_ERROR names the place (line, record, file) of what is no item; after it Next goes on with what
  // follows, unless `ended` says that nothing can.
  virtual Result<std::optional<ItemWrite>> Next() = 0;
  virtual bool ended() const { return false; }
};

// Writes items in one form. Not thread-safe.
class ItemSink {
 public:
  virtual ~ItemSink() = default;
  virtual Status Write(const Item& item) = 0;
  // What was written is whole once this succeeds.
  virtual Status Finish() = 0;
};

enum class ExchangeFormat : std::uint8_t { kNdjson, kCsv, kMarkdown, kMcpMemory, kBasicMemory, kChroma };
// "ndjson", "csv", "markdown", "mcp-memory", "basic-memory", "chroma"; empty for others.
std::optional<ExchangeFormat> ParseExchangeFormat(std::string_view name);
const char* ExchangeFormatName(ExchangeFormat format);

struct ExchangeOptions {
  std::size_t content_limit_bytes = 16u << 20;  // longer items are refused without being read whole
  std::string name_space = "default";           // of items of tools that have none
  std::string category = "note";                // likewise
  std::string collection;                       // of Chroma; empty: the only one
};

// The items of the file or folder at `path`, "-": of standard input, where the form is one stream.
Result<std::unique_ptr<ItemSource>> OpenItemSource(ExchangeFormat format, const std::string& path, const ExchangeOptions& options);
// Writes to the file or folder, "-": to standard output. A file is written beside and renamed by Finish. Unsupported (INVALID_QUERY)
// of forms that are only read.
Result<std::unique_ptr<ItemSink>> OpenItemSink(ExchangeFormat format, const std::string& path, const ExchangeOptions& options);

struct ImportOptions {
  std::size_t batch_items = 1'000;    // of the first batch
  std::int64_t batch_latency_ms = 0;  // how long a batch should take; its size follows. 0: all are alike
  Clock* clock = nullptr;             // null: the machine's
  std::string author;
  ConflictPolicy on_conflict = ConflictPolicy::kLastWrite;
  bool skip_wrong = false;  // go on behind what is no item, and tell it in `problems`
};

struct ImportReport {
  std::int64_t read = 0, stored = 0, updated = 0;
  std::int64_t unchanged = 0;  // the bank has them already, as they are
  std::int64_t kept = 0;       // the bank has a newer version
  std::int64_t conflicts = 0;
  std::vector<std::string> problems;
};

// Stores what the bank has not yet, batch by batch: run again after it was cut off, or a second time, it stores only the rest.
// An item without an id gets one that follows from what it says. Stops at the first error, unless told to skip; batches before it
// are stored.
Result<ImportReport> ImportItems(ItemSource& source, MemoryBank& bank, const ImportOptions& options);

// Writes all that the query finds, in the order of their ids, embeddings too; the query's order, limit and page are not asked. How many.
Result<std::int64_t> ExportItems(MemoryBank& bank, ItemQuery query, ItemSink& sink);

}  // namespace levee::memory
