// The state of a table at a version, built from the store's records and kept for the next reader.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/context.h"
#include "catalog/generated_partitions.h"
#include "catalog/schema_resolver.h"

namespace levee::catalog {

// Immutable.
struct Snapshot {
  cache::CacheKey identity;  // of the table's incarnation, the version and the layout that it was read at
  TableState state;
  std::uint64_t schema_identity = 0;  // of what names bind to
  SchemaResolver resolver;
  std::vector<expr::GeneratedColumn> generated;  // partition columns that are computed from others
  std::size_t size_bytes = 0;  // about, in memory
};

// Newest records of each kind and key to a state. Removed domains are left out. kUnsupported when the
// protocol may not be read, kCorrupt when protocol or metaData are missing.
Result<TableState> BuildTableState(const store::TableRecord& record, const store::CommitRecord& commit,
                                   const std::vector<store::StateRecord>& records);

// The snapshot of a version that the store has. No JSON is parsed when it is already at hand.
Result<std::shared_ptr<const Snapshot>> LoadSnapshot(Context& context, const store::TableRecord& record,
                                                     const store::Head& head, std::int64_t version);

// Keeps the snapshot of a head whose commits since `older` had files only.
void RememberSnapshot(Context& context, const store::Head& head, const Snapshot& older, store::CommitRecord commit);

// Whether commit times come from the commits themselves, from which version on; none: they never do.
std::optional<std::int64_t> InCommitTimestampsFrom(const delta::Metadata& metadata);

}  // namespace levee::catalog
