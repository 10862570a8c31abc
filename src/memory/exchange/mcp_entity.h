// An entity of the MCP reference memory server, and the item that it is.
#pragma once

#include <string>
#include <vector>

#include "memory/exchange/exchange.h"

namespace levee::memory {

struct McpEntity {
  struct Relation {
    std::string to, type;
  };
  std::string name, type;
  std::vector<std::string> observations;
  std::vector<Relation> relations;  // from this one
};

// Its id is the name, its category the type, its content an observation a line - the name where there is none. The metadata has, under
// `mcp`, name, type, relations, and the observations where the lines alone would not give them back.
Item ItemOfEntity(const McpEntity& entity, const ExchangeOptions& options);

// The entity that an item came from, its observations those of the content where that changed. Of an item that came from elsewhere:
// the id as name, the category as type, an observation for each line that is not blank.
McpEntity EntityOfItem(const Item& item);

}  // namespace levee::memory
