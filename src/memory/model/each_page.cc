#include "memory/model/each_page.h"

#include <utility>

#include "base/status.h"

namespace levee::memory {

Status EachPage(MemoryBank& bank, ItemQuery query, const std::function<Status(std::vector<Found>& items)>& take) {
  query.order = "id";
  query.after.clear();
  do {
    LEVEE_ASSIGN(ItemPage page, bank.Find(query));
    LEVEE_RETURN_IF_ERROR(take(page.items));
    query.after = std::move(page.next);
  } while (!query.after.empty());
  return {};
}

ItemQuery AllItems() {
  return {.namespaces = {"*"}, .limit = 10'000, .consistency = Consistency::kEventual, .with_content = false, .with_snippet = false};
}

}  // namespace levee::memory
