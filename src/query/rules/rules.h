// The planner's rules, one a file. Each returns whether it changed anything. docs/planner.md tells what each
// does.
#pragma once

#include <vector>

#include "expr/generated/generated_columns.h"
#include "query/plan.h"

namespace levee::query {

// What rules may know of the table that a predicate is bound to.
struct PredicateFacts {
  const std::vector<expr::GeneratedColumn>& generated;  // partition columns computed from others
};

// Rewrite a predicate to one of the same rows, or of fewer by files that provably hold none.
bool FoldConstants(expr::SkippingNode& node, const PredicateFacts& facts);
bool Simplify(expr::SkippingNode& node, const PredicateFacts& facts);
bool FindContradictions(expr::SkippingNode& node, const PredicateFacts& facts);
bool FactorCommonParts(expr::SkippingNode& node, const PredicateFacts& facts);
bool PrunePartitions(expr::SkippingNode& node, const PredicateFacts& facts);

// Rewrite a plan to one with the same rows.
bool PushIntoUnions(Plan& plan);
bool PushPredicates(Plan& plan);
bool DropEmptyParts(Plan& plan);
bool DropNeedlessOrder(Plan& plan);
bool PushLimits(Plan& plan);
bool KeepTopRows(Plan& plan);
bool LookWithinBounds(Plan& plan);
bool LookUpTexts(Plan& plan);
bool PruneProjections(Plan& plan);
bool AnswerFromSummary(Plan& plan);

}  // namespace levee::query
