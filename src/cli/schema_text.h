// A table's schema for people.
#pragma once

#include <string>

#include "types/schema.h"

namespace levee::cli {

// A line a column, nested ones indented: "  id  long, not null".
std::string SchemaText(const types::Schema& schema);

}  // namespace levee::cli
