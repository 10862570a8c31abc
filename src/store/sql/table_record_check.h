// The row of a table against its ranges and commits.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/sql/driver.h"
#include "store/store.h"

namespace levee::store {

struct RecordCheck {
  std::vector<std::string> problems;  // empty: all agree
  // What the row should say, where ranges and commits tell.
  std::int64_t main_range = 0;
  std::int64_t floor = 0, head = -1;
  CommitFingerprint fingerprint;
};

// kNotFound: no such table.
Result<RecordCheck> CheckRecord(Connection& connection, std::int64_t table_id);

}  // namespace levee::store
