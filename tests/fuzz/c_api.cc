// Input: a session with the C interface: each byte is a call, with texts up to a NUL byte and numbers behind it. Whatever
// the texts, the calls are legal: what is open is used, closed once, and outlives what it may outlive.
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "levee/levee_c.h"
#include "tests/fuzz/fuzz.h"

namespace {

constexpr char kLog[] =
    R"({"commitInfo":{"timestamp":1700000000000}})" "\n"
    R"({"protocol":{"minReaderVersion":1,"minWriterVersion":2}})" "\n"
    R"({"metaData":{"id":"t","format":{"provider":"parquet","options":{}},"schemaString":)"
    R"("{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}},)"
    R"({\"name\":\"p\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]}","partitionColumns":["p"],"configuration":{}}})" "\n";

std::string Add(int file) {
  return R"({"add":{"path":"f)" + std::to_string(file) + R"(","partitionValues":{"p":")" + std::to_string(file % 3) +
         R"("},"size":10,"modificationTime":1,"dataChange":true,"stats":"{\"numRecords\":10,\"minValues\":{\"id\":)" +
         std::to_string(file * 10) + R"(},\"maxValues\":{\"id\":)" + std::to_string(file * 10 + 9) +
         R"(},\"nullCount\":{\"id\":0}}"}})" "\n";
}

// A table of three versions, and the folder that all sessions stand in; gone at the end.
class Place {
 public:
  Place() : folder_(std::filesystem::temp_directory_path() / ("levee-fuzz-c." + std::to_string(::getpid()))) {
    const auto log = folder_ / "table/_delta_log";
    std::filesystem::create_directories(log);
    for (int version = 0; version < 3; ++version) {
      std::ofstream commit(log / ("0000000000000000000" + std::to_string(version) + ".json"));
      if (version == 0) commit << kLog;
      for (int file = version * 8; file < version * 8 + 8; ++file) commit << Add(file);
    }
    table = (folder_ / "table").string();
    uri = (folder_ / "levee.db").string();
    // Relative names of a hostile session end up here.
    std::filesystem::current_path(folder_);
  }
  ~Place() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string table, uri;

 private:
  const std::filesystem::path folder_;
};

// An error object says what the code does; it is freed.
void Settle(levee_code code, levee_error* error) {
  FUZZ_REQUIRE((code == LEVEE_OK) == (error == nullptr));
  FUZZ_REQUIRE(levee_error_code(error) == code);
  FUZZ_REQUIRE((*levee_error_text(error) == '\0') == (code == LEVEE_OK));
  FUZZ_REQUIRE(code != LEVEE_INTERNAL);
  FUZZ_REQUIRE(std::strcmp(levee_code_name(code), "unknown") != 0);
  levee_error_free(error);
}

