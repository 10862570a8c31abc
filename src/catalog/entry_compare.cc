#include "catalog/entry_compare.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "catalog/json_equal.h"
#include "delta/entry_batch_builder.h"
#include "types/file_key.h"

namespace levee::catalog {
namespace {

using columnar::Batch;
using columnar::ColumnRole;
using columnar::ColumnVector;

constexpr std::size_t kSampleMax = 100;

void AddTo(std::vector<std::string>& sample, std::int64_t& count, std::string_view path) {
  ++count;
  if (sample.size() < kSampleMax) sample.emplace_back(path);
}

// Reads the plain columns of one batch.
class Entries {
 public:
  explicit Entries(const Batch& batch) : batch_(batch), stats_(delta::RenderStats(batch)) {}

  std::optional<std::int64_t> Int(ColumnRole role, std::size_t row) const {
    const ColumnVector* column = batch_.Find(role);
    if (column == nullptr || !column->IsValid(row)) return std::nullopt;
    return column->ints[row];
  }
  std::optional<std::string_view> Text(ColumnRole role, std::size_t row) const {
    const ColumnVector* column = batch_.Find(role);
    if (column == nullptr || !column->IsValid(row)) return std::nullopt;
    return column->strings[row];
  }
  std::optional<std::string_view> Stats(std::size_t row) const {
    if (!stats_[row]) return std::nullopt;
    return *stats_[row];
  }
  std::optional<std::string_view> Partition(std::string_view name, std::size_t row) const {
    for (const columnar::BatchColumn& column : batch_.columns) {
      if (column.key.role != ColumnRole::kPartition || column.key.path != name) continue;
      if (!column.values.IsValid(row)) return std::nullopt;
      return column.values.strings[row];
    }
    return std::nullopt;
  }
  std::string DvUniqueId(std::size_t row) const {
    const auto storage = Text(ColumnRole::kDvStorageType, row);
    if (!storage) return {};
    return types::DvUniqueId(*storage, Text(ColumnRole::kDvPathOrInline, row).value_or(""),
                             Int(ColumnRole::kDvOffset, row));
  }

 private:
  const Batch& batch_;
  const std::vector<std::optional<std::string>> stats_;
};

bool JsonFieldsEqual(std::optional<std::string_view> stored, const std::optional<std::string>& expected) {
  if (stored.has_value() != expected.has_value()) return false;
  return !stored || JsonEqual(*stored, *expected);
}

bool StatsEqual(std::optional<std::string_view> stored, const delta::AddAction& add, const CompareOptions& options) {
  if (options.later_base && !add.stats_json) return true;
  if (JsonFieldsEqual(stored, add.stats_json)) return true;
  if (!stored || !add.stats_json) return false;
  // The spelling of typed values may differ: let both be typed and written alike.
  delta::EntryBatchBuilder builder(options.schema);
  builder.Append(add);
  delta::AddAction kept = add;
  kept.stats_json = *stored;
  builder.Append(kept);
  const auto typed = delta::RenderStats(builder.Finish());
  const auto precision = options.widened_floats ? NumberPrecision::kFloat : NumberPrecision::kExact;
  return typed[0] && typed[1] && JsonEqual(*typed[0], *typed[1], precision);
}

bool DeletionVectorsEqual(const Entries& entries, std::size_t row, const delta::AddAction& add) {
  if (!add.deletion_vector) return !entries.Text(ColumnRole::kDvStorageType, row);
  const delta::DeletionVectorDescriptor& vector = *add.deletion_vector;
  // Type, path and offset are part of the key that found the row.
  return entries.Int(ColumnRole::kDvSizeInBytes, row) == vector.size_bytes &&
         entries.Int(ColumnRole::kDvCardinality, row) == vector.cardinality;
}

bool PartitionsEqual(const Entries& entries, std::size_t row, const delta::AddAction& add) {
  for (const auto& [name, value] : add.partition_values) {
    const auto stored = entries.Partition(name, row);
    if (stored.has_value() != value.has_value() || (stored && *stored != *value)) return false;
  }
  return true;
}

bool Equal(const Entries& entries, std::size_t row, const delta::AddAction& add, const CompareOptions& options) {
  const bool loose = options.later_base;
  const auto provider = entries.Text(ColumnRole::kClusteringProvider, row);
  return entries.Text(ColumnRole::kPath, row) == add.path &&
         entries.Int(ColumnRole::kSize, row) == add.size_bytes &&
         entries.Int(ColumnRole::kModificationTime, row) == add.modification_time_ms &&
         (loose || entries.Int(ColumnRole::kDataChange, row).value_or(0) == (add.data_change ? 1 : 0)) &&
         PartitionsEqual(entries, row, add) &&
         StatsEqual(entries.Stats(row), add, options) &&
         JsonFieldsEqual(entries.Text(ColumnRole::kTags, row), add.tags_json) &&
         DeletionVectorsEqual(entries, row, add) &&
         entries.Int(ColumnRole::kBaseRowId, row) == add.base_row_id &&
         entries.Int(ColumnRole::kDefaultRowCommitVersion, row) == add.default_row_commit_version &&
         provider.has_value() == add.clustering_provider.has_value() &&
         (!provider || *provider == *add.clustering_provider);
}

// The add actions of some keys, as they stand at the end of a replay.
class ChosenAdds final : public delta::ReplayVisitor {
 public:
  explicit ChosenAdds(const std::unordered_set<std::uint64_t>& keys) : keys_(keys) {}

