#include <charconv>
#include <cstring>
#include <deque>
#include <filesystem>
#include <map>
#include <unordered_map>

#include "base/status.h"
#include "memory/exchange/formats.h"
#include "memory/model/errors.h"
#include "memory/model/times.h"
#include "output/json_writer.h"
#include "store/sqlite/sqlite_driver.h"

namespace levee::memory {
namespace {

constexpr int kPageItems = 500;
constexpr std::string_view kDocument = "chroma:document";
constexpr std::string_view kUri = "chroma:uri";

constexpr const char* kCollections = "SELECT c.id, c.name, s.id FROM collections c JOIN segments s ON s.collection = c.id "
                                     "WHERE s.scope = 'METADATA' ORDER BY c.name";
constexpr const char* kHasBooleans = "SELECT count(*) FROM pragma_table_info('embedding_metadata') WHERE name = 'bool_value'";
// What became of each record, in order: a vector that was added after the last removal is still its own.
constexpr const char* kQueue = "SELECT seq_id, operation, id, vector IS NOT NULL AND encoding = 'FLOAT32' FROM embeddings_queue "
                               "WHERE substr(topic, -36) = ?1 ORDER BY seq_id";
constexpr const char* kVector = "SELECT vector FROM embeddings_queue WHERE seq_id = ?1";
constexpr const char* kRecords = "SELECT id, embedding_id, created_at FROM embeddings WHERE segment_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
constexpr const char* kMembers = "SELECT key, string_value, int_value, printf('%!.17g', float_value), float_value IS NULL, bool_value "
                                 "FROM embedding_metadata WHERE id = ?1 ORDER BY key";
constexpr const char* kMembersWithoutBooleans = "SELECT key, string_value, int_value, printf('%!.17g', float_value), float_value IS NULL, "
                                                "NULL FROM embedding_metadata WHERE id = ?1 ORDER BY key";
constexpr const char* kHasLists = "SELECT count(*) FROM sqlite_master WHERE name = 'embedding_metadata_array'";
constexpr const char* kLists = "SELECT key, string_value, int_value, printf('%!.17g', float_value), float_value IS NULL, bool_value "
                               "FROM embedding_metadata_array WHERE id = ?1 ORDER BY key, rowid";
constexpr std::int64_t kDeleteOperation = 3;

class Source final : public ItemSource {
 public:
  Source(std::unique_ptr<store::Driver> driver, ExchangeOptions options) : driver_(std::move(driver)), options_(std::move(options)) {}

  Status Open() {
    LEVEE_ASSIGN(const store::Lease connection, driver_->Reader());
    LEVEE_RETURN_IF_ERROR(ChooseCollection(*connection));
    LEVEE_ASSIGN(const bool has_booleans, Counts(*connection, kHasBooleans));
    members_sql_ = has_booleans ? kMembers : kMembersWithoutBooleans;
    LEVEE_ASSIGN(has_lists_, Counts(*connection, kHasLists));
    return ReadQueue(*connection);
  }

  Result<std::optional<ItemWrite>> Next() override {
    if (page_.empty()) LEVEE_RETURN_IF_ERROR(ReadPage());
    if (page_.empty()) return std::nullopt;
    ItemWrite write = std::move(page_.front());
    page_.pop_front();
    return write;
  }

 private:
  struct Record {
    std::int64_t number = 0;
    std::string id, created;
  };

  static Result<bool> Counts(store::Connection& connection, const char* sql) {
    LEVEE_ASSIGN(store::Statement* const statement, connection.Prepare(sql));
    LEVEE_RETURN_IF_ERROR(statement->Step());
    const bool any = statement->Int(0) > 0;
    statement->Reset();
    return any;
  }

  Status ChooseCollection(store::Connection& connection) {
    LEVEE_ASSIGN(store::Statement* const statement, connection.Prepare(kCollections));
    std::string names;
    int found = 0;
    while (true) {
      LEVEE_ASSIGN(const bool row, statement->Step());
      if (!row) break;
      const std::string name(statement->Text(1));
      names.append(names.empty() ? "" : ", ").append(name);
      if (!options_.collection.empty() && name != options_.collection) continue;
      ++found;
      collection_ = statement->Text(0);
      segment_ = statement->Text(2);
    }
    statement->Reset();
    if (found == 1) return {};
    return InvalidItem("collection", found == 0 ? "there is none of that name" : "there are several", "one of: " + names);
  }

  Status ReadQueue(store::Connection& connection) {
    LEVEE_ASSIGN(store::Statement* const statement, connection.Prepare(kQueue));
    statement->BindText(0, collection_);
    while (true) {
      LEVEE_ASSIGN(const bool row, statement->Step());
      if (!row) break;
      const std::string id(statement->Text(2));
      if (statement->Int(1) == kDeleteOperation) vectors_.erase(id);
      if (statement->Int(3) != 0) vectors_[id] = statement->Int(0);
    }
    statement->Reset();
    return {};
  }

