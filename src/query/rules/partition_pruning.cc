// What a predicate on a column says of the partition column that is computed from it.
#include "expr/simplify.h"
#include "query/rules/rules.h"

namespace levee::query {

bool PrunePartitions(expr::SkippingNode& node, const PredicateFacts& facts) {
  if (facts.generated.empty()) return false;
  expr::SkippingNode narrower = expr::WithGeneratedColumns(node, facts.generated);
  if (expr::EqualNodes(narrower, node)) return false;
  node = std::move(narrower);
  return true;
}

}  // namespace levee::query
