// The parts of a check that compare a table as a whole.
#pragma once

#include "base/status.h"
#include "catalog/catalog.h"
#include "delta/plain_replay.h"
#include "objectstore/object_store.h"

namespace levee::catalog {

// Protocol, metaData, transactions and domains. A difference is drift, with a note that names it.
void CompareStates(const TableState& stored, const delta::PlainState& replayed, CheckReport& report);

// Totals against the version checksum file, which is there. A mismatch is a note and nothing more.
Status CompareChecksum(objectstore::ObjectStore& objects, const TableState& stored, CheckReport& report);

}  // namespace levee::catalog
