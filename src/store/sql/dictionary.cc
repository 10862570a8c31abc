#include "store/sql/dictionary.h"

#include "store/sql/query.h"
#include "store/sealed_blob.h"

namespace levee::store {
namespace {

using columnar::ColumnKey;
using columnar::ColumnRole;

constexpr char kRead[] =
    "SELECT first_column, keys FROM dictionary WHERE table_id=?1 AND first_column>=?2 ORDER BY first_column";
constexpr char kInsert[] = "INSERT INTO dictionary(table_id, first_column, keys) VALUES(?1, ?2, ?3)";

Bytes EncodeKeys(const std::vector<ColumnKey>& keys) {
  ByteWriter writer;
  WriteColumnKeys(keys, writer);
  return SealBlob(kDictionaryMagic, writer.bytes(), Compression::kWhenSmaller);
}

Status DecodeKeys(ByteSpan blob, const std::string& what, std::vector<ColumnKey>& keys) {
  LEVEE_ASSIGN(const Bytes payload, OpenBlob(kDictionaryMagic, blob, what));
  ByteReader reader(payload);
  if (!ReadColumnKeys(reader, keys)) return Fail(ErrorCode::kCorrupt, what, "its keys do not decode");
  return {};
}

}  // namespace

void WriteColumnKeys(const std::vector<ColumnKey>& keys, ByteWriter& writer) {
  writer.PutVarint(keys.size());
  for (const ColumnKey& key : keys) {
    writer.Put(static_cast<std::uint8_t>(key.role));
    writer.Put(static_cast<std::uint8_t>(key.type.kind));
    writer.Put(key.type.precision);
    writer.Put(key.type.scale);
    writer.PutText(key.path);
  }
}

bool ReadColumnKeys(ByteReader& reader, std::vector<ColumnKey>& keys) {
  const std::uint64_t count = reader.GetVarint();
  // A damaged count is no reason to take memory.
  keys.reserve(keys.size() + std::min<std::uint64_t>(count, reader.remaining()));
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
    ColumnKey key;
    key.role = static_cast<ColumnRole>(reader.Get<std::uint8_t>());
    key.type.kind = static_cast<types::TypeKind>(reader.Get<std::uint8_t>());
    key.type.precision = reader.Get<std::uint8_t>();
    key.type.scale = reader.Get<std::uint8_t>();
    key.path = std::string(reader.GetText());
    if (reader.ok()) keys.push_back(std::move(key));
  }
  return reader.ok();
}

Dictionary::Dictionary(std::vector<ColumnKey> keys)
    : keys_(std::move(keys)), by_path_(keys_.size(), [this](std::size_t id) { return Hash64(keys_[id].path); }) {}

std::optional<std::uint32_t> Dictionary::Find(const ColumnKey& key) const {
  std::optional<std::uint32_t> found;
  ForEach(key.role, key.path, [&](std::uint32_t id) {
    if (keys_[id].type == key.type) found = id;
  });
  return found;
}

Result<std::shared_ptr<const Dictionary>> LoadDictionary(Connection& connection, std::int64_t table_id,
                                                         std::shared_ptr<const Dictionary> known) {
  std::vector<ColumnKey> keys;
  const std::size_t old_size = known == nullptr ? 0 : known->size();
  LEVEE_ASSIGN(Query query, Query::Make(connection, kRead, table_id, static_cast<std::int64_t>(old_size)));
  while (true) {
    LEVEE_ASSIGN(const bool row, query.Step());
    if (!row) break;
    if (keys.empty() && known != nullptr) keys = known->keys();
    const std::string what = "column dictionary of table " + std::to_string(table_id);
    if (query.Int(0) != static_cast<std::int64_t>(keys.size())) {
      return Fail(ErrorCode::kCorrupt, what, "it has a gap");
    }
    LEVEE_RETURN_IF_ERROR(DecodeKeys(query.Blob(1), what, keys));
  }
  if (keys.empty() && known != nullptr) return known;
  return std::make_shared<const Dictionary>(std::move(keys));
}

Result<DictionaryWriter> DictionaryWriter::Load(Connection& connection, std::int64_t table_id,
                                                std::shared_ptr<const Dictionary> known) {
  LEVEE_ASSIGN(auto dictionary, LoadDictionary(connection, table_id, std::move(known)));
  return DictionaryWriter(table_id, std::move(dictionary));
}

std::uint32_t DictionaryWriter::IdOf(const ColumnKey& key) {
  if (const auto known = known_->Find(key)) return *known;
  const auto next = static_cast<std::uint32_t>(known_->size() + added_.size());
  const auto [place, is_new] = added_ids_.emplace(key, next);
  if (is_new) added_.push_back(key);
  return place->second;
}

Status DictionaryWriter::Save(Connection& connection) {
  if (added_.empty()) return {};
  const auto first = static_cast<std::int64_t>(known_->size());
  LEVEE_RETURN_IF_ERROR(Execute(connection, kInsert, table_id_, first, ByteSpan(EncodeKeys(added_))));
  std::vector<ColumnKey> keys = known_->keys();
  keys.insert(keys.end(), added_.begin(), added_.end());
  known_ = std::make_shared<const Dictionary>(std::move(keys));
  added_.clear();
  added_ids_.clear();
  return {};
}

}  // namespace levee::store