class Session {
 public:
  Session(const Place& place, levee::fuzz::Input& input) : place_(place), input_(input) {}
  ~Session() {
    for (levee_table* table : tables_) levee_table_close(table);
    for (ArrowArrayStream& stream : streams_) Release(stream);
    for (levee_store* store : stores_) levee_store_close(store);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Call() {
    switch (input_.Below(9)) {
      case 0: OpenStore(); break;
      case 1: OpenTable(); break;
      case 2: ListFiles(); break;
      case 3: Count(); break;
      case 4: Explain(); break;
      case 5: Read(); break;
      case 6: Close(); break;
      case 7: Sync(); break;
      default: Look(); break;
    }
  }

 private:
  static void Release(ArrowArrayStream& stream) {
    if (stream.release != nullptr) stream.release(&stream);
    stream = {};
  }

  // A store is made in the session's folder alone; another one is opened to read, if it is there.
  void OpenStore() {
    levee_store*& store = stores_[input_.Below(stores_.size())];
    levee_store_close(store);
    store = nullptr;
    levee_store_options options = LEVEE_STORE_OPTIONS;
    const std::string other = input_.Text('\0');
    options.uri = other.empty() ? place_.uri.c_str() : other.c_str();
    options.read_only = !other.empty();
    // Settings that name files to write are left as they are.
    constexpr const char* kKeys[] = {"freshness", "timezone", "threads", "cache_size", "memory_limit", "no such key",
                                     "key_indexes", "timeout"};
    const std::string value = input_.Text('\0');
    const levee_setting settings[] = {{"cache_warming", "off"}, {kKeys[input_.Below(8)], value.c_str()}};
    options.settings = settings;
    options.settings_count = value.empty() ? 1 : 2;
    levee_error* error = nullptr;
    const levee_code code = levee_store_open(&options, &store, &error);
    FUZZ_REQUIRE((store != nullptr) == (code == LEVEE_OK));
    Settle(code, error);
  }

  void OpenTable() {
    levee_store* const store = stores_[input_.Below(stores_.size())];
    levee_table*& table = tables_[input_.Below(tables_.size())];
    levee_table_close(table);
    table = nullptr;
    std::string name = input_.Text('\0');
    if (name.empty()) name = place_.table;
    levee_error* error = nullptr;
    levee_code code = LEVEE_OK;
    switch (input_.Below(3)) {
      case 0: code = levee_table_open(store, name.c_str(), &table, &error); break;
      case 1: code = levee_table_open_at_version(store, name.c_str(), Integer(), &table, &error); break;
      default: code = levee_table_open_at_time(store, name.c_str(), Integer(), &table, &error); break;
    }
    FUZZ_REQUIRE((table != nullptr) == (code == LEVEE_OK));
    FUZZ_REQUIRE(store != nullptr || code == LEVEE_INVALID_ARGUMENT);
    Settle(code, error);
  }

  std::int64_t Integer() { return static_cast<std::int64_t>(input_.Number(static_cast<int>(input_.Below(9)))); }

  // Texts live as long as the query is in use.
  struct Query {
    levee_query query = LEVEE_QUERY;
    std::vector<std::string> texts;
    std::vector<const char*> columns, paths, except;
  };
  void Fill(Query& query) {
    const std::uint8_t parts = input_.Byte();
    query.texts.reserve(8);
    const auto text = [&] { return query.texts.emplace_back(input_.Text('\0')).c_str(); };
    if ((parts & 1) != 0) query.query.where = text();
    if ((parts & 2) != 0) query.query.order = text();
    if ((parts & 4) != 0) query.columns = {text(), text()};
    if ((parts & 8) != 0) query.paths = {text()};
    if ((parts & 16) != 0) query.except = {text()};
    if ((parts & 32) != 0) query.query.limit = Integer();
    if ((parts & 64) != 0) query.query.rows = Integer();
    if (!query.columns.empty()) query.query.columns = query.columns.data();
    query.query.columns_count = query.columns.size();
    if (!query.paths.empty()) query.query.paths = query.paths.data();
    query.query.paths_count = query.paths.size();
    if (!query.except.empty()) query.query.except = query.except.data();
    query.query.except_count = query.except.size();
  }

  void ListFiles() {
    const levee_table* const table = tables_[input_.Below(tables_.size())];
    ArrowArrayStream& stream = streams_[input_.Below(streams_.size())];
    Release(stream);
    Query query;
    Fill(query);
    levee_error* error = nullptr;
    const levee_code code = levee_table_files(table, &query.query, &stream, &error);
    FUZZ_REQUIRE((stream.release != nullptr) == (code == LEVEE_OK));
    Settle(code, error);
  }

  void Count() {
    const levee_table* const table = tables_[input_.Below(tables_.size())];
    Query query;
    Fill(query);
    levee_error* error = nullptr;
    std::int64_t files = -7;
    const levee_code code = levee_table_count(table, &query.query, &files, &error);
    FUZZ_REQUIRE(files >= 0 && files <= 24);
    Settle(code, error);
  }

  void Explain() {
    const levee_table* const table = tables_[input_.Below(tables_.size())];
    Query query;
    Fill(query);
    levee_error* error = nullptr;
    char* text = nullptr;
    const auto format = static_cast<levee_explain_format>(input_.Below(4));
    const levee_code code = levee_table_explain(table, &query.query, format, input_.Below(2) != 0, &text, &error);
    FUZZ_REQUIRE((text != nullptr) == (code == LEVEE_OK));
    levee_text_free(text);
    Settle(code, error);
  }

  void Read() {
    ArrowArrayStream& stream = streams_[input_.Below(streams_.size())];
    if (stream.release == nullptr) return;
    ArrowSchema schema{};
    if (stream.get_schema(&stream, &schema) == 0) schema.release(&schema);
    ArrowArray batch{};
    if (stream.get_next(&stream, &batch) == 0 && batch.release != nullptr) {
      FUZZ_REQUIRE(batch.length >= 0);
      batch.release(&batch);
    } else {
      static_cast<void>(stream.get_last_error(&stream));
    }
  }

  void Close() {
    switch (input_.Below(3)) {
      case 0: levee_store_close(std::exchange(stores_[input_.Below(stores_.size())], nullptr)); break;
      case 1: levee_table_close(std::exchange(tables_[input_.Below(tables_.size())], nullptr)); break;
      default: Release(streams_[input_.Below(streams_.size())]); break;
    }
  }

  void Sync() {
    levee_store* const store = stores_[input_.Below(stores_.size())];
    std::string name = input_.Text('\0');
    if (name.empty()) name = place_.table;
    levee_error* error = nullptr;
    std::int64_t version = 0;
    const levee_code code = levee_store_sync(store, name.c_str(), &version, &error);
    Settle(code, error);
  }

  void Look() {
    const levee_table* const table = tables_[input_.Below(tables_.size())];
    FUZZ_REQUIRE((levee_table_version(table) == -1) == (table == nullptr));
    FUZZ_REQUIRE(std::strlen(levee_table_uri(table)) + std::strlen(levee_table_schema_json(table)) < 10'000);
    FUZZ_REQUIRE(std::strlen(levee_table_name(table)) < 10'000);
    static_cast<void>(levee_table_timestamp_ms(table));
    FUZZ_REQUIRE(std::strlen(levee_store_uri(stores_[input_.Below(stores_.size())])) < 100'000);
  }

  const Place& place_;
  levee::fuzz::Input& input_;
  std::array<levee_store*, 2> stores_{};
  std::array<levee_table*, 2> tables_{};
  std::array<ArrowArrayStream, 2> streams_{};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Place place;
  levee::fuzz::Input input(data, size);
  Session session(place, input);
  for (int calls = 0; calls < 24 && !input.empty(); ++calls) session.Call();
  return 0;
}
