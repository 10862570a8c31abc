// Imports a table's main range from its log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "catalog/context.h"
#include "catalog/import.h"

namespace levee::catalog {

// Imports the log as it was listed, up to `version` (empty: the newest in the list).
Result<ImportOutcome> ImportMain(Context& context, const store::TableRecord& record,
                                 const delta::LogListing& listing, std::optional<std::int64_t> version);

struct NewTable {
  std::string uri;
  std::string name;                        // empty: none
  std::optional<std::int64_t> keep_ms;
  std::optional<std::int64_t> to_version;
};

struct ImportedTable {
  store::TableRecord record;
  store::Head head;
  ImportOutcome outcome;
};

// Makes the table's record, unless a broken-off import left one, and imports it. Another process that
// does the same at the same time is no error: its head is then the result. Nothing is left behind when
// the import fails.
Result<ImportedTable> ImportNewTable(Context& context, const NewTable& table);

// Lists the whole log of a table; kNotATable when there is none.
Result<delta::LogListing> ListWholeLog(objectstore::ObjectStore& objects);

}  // namespace levee::catalog
