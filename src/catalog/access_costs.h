// What ways of reading a table's files are expected to take.
#pragma once

#include <cstdint>
#include <span>

#include "catalog/table_state.h"
#include "columnar/column_key.h"
#include "expr/skipping.h"
#include "query/cost/machine_costs.h"

namespace levee::catalog {

// So few rows cost less than a choice does.
inline constexpr std::int64_t kNoChoiceRows = 4'096;

// All in nanoseconds, from the machine's costs and the table's size. docs/planner.md, "Costs".
class AccessCosts {
 public:
  AccessCosts(const query::MachineCosts& machine, const TableState& state);

  // Every file's columns, each handed on.
  double Scan(std::span<const columnar::ColumnKey> columns) const;
  // Counting what a predicate keeps, of which zone maps leave `part` of the files to look at.
  double CountScan(const expr::SkippingNode& predicate, double part) const;
  // Listing what a predicate keeps, `part` of the files. Zone maps: where the files stand by the column, as far as
  // `correlation` (from 0 to 1) says, blocks are left out. Through a sorted index: the files that it names.
  double ScanByZones(const expr::SkippingNode& predicate, double part, double correlation) const;
  double ScanByIndex(const expr::SkippingNode& predicate, double part) const;
  // A list of texts compared with each file's path, beside Scan.
  double MatchPaths() const;
  // So many paths found by the keys, and the columns of those.
  double LookUp(std::size_t paths, std::span<const columnar::ColumnKey> columns) const;
  // How many rows of sums can be read in that time.
  std::int64_t SumRowsWithin(double ns) const;

 private:
  double LookAt(const expr::SkippingNode& predicate, double files) const;
  double DecodeRow(std::span<const columnar::ColumnKey> columns) const;
  double BytesOfRow(std::span<const columnar::ColumnKey> columns) const;

  const query::MachineCosts machine_;
  const double files_, blocks_, segments_;
};

}  // namespace levee::catalog
