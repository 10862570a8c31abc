#include "store/sql/key_index.h"

#include <algorithm>
#include <numeric>

#include "store/sealed_blob.h"
#include "types/file_key.h"

namespace levee::store {

using columnar::ColumnRole;
using columnar::ColumnVector;

KeyIndex::KeyIndex(std::span<const std::int64_t> hashes) {
  std::vector<std::uint64_t> order(hashes.size());
  for (std::size_t row = 0; row < hashes.size(); ++row) {
    order[row] = (static_cast<std::uint64_t>(hashes[row]) >> 32 << 32) | row;
  }
  std::sort(order.begin(), order.end());
  hashes_.reserve(order.size());
  rows_.reserve(order.size());
  for (const std::uint64_t key : order) {
    hashes_.push_back(static_cast<std::uint32_t>(key >> 32));
    rows_.push_back(static_cast<std::uint32_t>(key));
  }
}

std::size_t KeyIndex::LowerBound(std::uint32_t wanted, std::size_t from) const {
  const std::size_t size = hashes_.size();
  if (from >= size || hashes_[from] >= wanted) return from;
  // hashes_[low] < wanted; high is the end or not below `wanted`.
  std::size_t low = from, high = size;
  const auto guess = static_cast<std::size_t>(std::uint64_t{wanted} * size >> 32);
  if (guess > from) {
    std::size_t step = 16;
    if (hashes_[guess] < wanted) {
      for (low = guess; low + step < size && hashes_[low + step] < wanted; step *= 2) low += step;
      high = std::min(low + step, size);
    } else {
      for (high = guess; high - low > step && hashes_[high - step] >= wanted; step *= 2) high -= step;
      low = std::max(low, high - std::min(step, high - low));
    }
  }
  return static_cast<std::size_t>(
      std::lower_bound(hashes_.begin() + static_cast<std::ptrdiff_t>(low) + 1,
                       hashes_.begin() + static_cast<std::ptrdiff_t>(high), wanted) - hashes_.begin());
}

Bytes KeyIndex::Encode() const {
  // Rows of a segment fit 16 bits.
  ByteWriter writer;
  writer.Put(static_cast<std::uint32_t>(hashes_.size()));
  writer.PutBytes({reinterpret_cast<const std::uint8_t*>(hashes_.data()), hashes_.size() * sizeof(std::uint32_t)});
  const std::size_t at = writer.size();
  writer.bytes().resize(at + rows_.size() * sizeof(std::uint16_t));
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto row = static_cast<std::uint16_t>(rows_[i]);
    std::memcpy(writer.bytes().data() + at + i * sizeof(row), &row, sizeof(row));
  }
  return SealBlob(kKeysMagic, writer.bytes(), Compression::kNever);
}

Result<KeyIndex> KeyIndex::Decode(ByteSpan blob, const std::string& what) {
  LEVEE_ASSIGN(const Bytes payload, OpenBlob(kKeysMagic, blob, what));
  ByteReader reader(payload);
  const auto count = reader.Get<std::uint32_t>();
  if (!reader.ok() || reader.remaining() != count * std::size_t{6}) return Fail(ErrorCode::kCorrupt, what, "its size does not match");
  KeyIndex index;
  index.hashes_.resize(count);
  index.rows_.resize(count);
  if (count > 0) std::memcpy(index.hashes_.data(), payload.data() + 4, count * std::size_t{4});
  const std::uint8_t* rows = payload.data() + 4 + count * std::size_t{4};
  for (std::size_t i = 0; i < count; ++i) {
    std::uint16_t row = 0;
    std::memcpy(&row, rows + i * sizeof(row), sizeof(row));
    index.rows_[i] = row;
  }
  return index;
}

std::string DvUniqueIdOf(const columnar::Batch& batch, std::size_t row) {
  const ColumnVector* storage = batch.Find(ColumnRole::kDvStorageType);
  if (storage == nullptr || !storage->IsValid(row)) return {};
  const ColumnVector* path = batch.Find(ColumnRole::kDvPathOrInline);
  const ColumnVector* offset = batch.Find(ColumnRole::kDvOffset);
  std::optional<std::int64_t> at;
  if (offset != nullptr && offset->IsValid(row)) at = offset->ints[row];
  return types::DvUniqueId(storage->strings[row],
                           path != nullptr && path->IsValid(row) ? path->strings[row] : std::string_view(), at);
}

std::vector<std::int64_t> KeyHashes(const columnar::Batch& batch) {
  const ColumnVector* stored = batch.Find(ColumnRole::kKeyHash);
  if (stored != nullptr && !stored->has_nulls()) return stored->ints;
  std::vector<std::int64_t> hashes(batch.rows);
  const ColumnVector* path = batch.Find(ColumnRole::kPath);
  for (std::size_t row = 0; row < batch.rows; ++row) {
    const std::string_view text = path == nullptr ? std::string_view() : path->strings[row];
    hashes[row] = static_cast<std::int64_t>(types::FileKeyHash(text, DvUniqueIdOf(batch, row)));
  }
  return hashes;
}

}  // namespace levee::store
