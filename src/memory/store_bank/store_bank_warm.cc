// Reading into the cache what will be asked for.
#include "memory/store_bank/with_view.h"

namespace levee::memory {

void StoreBank::Warm(const std::stop_token& stop) {
  // In small pages, so that writers need not wait for long.
  constexpr std::int64_t kPage = 64;
  std::vector<ItemQuery> questions(1);
  for (const std::string& category : options_.warm.categories) questions.push_back({.categories = {category}});
  for (ItemQuery& question : questions) {
    for (std::int64_t left = options_.warm.items; left > 0; left -= kPage) {
      question.limit = std::min(left, kPage);
      if (stop.stop_requested()) return;
      FindTrace trace;
      // What fails here is told to who asks for it.
      const auto page = WithView<ItemPage>([&](const View& view) { return FindIn(view, question, trace); });
      if (!page || page->next.empty()) break;
      question.after = page->next;
      if (records_.counters().evictions > 0) return;
    }
  }
}

}  // namespace levee::memory