  void Start() override { adds_.clear(); }
  void Add(const delta::AddAction& add) override {
    const std::uint64_t key = KeyOf(add);
    if (keys_.contains(key)) adds_.insert_or_assign(key, add);
  }
  void Remove(const delta::RemoveAction& remove) override { adds_.erase(KeyOf(remove)); }

  const delta::AddAction* Find(std::uint64_t key) const {
    const auto found = adds_.find(key);
    return found == adds_.end() ? nullptr : &found->second;
  }

 private:
  template <typename Action>
  static std::uint64_t KeyOf(const Action& action) {
    return types::FileKeyHash(action.path, action.deletion_vector ? action.deletion_vector->UniqueId() : "");
  }

  const std::unordered_set<std::uint64_t>& keys_;
  std::unordered_map<std::uint64_t, delta::AddAction> adds_;
};

class Comparer {
 public:
  Comparer(const CompareSources& sources, const CompareOptions& options, CheckReport& report)
      : sources_(sources), options_(options), report_(report) {}

  Status Run(EntryDigests logged) {
    LEVEE_RETURN_IF_ERROR(CompareDigests(logged));
    report_.missing_count += static_cast<std::int64_t>(logged.size());
    const std::size_t named = std::min(report_.missing.size(), kSampleMax);
    for (auto missing = logged.begin(); missing != logged.end() && named + missing_.size() < kSampleMax; ++missing) {
      missing_.push_back(missing->first);
    }
    logged = {};
    std::size_t first = 0;
    while (first < unequal_.size() || !missing_.empty()) {
      const std::size_t last = std::min(first + options_.in_full_max, unequal_.size());
      LEVEE_RETURN_IF_ERROR(CompareInFull({unequal_.begin() + static_cast<std::ptrdiff_t>(first),
                                           unequal_.begin() + static_cast<std::ptrdiff_t>(last)}));
      first = last;
    }
    for (auto* paths : {&report_.missing, &report_.unexpected, &report_.differing}) std::ranges::sort(*paths);
    return {};
  }

 private:
  // Leaves in `logged` what the store does not have.
  Status CompareDigests(EntryDigests& logged) {
    return VisitStored([&](const Batch& batch) {
      const std::vector<KeyedDigest> stored = DigestsOf(batch, DigestOptionsOf(options_));
      const ColumnVector* paths = batch.Find(ColumnRole::kPath);
      for (std::size_t row = 0; row < batch.rows; ++row) {
        if (!options_.slice.Has(stored[row].key)) continue;
        const auto found = logged.find(stored[row].key);
        if (found == logged.end()) {
          AddTo(report_.unexpected, report_.unexpected_count, paths->strings[row]);
          continue;
        }
        EntryDigest digest = stored[row].digest;
        if (options_.later_base && found->second.stats == 0) digest.stats = 0;
        if (found->second != digest) unequal_.push_back(stored[row].key);
        logged.erase(found);
      }
    });
  }

  // Of a group of keys whose digests are not equal, those that differ indeed. Names what is missing on the
  // way.
  Status CompareInFull(std::unordered_set<std::uint64_t> group) {
    const std::unordered_set<std::uint64_t> keys = group;
    group.insert(missing_.begin(), missing_.end());
    ChosenAdds adds(group);
    LEVEE_RETURN_IF_ERROR(sources_.replay(adds));
    for (const std::uint64_t key : std::exchange(missing_, {})) {
      if (const delta::AddAction* add = adds.Find(key)) report_.missing.push_back(add->path);
    }
    if (keys.empty()) return {};
    return VisitStored([&](const Batch& batch) {
      std::optional<Entries> entries;  // writes out statistics: only where there is something to compare
      const std::vector<std::uint64_t> stored = KeysOf(batch);
      for (std::size_t row = 0; row < batch.rows; ++row) {
        const std::uint64_t key = stored[row];
        if (!keys.contains(key)) continue;
        if (!entries) entries.emplace(batch);
        const delta::AddAction* add = adds.Find(key);
        if (add != nullptr && Equal(*entries, row, *add, options_)) continue;
        AddTo(report_.differing, report_.differing_count, entries->Text(ColumnRole::kPath, row).value_or(""));
      }
    });
  }

  Status VisitStored(const std::function<void(const Batch&)>& visit) const {
    LEVEE_ASSIGN(const auto stream, sources_.scan());
    for (;;) {
      LEVEE_ASSIGN(const auto batch, stream->Next());
      if (!batch) return {};
      visit(*batch);
    }
  }

  const CompareSources& sources_;
  const CompareOptions& options_;
  CheckReport& report_;
  std::vector<std::uint64_t> unequal_;  // keys
  std::vector<std::uint64_t> missing_;  // keys of a sample
};

}  // namespace

DigestOptions DigestOptionsOf(const CompareOptions& options) {
  return {.without_data_change = options.later_base, .slice = options.slice};
}

Status CompareEntries(const CompareSources& sources, EntryDigests logged, const CompareOptions& options,
                      CheckReport& report) {
  return Comparer(sources, options, report).Run(std::move(logged));
}

}  // namespace levee::catalog
