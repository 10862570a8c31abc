// The schema of a SQL store and how it grew. See docs/formats/store.md.
#pragma once

#include "store/sql/driver.h"

namespace levee::store {

// The version that this program writes; the store's first is 1.
inline constexpr std::int64_t kSchemaVersion = 4;

// Makes or upgrades the schema, each step in a transaction. kUnsupported when the store is newer than this
// program; kNotFound when a read-only store has none.
Status MigrateSchema(Driver& driver);

}  // namespace levee::store
