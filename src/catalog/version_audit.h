// Counts the files of versions against what their commits say.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/status.h"
#include "store/store.h"

namespace levee::catalog {

// Adds to range `index` of `damage`, which is sound so far, what is wrong: state without protocol or metaData; versions whose
// entries are not as many as their commit's totals, the others are then its readable ones. At most 1,000 versions are counted
// where all are right. Versions that readers get from another range are that one's.
Status AuditVersions(store::Store& store, std::int64_t table_id, store::TableDamage& damage, std::size_t index);

}  // namespace levee::catalog
