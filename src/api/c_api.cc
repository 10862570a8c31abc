// levee/levee_c.h over levee/levee.h.
#include <memory>
#include <string>
#include <utility>

#include "api/c_error.h"
#include "api/c_lists.h"
#include "api/c_objects.h"
#include "api/c_structure.h"

namespace levee::api {
namespace {

std::string TextOf(const char* text) { return text == nullptr ? "" : text; }

Result<StoreOptions> ReadStoreOptions(const levee_store_options* given) {
  LEVEE_ASSIGN(const levee_store_options read, ReadStructure(given, levee_store_options LEVEE_STORE_OPTIONS, "options"));
  StoreOptions options{.uri = TextOf(read.uri), .config_file = TextOf(read.config_file), .read_only = read.read_only};
  if (read.settings_count > 0) LEVEE_RETURN_IF_ERROR(Need(read.settings, "settings"));
  for (std::size_t i = 0; i < read.settings_count; ++i) {
    LEVEE_RETURN_IF_ERROR(Need(read.settings[i].key, "settings"));
    LEVEE_RETURN_IF_ERROR(Need(read.settings[i].value, "settings"));
    options.settings[read.settings[i].key] = read.settings[i].value;
  }
  if (read.on_note != nullptr) {
    options.on_note = [hear = read.on_note, context = read.note_context](const std::string& note) {
      hear(context, note.c_str());
    };
  }
  return options;
}

Result<FilesQuery> ReadQuery(const levee_query* given) {
  LEVEE_ASSIGN(const levee_query read, ReadStructure(given, levee_query LEVEE_QUERY, "query"));
  FilesQuery query{.where = TextOf(read.where), .order = TextOf(read.order)};
  LEVEE_ASSIGN(query.columns, ReadTexts({read.columns, read.columns_count, "columns"}));
  LEVEE_ASSIGN(query.paths, ReadTexts({read.paths, read.paths_count, "paths"}));
  LEVEE_ASSIGN(auto except, ReadTexts({read.except, read.except_count, "except"}));
  query.except = std::move(except).value_or(std::vector<std::string>());
  if (read.limit >= 0) query.limit = read.limit;
  if (read.rows >= 0) query.rows = read.rows;
  return query;
}

Result<ExplainFormat> ReadFormat(levee_explain_format format) {
  switch (format) {
    case LEVEE_EXPLAIN_TEXT: return ExplainFormat::kText;
    case LEVEE_EXPLAIN_JSON: return ExplainFormat::kJson;
    case LEVEE_EXPLAIN_SVG: return ExplainFormat::kSvg;
  }
  return Fail(ErrorCode::kInvalidArgument, "argument format", "there is no format " + std::to_string(format));
}

levee_code OpenTable(levee_store* store, const char* table, const VersionChoice& choice, levee_table** opened,
                     levee_error** error) {
  if (opened != nullptr) *opened = nullptr;
  return RunForC(error, [&]() -> Status {
    LEVEE_RETURN_IF_ERROR(Need(store, "store"));
    LEVEE_RETURN_IF_ERROR(Need(table, "table"));
    LEVEE_RETURN_IF_ERROR(Need(opened, "opened"));
    LEVEE_ASSIGN(auto found, store->store->OpenTable(table, choice));
    *opened = new levee_table{std::move(found)};
    return {};
  });
}

}  // namespace
}  // namespace levee::api

using levee::Status;
using levee::api::Need;
using levee::api::RunForC;

