#include "tests/memory_bank/bank_under_test.h"

#include <utility>

namespace levee::memory_bank {

Item Note(std::string id, std::string content) {
  Item item;
  item.id = std::move(id);
  item.category = "note";
  item.content = std::move(content);
  return item;
}

Written BankTest::Store(Item item, std::optional<std::int64_t> expected_version,
                        const WriteOptions& options) {
  clock_.Move(1'000'000);
  const auto written = bank().Store({{std::move(item), expected_version}}, options);
  EXPECT_TRUE(written) << written.error().ToString();
  return written ? written->at(0) : Written{};
}

std::string BankTest::Ids(const ItemQuery& query) {
  const auto page = bank().Find(query);
  if (!page) return page.error().detail + ": " + page.error().ToString();
  std::string ids;
  for (const Found& found : page->items) ids += (ids.empty() ? "" : " ") + found.item.id;
  return ids;
}

std::string BankTest::Text(const Result<std::vector<Written>>& result) {
  if (!result) return result.error().detail;
  std::string text;
  constexpr const char* kNames[] = {"stored", "updated", "deleted", "kept", "conflict", "not-found"};
  for (const Written& written : *result) {
    text += (text.empty() ? "" : ", ") + written.id + " " + kNames[static_cast<int>(written.outcome)] + " " +
            std::to_string(written.version);
  }
  return text;
}

}  // namespace levee::memory_bank
