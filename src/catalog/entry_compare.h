// Compares what a store holds of files with the add actions of a plain replay.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "columnar/batch.h"
#include "delta/plain_replay.h"

namespace levee::catalog {

struct CompareOptions {
  // The replay starts from a later checkpoint than the store did. Checkpoints may leave statistics out
  // and set dataChange to false.
  bool later_base = false;
  // The schema's statistics columns are compared by value: a time in another zone is the same time.
  const types::Schema& schema;
  // A column was widened from float to double: 3.4 stands for the float nearest to it.
  bool widened_floats = false;
};

// Counts missing, unexpected and differing files into `report`. `files` loses what was met.
Status CompareEntries(columnar::BatchStream& entries, std::map<delta::PlainFileKey, delta::AddAction> files,
                      const CompareOptions& options, CheckReport& report);

}  // namespace levee::catalog
