#include <unordered_set>

#include "expr/skipping.h"

namespace levee::expr {
namespace {

class ColumnCollector {
 public:
  void Visit(const SkippingNode& node) {
    Add(node.column);
    Add(node.other);
    for (const SkippingNode& child : node.children) Visit(child);
  }
  std::vector<ColumnRef> Take() { return std::move(columns_); }

 private:
  void Add(const ColumnRef& column) {
    // A node without a column has an empty path.
    if (column.physical_path.empty() || !seen_.insert(column.physical_path).second) return;
    columns_.push_back(column);
  }

  std::unordered_set<std::string> seen_;
  std::vector<ColumnRef> columns_;
};

}  // namespace

std::vector<ColumnRef> ReferencedColumns(const SkippingNode& node) {
  ColumnCollector collector;
  collector.Visit(node);
  return collector.Take();
}

}  // namespace levee::expr
