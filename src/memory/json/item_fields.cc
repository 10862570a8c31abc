#include "memory/json/item_fields.h"

#include <algorithm>
#include <string>

#include "memory/model/errors.h"

namespace levee::memory {

Result<ItemFields> ItemFields::Parse(std::string_view names) {
  unsigned bits = 0;
  for (std::size_t at = 0; at <= names.size();) {
    const std::size_t comma = std::min(names.find(',', at), names.size());
    const std::string_view name = names.substr(at, comma - at);
    const auto known = std::ranges::find(kItemFieldNames, name);
    if (known == kItemFieldNames.end()) {
      std::string all;
      for (const std::string_view field : kItemFieldNames) all.append(all.empty() ? "" : ", ").append(field);
      return InvalidItem("field '" + std::string(name) + "'", "an item has no such field", "one of " + all);
    }
    bits |= 1u << (known - kItemFieldNames.begin());
    at = comma + 1;
  }
  return ItemFields(bits, true);
}

}  // namespace levee::memory