extern "C" {

const char* levee_library_version(void) { return LEVEE_VERSION; }

levee_code levee_store_open(const levee_store_options* options, levee_store** store, levee_error** error) {
  if (store != nullptr) *store = nullptr;
  return RunForC(error, [&]() -> Status {
    LEVEE_RETURN_IF_ERROR(Need(store, "store"));
    LEVEE_ASSIGN(levee::StoreOptions read, levee::api::ReadStoreOptions(options));
    LEVEE_ASSIGN(auto opened, levee::OpenStore(std::move(read)));
    *store = new levee_store{std::move(opened)};
    return {};
  });
}

void levee_store_close(levee_store* store) { delete store; }

const char* levee_store_uri(const levee_store* store) { return store == nullptr ? "" : store->store->uri().c_str(); }

levee_code levee_store_sync(levee_store* store, const char* table, int64_t* version, levee_error** error) {
  if (version != nullptr) *version = -1;
  return RunForC(error, [&]() -> Status {
    LEVEE_RETURN_IF_ERROR(Need(store, "store"));
    LEVEE_RETURN_IF_ERROR(Need(table, "table"));
    LEVEE_ASSIGN(const levee::SyncReport report, store->store->Sync(table));
    if (version != nullptr) *version = report.to_version;
    return {};
  });
}

levee_code levee_table_open(levee_store* store, const char* table, levee_table** opened, levee_error** error) {
  return levee::api::OpenTable(store, table, {}, opened, error);
}

levee_code levee_table_open_at_version(levee_store* store, const char* table, int64_t version, levee_table** opened,
                                       levee_error** error) {
  return levee::api::OpenTable(store, table, {.version = version}, opened, error);
}

levee_code levee_table_open_at_time(levee_store* store, const char* table, int64_t timestamp_ms, levee_table** opened,
                                    levee_error** error) {
  return levee::api::OpenTable(store, table, {.timestamp_ms = timestamp_ms}, opened, error);
}

void levee_table_close(levee_table* table) { delete table; }

int64_t levee_table_version(const levee_table* table) { return table == nullptr ? -1 : table->table->version(); }
int64_t levee_table_timestamp_ms(const levee_table* table) {
  return table == nullptr ? -1 : table->table->timestamp_ms();
}
const char* levee_table_uri(const levee_table* table) { return table == nullptr ? "" : table->table->uri().c_str(); }
const char* levee_table_name(const levee_table* table) { return table == nullptr ? "" : table->table->name().c_str(); }
const char* levee_table_schema_json(const levee_table* table) {
  return table == nullptr ? "" : table->table->schema_json().c_str();
}

size_t levee_table_partition_columns_count(const levee_table* table) {
  return table == nullptr ? 0 : table->table->partition_columns().size();
}
const char* levee_table_partition_column(const levee_table* table, size_t index) {
  return index < levee_table_partition_columns_count(table) ? table->table->partition_columns()[index].c_str() : nullptr;
}

levee_code levee_table_describe(const levee_table* table, char** json, levee_error** error) {
  if (json != nullptr) *json = nullptr;
  return RunForC(error, [&]() -> Status {
    LEVEE_RETURN_IF_ERROR(Need(table, "table"));
    LEVEE_RETURN_IF_ERROR(Need(json, "json"));
    *json = levee::api::CopyForC(table->table->DescribeJson());
    return {};
  });
}

levee_code levee_table_files(const levee_table* table, const levee_query* query, struct ArrowArrayStream* files,
                             levee_error** error) {
  if (files != nullptr) *files = ArrowArrayStream{};
  return RunForC(error, [&]() -> Status {
    LEVEE_RETURN_IF_ERROR(Need(table, "table"));
    LEVEE_RETURN_IF_ERROR(Need(files, "files"));
    LEVEE_ASSIGN(const levee::FilesQuery read, levee::api::ReadQuery(query));
    LEVEE_ASSIGN(levee::ArrowStream stream, table->table->Files(read));
    *files = stream.Take();
    return {};
  });
}

levee_code levee_table_count(const levee_table* table, const levee_query* query, int64_t* files, levee_error** error) {
  if (files != nullptr) *files = 0;
  return RunForC(error, [&]() -> Status {
    LEVEE_RETURN_IF_ERROR(Need(table, "table"));
    LEVEE_RETURN_IF_ERROR(Need(files, "files"));
    LEVEE_ASSIGN(const levee::FilesQuery read, levee::api::ReadQuery(query));
    LEVEE_ASSIGN(*files, table->table->Count(read));
    return {};
  });
}

levee_code levee_table_explain(const levee_table* table, const levee_query* query, levee_explain_format format,
                               bool analyze, char** text, levee_error** error) {
  if (text != nullptr) *text = nullptr;
  return RunForC(error, [&]() -> Status {
    LEVEE_RETURN_IF_ERROR(Need(table, "table"));
    LEVEE_RETURN_IF_ERROR(Need(text, "text"));
    LEVEE_ASSIGN(const levee::FilesQuery read, levee::api::ReadQuery(query));
    LEVEE_ASSIGN(const levee::ExplainFormat read_format, levee::api::ReadFormat(format));
    LEVEE_ASSIGN(const std::string explained, table->table->Explain(read, read_format, analyze));
    *text = levee::api::CopyForC(explained);
    return {};
  });
}

}  // extern "C"
