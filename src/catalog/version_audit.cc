#include "catalog/version_audit.h"

#include <algorithm>
#include <utility>

#include "base/cancellation.h"
#include "delta/actions.h"

namespace levee::catalog {
namespace {

constexpr std::size_t kSampledMax = 1'000;

// Whether as many files are alive at the commit as it says. False too where they cannot be read.
Result<bool> IsCounted(store::Store& store, std::int64_t table_id, const store::CommitRecord& commit) {
  LEVEE_RETURN_IF_ERROR(CheckCancelled());
  const auto count = store.Count({.table_id = table_id, .filter = {.version = commit.version}});
  if (count) return *count == commit.num_files;
  if (count.error().code == ErrorCode::kCorrupt || count.error().code == ErrorCode::kNotFound) return false;
  return std::unexpected(count.error());
}

// The main range comes before others, and older ones in the order in which they were made.
bool IsServedBy(const store::TableDamage& damage, const store::RangeDamage& range, std::int64_t version) {
  return std::ranges::none_of(damage.ranges, [&](const store::RangeDamage& other) {
    const bool has = other.first_version <= version && version <= other.last_version;
    return has && !range.main && (other.main || other.range_id < range.range_id);
  });
}

// Without protocol and metaData from its first version on no version of a range can be read.
Status AuditState(store::Store& store, std::int64_t table_id, store::RangeDamage& range) {
  LEVEE_ASSIGN(const auto state, store.ReadState(table_id, range.first_version));
  for (const auto& [kind, name] : {std::pair(delta::StateKind::kProtocol, "protocol"),
                                   std::pair(delta::StateKind::kMetadata, "metaData")}) {
    const auto number = static_cast<std::uint8_t>(kind);
    if (std::ranges::any_of(state, [&](const store::StateRecord& record) { return record.kind == number; })) continue;
    range.data.push_back("state of range " + std::to_string(range.range_id) + ": it has no " + name);
    range.readable.clear();
  }
  return {};
}

}  // namespace

Status AuditVersions(store::Store& store, std::int64_t table_id, store::TableDamage& damage, std::size_t index) {
  store::RangeDamage& range = damage.ranges[index];
  if (IsServedBy(damage, range, range.first_version)) {
    LEVEE_RETURN_IF_ERROR(AuditState(store, table_id, range));
    if (!range.sound()) return {};
  }
  LEVEE_ASSIGN(const auto commits,
               store.ReadCommits(table_id, range.first_version, range.last_version, range.last_version - range.first_version + 1));
  if (commits.empty()) return {};
  const auto is_right = [&](const store::CommitRecord& commit) -> Result<bool> {
    if (!IsServedBy(damage, range, commit.version)) return true;
    return IsCounted(store, table_id, commit);
  };
  const std::size_t samples = std::min(kSampledMax, commits.size());
  bool all_right = true;
  for (std::size_t i = 0; i < samples && all_right; ++i) {
    // Evenly spread, the first and the last among them.
    const std::size_t at = samples == 1 ? 0 : i * (commits.size() - 1) / (samples - 1);
    LEVEE_ASSIGN(all_right, is_right(commits[at]));
  }
  if (all_right) return {};
  range.readable.clear();
  std::int64_t wrong = 0;
  for (auto commit = commits.rbegin(); commit != commits.rend(); ++commit) {
    LEVEE_ASSIGN(const bool right, is_right(*commit));
    if (!right) {
      ++wrong;
    } else if (!range.readable.empty() && range.readable.back().second + 1 == commit->version) {
      range.readable.back().second = commit->version;
    } else {
      range.readable.emplace_back(commit->version, commit->version);
    }
  }
  range.data.push_back("entries of range " + std::to_string(range.range_id) + ": " + std::to_string(wrong) +
                       " versions have not as many files as their commits say");
  return {};
}

}  // namespace levee::catalog
