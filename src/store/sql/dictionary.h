// The columns of a table, numbered: what segments call a column by.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/hash_chains.h"
#include "columnar/column_key.h"
#include "store/sql/driver.h"

namespace levee::store {

// Keys one after the other, as blobs that name columns have them.
void WriteColumnKeys(const std::vector<columnar::ColumnKey>& keys, ByteWriter& writer);
// Appends to `keys`; false when the bytes are no keys.
bool ReadColumnKeys(ByteReader& reader, std::vector<columnar::ColumnKey>& keys);

// Column ids count from 0 and are never reused. Immutable; a longer one keeps the ids of a shorter one.
class Dictionary {
 public:
  Dictionary() = default;
  explicit Dictionary(std::vector<columnar::ColumnKey> keys);

  std::size_t size() const { return keys_.size(); }
  const columnar::ColumnKey& key(std::uint32_t column_id) const { return keys_[column_id]; }
  const std::vector<columnar::ColumnKey>& keys() const { return keys_; }
  // Calls visit(column_id) for every column of that meaning, of whatever type.
  template <typename Visit>
  void ForEach(columnar::ColumnRole role, std::string_view path, Visit&& visit) const {
    by_path_.ForEach(Hash64(path), [&](std::uint32_t id) {
      if (keys_[id].role == role && keys_[id].path == path) visit(id);
    });
  }
  // The column of exactly that key.
  std::optional<std::uint32_t> Find(const columnar::ColumnKey& key) const;

 private:
  std::vector<columnar::ColumnKey> keys_;
  HashChains by_path_;
};

// Reads the columns that `known` (null: none) does not have yet; returns `known` when there are none.
Result<std::shared_ptr<const Dictionary>> LoadDictionary(Connection& connection, std::int64_t table_id,
                                                         std::shared_ptr<const Dictionary> known);

// Numbers new columns, within a write transaction.
class DictionaryWriter {
 public:
  // `known` (null: none) spares reading the columns that it has.
  static Result<DictionaryWriter> Load(Connection& connection, std::int64_t table_id,
                                       std::shared_ptr<const Dictionary> known);

  std::uint32_t IdOf(const columnar::ColumnKey& key);
  // Writes the columns that IdOf added.
  Status Save(Connection& connection);
  // After Save: with the columns that it wrote.
  const std::shared_ptr<const Dictionary>& dictionary() const { return known_; }

 private:
  DictionaryWriter(std::int64_t table_id, std::shared_ptr<const Dictionary> known)
      : table_id_(table_id), known_(std::move(known)) {}
  std::int64_t table_id_;
  std::shared_ptr<const Dictionary> known_;
  std::vector<columnar::ColumnKey> added_;
  std::map<columnar::ColumnKey, std::uint32_t, bool (*)(const columnar::ColumnKey&, const columnar::ColumnKey&)>
      added_ids_{columnar::KeyLess};
};

}  // namespace levee::store
