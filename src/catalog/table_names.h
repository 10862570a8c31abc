// From what a user calls a table to its record in the store.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/status.h"
#include "store/store.h"

namespace levee::catalog {

struct NamedTable {
  std::string uri;
  std::optional<store::TableRecord> record;  // none: not in the store

  // The registered name, else the URI: for messages.
  const std::string& display() const { return record && !record->name.empty() ? record->name : uri; }
};

// Registered names come before paths and URIs. What was found is remembered for a second, because
// canonicalising a path costs more than a warm answer may. Thread-safe.
class TableNames {
 public:
  Result<NamedTable> Resolve(store::Store& store, Clock& clock, std::string_view table);
  // Call after anything that adds, renames or forgets a table.
  void Clear();

 private:
  struct Entry {
    NamedTable table;
    std::int64_t found_ns = 0;
  };

  std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;  // guarded by mutex_
};

class Context;

// A table with its head as of now.
struct LocatedTable {
  NamedTable table;
  std::optional<store::Head> head;  // none: not in the store, or its import was never finished

  const store::TableRecord& record() const { return *table.record; }
};

Result<LocatedTable> Locate(Context& context, std::string_view table);

// As Locate, but kNotFound unless the table is in the store with a version.
Result<LocatedTable> LocateKnown(Context& context, std::string_view table);

}  // namespace levee::catalog
