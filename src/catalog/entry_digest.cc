#include "catalog/entry_digest.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "types/file_key.h"

namespace levee::catalog {
namespace {

using columnar::ColumnRole;
using columnar::ColumnVector;

// Adds are typed so many at a time: few enough to be small, many enough for one batch to cost little.
constexpr std::size_t kRowsAtOnce = 1024;

// What makes two entries of one key equal, but for partition values, statistics and dataChange.
constexpr ColumnRole kHashedRoles[] = {
    ColumnRole::kPath,          ColumnRole::kSize,          ColumnRole::kModificationTime,
    ColumnRole::kTags,          ColumnRole::kDvSizeInBytes, ColumnRole::kDvCardinality,
    ColumnRole::kBaseRowId,     ColumnRole::kDefaultRowCommitVersion,
    ColumnRole::kClusteringProvider};

std::uint64_t Mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9fb21c651e98df25;
  return hash ^ hash >> 32;
}

// The plain columns of a batch, found once.
class Fields {
 public:
  explicit Fields(const columnar::Batch& batch, const DigestOptions& options)
      : path_(batch.Find(ColumnRole::kPath)),
        dv_type_(batch.Find(ColumnRole::kDvStorageType)),
        dv_path_(batch.Find(ColumnRole::kDvPathOrInline)),
        dv_offset_(batch.Find(ColumnRole::kDvOffset)) {
    for (const ColumnRole role : kHashedRoles) hashed_.push_back(batch.Find(role));
    if (!options.without_data_change) hashed_.push_back(batch.Find(ColumnRole::kDataChange));
    for (const columnar::BatchColumn& column : batch.columns) {
      if (column.key.role != ColumnRole::kPartition) continue;
      partitions_.emplace_back(Hash64(column.key.path), &column.values);
    }
  }

  std::uint64_t Key(std::size_t row) const {
    std::string dv_id;
    if (const auto type = Text(dv_type_, row)) {
      std::optional<std::int64_t> offset;
      if (dv_offset_ != nullptr && dv_offset_->IsValid(row)) offset = dv_offset_->ints[row];
      dv_id = types::DvUniqueId(*type, Text(dv_path_, row).value_or(""), offset);
    }
    return types::FileKeyHash(Text(path_, row).value_or(""), dv_id);
  }

  std::uint64_t Hash(std::size_t row) const {
    std::uint64_t hash = 0;
    for (const ColumnVector* column : hashed_) hash = Mix(hash, ValueAt(column, row));
    // In any order: a sum. A null is as good as a value that is not there.
    std::uint64_t partitions = 0;
    for (const auto& [name, values] : partitions_) {
      if (values->IsValid(row)) partitions += Mix(name, ValueAt(values, row));
    }
    return Mix(hash, partitions);
  }

 private:
  static std::optional<std::string_view> Text(const ColumnVector* column, std::size_t row) {
    if (column == nullptr || !column->IsValid(row)) return std::nullopt;
    return column->strings[row];
  }
  // Absent and null are alike.
  static std::uint64_t ValueAt(const ColumnVector* column, std::size_t row) {
    if (column == nullptr || !column->IsValid(row)) return 0x6a09e667f3bcc908;
    if (column->physical == types::PhysicalType::kString) return Hash64(column->strings[row]);
    return static_cast<std::uint64_t>(column->ints[row]);
  }

  const ColumnVector* path_;
  const ColumnVector* dv_type_;
  const ColumnVector* dv_path_;
  const ColumnVector* dv_offset_;
  std::vector<const ColumnVector*> hashed_;
  std::vector<std::pair<std::uint64_t, const ColumnVector*>> partitions_;
};

template <typename Action>
std::uint64_t KeyOf(const Action& action) {
  return types::FileKeyHash(action.path, action.deletion_vector ? action.deletion_vector->UniqueId() : "");
}

}  // namespace

std::vector<KeyedDigest> DigestsOf(const columnar::Batch& batch, const DigestOptions& options) {
  const Fields fields(batch, options);
  const auto stats = delta::RenderStats(batch);
  std::vector<KeyedDigest> digests(batch.rows);
  for (std::size_t row = 0; row < batch.rows; ++row) {
    digests[row] = {.key = fields.Key(row), .digest = {.fields = fields.Hash(row)}};
    if (stats[row]) digests[row].digest.stats = Hash64(*stats[row]) | 1;  // never 0
  }
  return digests;
}

std::vector<std::uint64_t> KeysOf(const columnar::Batch& batch) {
  const Fields fields(batch, {});
  std::vector<std::uint64_t> keys(batch.rows);
  for (std::size_t row = 0; row < batch.rows; ++row) keys[row] = fields.Key(row);
  return keys;
}

void DigestCollector::Start() {
  builder_.Finish();
  digests_.clear();
}

void DigestCollector::Add(const delta::AddAction& add) {
  // Typing what another pass will look at costs more than its key.
  if (options_.slice.count > 1 && !options_.slice.Has(KeyOf(add))) return;
  builder_.Append(add);
  if (builder_.rows() == kRowsAtOnce) Flush();
}

void DigestCollector::Remove(const delta::RemoveAction& remove) {
  Flush();
  digests_.erase(KeyOf(remove));
}

EntryDigests DigestCollector::Take() {
  Flush();
  return std::exchange(digests_, {});
}

void DigestCollector::Flush() {
  if (builder_.rows() == 0) return;
  for (const KeyedDigest& row : DigestsOf(builder_.Finish(), options_)) digests_[row.key] = row.digest;
}

}  // namespace levee::catalog
