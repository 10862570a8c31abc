// Pruning partitions by a column that a partition column is computed from.
//
// A row for which `ts < X` is TRUE lies in a partition whose value the generation expression makes of such a ts. So
// what a predicate says of ts also says something of the partition. Writers compute the value in their session's time
// zone, which the log does not tell: times are taken as far apart as zones can be. Source: Delta protocol,
// "Generated Columns".
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "expr/generated/generation_rule.h"
#include "expr/predicate.h"

namespace levee::expr {

struct GeneratedColumn {
  ColumnRef partition;
  ColumnRef source;
  std::shared_ptr<const GenerationRule> rule;
};

// The column that `expression` (delta.generationExpression) computes. Empty: the expression has a form that pruning
// knows nothing of.
std::optional<GeneratedColumn> BindGeneratedColumn(std::string_view expression, const ColumnRef& partition,
                                                   const ColumnResolver& resolver);

// The same predicate, with what each leaf implies of the partition columns beside it.
SkippingNode WithGeneratedColumns(const SkippingNode& node, const std::vector<GeneratedColumn>& columns);

}  // namespace levee::expr