  Status ReadPage() {
    LEVEE_ASSIGN(const store::Lease connection, driver_->Reader());
    LEVEE_ASSIGN(store::Statement* const statement, connection->Prepare(kRecords));
    statement->BindText(0, segment_);
    statement->BindInt(1, last_);
    statement->BindInt(2, kPageItems);
    std::vector<Record> records;
    while (true) {
      LEVEE_ASSIGN(const bool row, statement->Step());
      if (!row) break;
      records.push_back({statement->Int(0), std::string(statement->Text(1)), std::string(statement->Text(2))});
    }
    statement->Reset();
    for (const Record& record : records) LEVEE_RETURN_IF_ERROR(ReadItem(*connection, record));
    return {};
  }

  Status ReadItem(store::Connection& connection, const Record& record) {
    ItemWrite& write = page_.emplace_back();
    Item& item = write.item;
    item.id = record.id;
    item.name_space = options_.name_space;
    item.category = options_.category;
    item.created = ParseTime(record.created).value_or(0);
    last_ = record.number;
    LEVEE_RETURN_IF_ERROR(ReadMembers(connection, record.number, item));
    // Chroma keeps vectors of what has no text, too.
    if (item.content.empty()) item.content = item.id;
    return ReadVector(connection, item);
  }

  Status ReadMembers(store::Connection& connection, std::int64_t number, Item& item) {
    LEVEE_ASSIGN(store::Statement* const statement, connection.Prepare(members_sql_));
    statement->BindInt(0, number);
    item.metadata.clear();
    output::JsonWriter json(item.metadata);
    json.BeginObject();
    while (true) {
      LEVEE_ASSIGN(const bool row, statement->Step());
      if (!row) break;
      const std::string_view key = statement->Text(0);
      if (key == kDocument || (key == kUri && item.content.empty())) {
        item.content = statement->Text(1);
        if (key == kDocument) continue;
      }
      json.Key(key);
      WriteValue(*statement, json);
    }
    statement->Reset();
    if (has_lists_) LEVEE_RETURN_IF_ERROR(ReadLists(connection, number, json));
    json.EndObject();
    return {};
  }

  // A row an element.
  static Status ReadLists(store::Connection& connection, std::int64_t number, output::JsonWriter& json) {
    LEVEE_ASSIGN(store::Statement* const statement, connection.Prepare(kLists));
    statement->BindInt(0, number);
    std::optional<std::string> open;
    while (true) {
      LEVEE_ASSIGN(const bool row, statement->Step());
      if (open && (!row || *open != statement->Text(0))) json.EndArray();
      if (!row) break;
      if (!open || *open != statement->Text(0)) json.Key(open.emplace(statement->Text(0))).BeginArray();
      WriteValue(*statement, json);
    }
    statement->Reset();
    return {};
  }

  // Of the columns one has a value.
  static void WriteValue(store::Statement& statement, output::JsonWriter& json) {
    if (!statement.IsNull(5)) {
      json.Bool(statement.Int(5) != 0);
    } else if (statement.Int(4) == 0) {
      const std::string_view digits = statement.Text(3);
      double number = 0;
      std::from_chars(digits.data(), digits.data() + digits.size(), number);
      json.Double(number);
    } else if (!statement.IsNull(2)) {
      json.Integer(statement.Int(2));
    } else if (!statement.IsNull(1)) {
      json.String(statement.Text(1));
    } else {
      json.Null();
    }
  }

  Status ReadVector(store::Connection& connection, Item& item) {
    const auto vector = vectors_.find(item.id);
    if (vector == vectors_.end()) return {};
    LEVEE_ASSIGN(store::Statement* const statement, connection.Prepare(kVector));
    statement->BindInt(0, vector->second);
    LEVEE_ASSIGN(const bool row, statement->Step());
    if (row) {
      const ByteSpan bytes = statement->Blob(0);
      item.embedding.resize(bytes.size() / sizeof(float));
      std::memcpy(item.embedding.data(), bytes.data(), item.embedding.size() * sizeof(float));
    }
    statement->Reset();
    return {};
  }

  std::unique_ptr<store::Driver> driver_;
  ExchangeOptions options_;
  std::string collection_, segment_;
  const char* members_sql_ = kMembers;
  bool has_lists_ = false;
  std::unordered_map<std::string, std::int64_t> vectors_;  // where the newest of each id stands in the queue
  std::int64_t last_ = 0;
  std::deque<ItemWrite> page_;
};

}  // namespace

Result<std::unique_ptr<ItemSource>> ChromaSource(const std::string& path, const ExchangeOptions& options) {
  std::error_code error;
  const bool folder = std::filesystem::is_directory(path, error);
  auto driver = store::OpenSqlite(folder ? path + "/chroma.sqlite3" : path, {.create = false, .read_only = true});
  if (!driver) return StorageFailure(path, driver.error().ToString());
  auto source = std::make_unique<Source>(std::move(*driver), options);
  if (Status opened = source->Open(); !opened) {
    if (opened.error().detail.empty()) return StorageFailure(path, "it is no collection of Chroma: " + opened.error().ToString());
    return std::unexpected(std::move(opened).error());
  }
  return source;
}

}  // namespace levee::memory
