#include "catalog/access_costs.h"

#include <algorithm>
#include <cmath>

#include "columnar/segment.h"

namespace levee::catalog {
namespace {

// Encoded, about.
constexpr double kNumberBytes = 4, kTextBytes = 24, kKeyBytes = 6;
constexpr double kReadBytes = 64 * 1024;  // what MachineCosts::read_block is of

bool IsText(const columnar::ColumnKey& key) {
  return types::PhysicalTypeOf(key.type) == types::PhysicalType::kString;
}

double Pieces(double files, std::size_t rows) { return std::ceil(files / static_cast<double>(rows)); }

}  // namespace

AccessCosts::AccessCosts(const query::MachineCosts& machine, const TableState& state)
    : machine_(machine),
      files_(static_cast<double>(state.commit.num_files)),
      blocks_(Pieces(files_, columnar::kBlockRows)),
      segments_(Pieces(files_, columnar::kSegmentRowsMax)) {}

double AccessCosts::DecodeRow(std::span<const columnar::ColumnKey> columns) const {
  double ns = 0;
  for (const auto& key : columns) ns += IsText(key) ? machine_.decode_text : machine_.decode_number;
  return ns;
}

double AccessCosts::BytesOfRow(std::span<const columnar::ColumnKey> columns) const {
  double bytes = 0;
  for (const auto& key : columns) bytes += IsText(key) ? kTextBytes : kNumberBytes;
  return bytes;
}

double AccessCosts::Scan(std::span<const columnar::ColumnKey> columns) const {
  const double reading = files_ * BytesOfRow(columns) / kReadBytes * machine_.read_block;
  return reading + files_ * (DecodeRow(columns) + machine_.output_row);
}

double AccessCosts::CountScan(const expr::SkippingNode& predicate, double part) const {
  const auto columns = static_cast<double>(std::max<std::size_t>(expr::ReferencedColumns(predicate).size(), 1));
  const double zones = blocks_ * columns * machine_.evaluate;
  // Blocks are kept whole: one more at each end.
  const double looked_at = std::min(files_, part * files_ + 2.0 * columnar::kBlockRows);
  const double reading = looked_at * columns * kTextBytes / kReadBytes * machine_.read_block;
  return zones + reading + looked_at * columns * (machine_.decode_text + machine_.evaluate);
}

double AccessCosts::LookAt(const expr::SkippingNode& predicate, double files) const {
  const auto columns = static_cast<double>(std::max<std::size_t>(expr::ReferencedColumns(predicate).size(), 1));
  // Both bounds of each.
  const double reading = 2 * files * kNumberBytes / kReadBytes * machine_.read_block;
  return columns * (reading + files * (2 * machine_.decode_number + machine_.evaluate));
}

double AccessCosts::ScanByZones(const expr::SkippingNode& predicate, double part, double correlation) const {
  const auto columns = static_cast<double>(std::max<std::size_t>(expr::ReferencedColumns(predicate).size(), 1));
  const double zones = blocks_ * columns * machine_.evaluate;
  const double left = std::min(files_, (correlation * part + 1 - correlation) * files_ + columnar::kBlockRows);
  return zones + LookAt(predicate, left) + part * files_ * machine_.output_row;
}

double AccessCosts::ScanByIndex(const expr::SkippingNode& predicate, double part) const {
  // The index is sorted within each segment: a block more there.
  const double named = std::min(files_, part * files_ + segments_ * columnar::kBlockRows);
  return LookAt(predicate, named) + part * files_ * (machine_.probe_key + machine_.output_row);
}

double AccessCosts::MatchPaths() const { return files_ * machine_.match_text; }

double AccessCosts::LookUp(std::size_t paths, std::span<const columnar::ColumnKey> columns) const {
  const auto wanted = static_cast<double>(paths);
  const double keys = files_ * kKeyBytes / kReadBytes * machine_.read_block;
  const double probing = wanted * segments_ * machine_.probe_key;
  // Each path found takes a block of each column, and of the path to be sure.
  const double rows = std::min(files_, std::min(wanted, blocks_) * columnar::kBlockRows);
  return keys + probing + rows * (DecodeRow(columns) + machine_.decode_text) + wanted * machine_.output_row;
}

std::int64_t AccessCosts::SumRowsWithin(double ns) const {
  return static_cast<std::int64_t>(std::min(ns / std::max(machine_.sum_row, 0.1), 1e12));
}

}  // namespace levee::catalog
