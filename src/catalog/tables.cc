#include <utility>

#include "catalog/operations.h"

namespace levee::catalog {

Result<std::vector<std::pair<store::TableRecord, store::CommitRecord>>> ListTables(Context& context) {
  LEVEE_ASSIGN(auto records, context.store().ListTables());
  std::vector<std::pair<store::TableRecord, store::CommitRecord>> tables;
  for (store::TableRecord& record : records) {
    if (record.head_version < 0) continue;  // an import under way, or broken off
    const std::int64_t version = record.head_version;
    LEVEE_ASSIGN(auto commits, context.store().ReadCommits(record.id, version, version, 1));
    if (commits.empty()) continue;  // forgotten meanwhile
    tables.emplace_back(std::move(record), std::move(commits.front()));
  }
  return tables;
}

}  // namespace levee::catalog
