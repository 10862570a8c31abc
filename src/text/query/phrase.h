// Rows in which tokens stand one after the other.
#pragma once

#include <span>

#include "text/part.h"
#include "text/query/query.h"

namespace levee::text {

// Replaces `out`: rows that have the phrase, and how often. Positions are left empty.
Status FindPhrase(const Part& part, Field field, std::span<const Leaf::Part> phrase, Postings& out);

}  // namespace levee::text
