// Every given table at every version: the plain replay against the expected content, and the typed path
// against the plain replay.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <sstream>

#include "arrow/loader.h"
#include "delta/checkpoint_reader.h"
#include "delta/commit_reader.h"
#include "delta/entry_batch_builder.h"
#include "delta/json_text.h"
#include "delta/plain_replay.h"
#include "tests/fakes/json_equal.h"
#include "types/file_key.h"

namespace levee::delta {
namespace {

using columnar::Batch;
using columnar::ColumnRole;
using columnar::ColumnVector;
using Members = std::map<std::string, std::string_view>;

std::filesystem::path TablesFolder() {
  const char* const given = std::getenv("LEVEE_TEST_TABLES");
  return given != nullptr ? given : std::filesystem::path(LEVEE_SOURCE_DIR) / "../shared/tables";
}

std::string ReadText(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

Members MembersOf(std::string_view json) {
  Members members;
  for (const JsonMember& member : JsonMembersOrNone(json)) {
    members[member.key] = member.value;
  }
  return members;
}

std::string TextOf(std::string_view token) { return JsonString(token).value_or("<none>"); }

// A file as the comparison sees it: one line.
std::string Line(const std::string& path, std::int64_t size,
                 const std::map<std::string, std::string>& partitions, const std::string& records,
                 const std::string& dv, const std::string& rest) {
  std::string line = path + " size=" + std::to_string(size) + " {";
  for (const auto& [column, value] : partitions) line += column + "=" + value + ",";
  return line + "} records=" + records + " dv=" + dv + " " + rest;
}

std::string RestOf(std::optional<std::int64_t> cardinality, std::optional<std::int64_t> row_id,
                   std::optional<std::int64_t> row_version) {
  const auto text = [](const auto& value) { return value ? std::to_string(*value) : std::string("-"); };
  return text(cardinality) + "/" + text(row_id) + "/" + text(row_version);
}

std::string NumRecords(const std::optional<std::string>& stats) {
  if (!stats) return "null";
  const Members members = MembersOf(*stats);
  const auto found = members.find("numRecords");
  return found == members.end() ? "null" : std::string(found->second);
}

std::string LineOf(const AddAction& add) {
  std::map<std::string, std::string> partitions;
  for (const auto& [column, value] : add.partition_values) partitions[column] = value ? "'" + *value : "null";
  std::optional<std::int64_t> cardinality;
  if (add.deletion_vector) cardinality = add.deletion_vector->cardinality;
  return Line(add.path, add.size_bytes, partitions, NumRecords(add.stats_json),
              add.deletion_vector ? add.deletion_vector->UniqueId() : "-",
              RestOf(cardinality, add.base_row_id, add.default_row_commit_version));
}

std::optional<std::int64_t> ExpectedInteger(const Members& file, const std::string& key) {
  const auto found = file.find(key);
  return found == file.end() ? std::nullopt : JsonInteger(found->second);
}

std::string ExpectedLine(std::string_view json) {
  const Members file = MembersOf(json);
  std::map<std::string, std::string> partitions;
  for (const auto& [column, value] : MembersOf(file.at("partitionValues"))) {
    partitions[column] = value == "null" ? "null" : "'" + TextOf(value);
  }
  const auto records = file.find("numRecords");
  return Line(TextOf(file.at("path")), ExpectedInteger(file, "size").value_or(-1), partitions,
              records == file.end() ? "null" : std::string(records->second),
              file.contains("dv") ? TextOf(file.at("dv")) : "-",
              RestOf(ExpectedInteger(file, "dvCardinality"), ExpectedInteger(file, "baseRowId"),
                     ExpectedInteger(file, "defaultRowCommitVersion")));
}

std::set<std::string> Sorted(const std::optional<std::vector<std::string>>& names) {
  return names ? std::set<std::string>(names->begin(), names->end()) : std::set<std::string>();
}

std::set<std::string> Names(const Members& object, const std::string& key) {
  std::set<std::string> names;
  const auto found = object.find(key);
  if (found == object.end()) return names;
  const auto elements = JsonArrayElements(found->second);
  for (std::size_t i = 0; elements && i < elements->size(); ++i) {
    const std::string_view name = (*elements)[i];
    names.insert(TextOf(name));
  }
  return names;
}

void CompareState(const Members& expected, const PlainState& state) {
  const Members protocol = MembersOf(expected.at("protocol"));
  EXPECT_EQ(std::to_string(state.protocol.min_reader_version), protocol.at("minReaderVersion"));
  EXPECT_EQ(std::to_string(state.protocol.min_writer_version), protocol.at("minWriterVersion"));
  EXPECT_EQ(Sorted(state.protocol.reader_features), Names(protocol, "readerFeatures"));
  EXPECT_EQ(Sorted(state.protocol.writer_features), Names(protocol, "writerFeatures"));
  EXPECT_EQ(state.metadata.id, TextOf(expected.at("id")));
  if (expected.at("schemaString") != "null") {
    EXPECT_EQ(state.metadata.schema_string, TextOf(expected.at("schemaString")));
  }
  EXPECT_EQ(Sorted(state.metadata.partition_columns), Names(expected, "partitionColumns"));
  std::map<std::string, std::string> configuration;
  for (const auto& [key, value] : MembersOf(expected.at("configuration"))) configuration[key] = TextOf(value);
  EXPECT_EQ(state.metadata.configuration, configuration);
  std::map<std::string, std::string> transactions, expected_transactions;
  for (const auto& [app, json] : state.transactions) transactions[app] = MembersOf(json).at("version");
  for (const auto& [app, version] : MembersOf(expected.at("txns"))) expected_transactions[app] = version;
  EXPECT_EQ(transactions, expected_transactions);
  std::map<std::string, std::string> domains, expected_domains;
  for (const auto& [domain, json] : state.domains)
    domains[domain] = TextOf(MembersOf(json).at("configuration"));
  const auto expected_domain_list = JsonArrayElements(expected.at("domains"));
  for (const std::string_view domain : *expected_domain_list) {
    const Members members = MembersOf(domain);
    expected_domains[TextOf(members.at("domain"))] = TextOf(members.at("configuration"));
  }
  EXPECT_EQ(domains, expected_domains);
  std::set<std::string> files, expected_files;
  for (const auto& [key, add] : state.files) files.insert(LineOf(add));
  const auto file_list = JsonArrayElements(expected.at("files"));
  for (const std::string_view file : *file_list) expected_files.insert(ExpectedLine(file));
  EXPECT_EQ(files, expected_files);
}

std::optional<std::string> TextAt(const Batch& batch, ColumnRole role, std::size_t row) {
  const ColumnVector* const column = batch.Find(role);
  if (column == nullptr || !column->IsValid(row)) return std::nullopt;
  return std::string(column->strings[row]);
}

std::optional<std::int64_t> IntegerAt(const Batch& batch, ColumnRole role, std::size_t row) {
  const ColumnVector* const column = batch.Find(role);
  if (column == nullptr || !column->IsValid(row)) return std::nullopt;
  return column->ints[row];
}

// The add action that a row of a batch says.
AddAction AddAt(const Batch& batch, std::size_t row, const std::optional<std::string>& stats) {
  AddAction add;
  add.path = TextAt(batch, ColumnRole::kPath, row).value_or("<no path>");
  add.size_bytes = IntegerAt(batch, ColumnRole::kSize, row).value_or(-1);
  add.modification_time_ms = IntegerAt(batch, ColumnRole::kModificationTime, row).value_or(-1);
  add.data_change = IntegerAt(batch, ColumnRole::kDataChange, row).value_or(0) != 0;
  add.stats_json = stats;
  add.tags_json = TextAt(batch, ColumnRole::kTags, row);
  add.base_row_id = IntegerAt(batch, ColumnRole::kBaseRowId, row);
  add.default_row_commit_version = IntegerAt(batch, ColumnRole::kDefaultRowCommitVersion, row);
  add.clustering_provider = TextAt(batch, ColumnRole::kClusteringProvider, row);
  add.residual_json = TextAt(batch, ColumnRole::kActionResidual, row).value_or("");
  if (const auto type = TextAt(batch, ColumnRole::kDvStorageType, row)) {
    add.deletion_vector = DeletionVectorDescriptor{*type, *TextAt(batch, ColumnRole::kDvPathOrInline, row),
                                                   IntegerAt(batch, ColumnRole::kDvOffset, row),
                                                   *IntegerAt(batch, ColumnRole::kDvSizeInBytes, row),
                                                   *IntegerAt(batch, ColumnRole::kDvCardinality, row)};
  }
  for (const columnar::BatchColumn& column : batch.columns) {
    if (column.key.role != ColumnRole::kPartition || !column.values.IsValid(row)) continue;
    add.partition_values.emplace_back(column.key.path, std::string(column.values.strings[row]));
  }
  return add;
}

using TypedFiles = std::map<PlainFileKey, AddAction>;

void TakeAdds(const Batch& batch, TypedFiles& files) {
  const auto stats = RenderStats(batch);
  for (std::size_t row = 0; row < batch.rows; ++row) {
    AddAction add = AddAt(batch, row, stats[row]);
    const std::string dv = add.deletion_vector ? add.deletion_vector->UniqueId() : "";
    EXPECT_EQ(static_cast<std::uint64_t>(*IntegerAt(batch, ColumnRole::kKeyHash, row)),
              types::FileKeyHash(add.path, dv));
    files.insert_or_assign({types::CanonicalPath(add.path), dv}, std::move(add));
  }
}

void TakeRemoves(const Batch& batch, TypedFiles& files) {
  for (std::size_t row = 0; row < batch.rows; ++row) {
    const AddAction key = AddAt(batch, row, std::nullopt);
    files.erase({types::CanonicalPath(key.path), key.deletion_vector ? key.deletion_vector->UniqueId() : ""});
  }
}

void TakeCommit(const CommitContent& commit, const types::Schema& schema, TypedFiles& files) {
  TakeRemoves(RemovesToBatch(commit.removes, schema), files);
  EntryBatchBuilder builder(schema);
  for (const AddAction& add : commit.adds) builder.Append(add);
  EXPECT_EQ(builder.rows(), commit.adds.size());
  TakeAdds(builder.Finish(), files);
}

Result<TypedFiles> ReplayTyped(objectstore::ObjectStore& store, objectstore::ParquetSource& parquet,
                               const ReplayPlan& plan, const types::Schema& schema) {
  TypedFiles files;
  std::mutex mutex;
  if (plan.checkpoint) {
    LEVEE_ASSIGN(const CheckpointState state, ReadCheckpointState(store, parquet, *plan.checkpoint));
    LEVEE_RETURN_IF_ERROR(ReadCheckpointFiles(
        store, parquet, *plan.checkpoint, state, schema, {.threads = 2, .tombstones = true},
        [&](Batch batch) -> Status {
          const std::lock_guard lock(mutex);
          TakeAdds(batch, files);
          return {};
        },
        [](Batch) -> Status { return {}; }));
  }
  std::map<std::int64_t, CommitContent> commits;
  for (const CompactedFile& file : plan.compacted) {
    LEVEE_ASSIGN(CommitContent content, ReadCompacted(store, file));
    commits[content.version] = std::move(content);
  }
  LEVEE_RETURN_IF_ERROR(ReadCommits(store, plan.commits, 2, [&](CommitContent content) -> Status {
    commits[content.version] = std::move(content);
    return {};
  }));
  for (const auto& [version, commit] : commits) TakeCommit(commit, schema, files);
  return files;
}

void CompareTyped(const PlainState& plain, const TypedFiles& typed) {
  ASSERT_EQ(plain.files.size(), typed.size());
  for (const auto& [key, add] : plain.files) {
    const auto found = typed.find(key);
    ASSERT_NE(found, typed.end()) << key.first;
    const AddAction& other = found->second;
    AddAction expected = add;
    // Null partition values have no value in any column.
    std::erase_if(expected.partition_values, [](const auto& value) { return !value.second; });
    EXPECT_EQ(LineOf(expected), LineOf(other));
    EXPECT_EQ(add.modification_time_ms, other.modification_time_ms);
    EXPECT_EQ(add.data_change, other.data_change);
    EXPECT_EQ(add.clustering_provider, other.clustering_provider);
    EXPECT_EQ(add.residual_json, other.residual_json);
    EXPECT_EQ(add.tags_json.has_value(), other.tags_json.has_value());
    if (add.tags_json) {
      EXPECT_TRUE(fakes::JsonEqual(*add.tags_json, *other.tags_json)) << *add.tags_json;
    }
    ASSERT_EQ(add.stats_json.has_value(), other.stats_json.has_value());
    if (add.stats_json) {
      EXPECT_TRUE(fakes::JsonEqual(*add.stats_json, *other.stats_json)) << *add.stats_json << "\n"
                                                                        << *other.stats_json;
    }
  }
}

struct Counts {
  int read = 0;
  int refused = 0;
  int either = 0;
};

void CompareVersion(objectstore::ObjectStore& store, objectstore::ParquetSource& parquet,
                    const Members& expected, Counts& counts) {
  const std::int64_t version = *JsonInteger(expected.at("version"));
  const std::string verdict = TextOf(expected.at("verdict"));
  SCOPED_TRACE("version " + std::to_string(version) + " verdict " + verdict);
  const auto state = ReplayTablePlainly(store, &parquet, version);
  if (!state) {
    ASSERT_NE(verdict, "read") << state.error().ToString();
    EXPECT_FALSE(state.error().why.empty());
    if (verdict == "refuse-without-catalog") {
      EXPECT_EQ(state.error().code, ErrorCode::kUnsupported);
    }
    ++counts.refused;
    return;
  }
  ASSERT_TRUE(verdict == "read" || verdict == "either") << "it was read";
  if (!expected.contains("files")) {
    ++counts.either;
    return;
  }
  CompareState(expected, *state);
  const auto listing = ListLog(store, 0);
  const auto plan = PlanReplay(*listing, version, {});
  const auto typed = ReplayTyped(store, parquet, *plan, state->metadata.schema);
  ASSERT_TRUE(typed) << typed.error().ToString();
  CompareTyped(*state, *typed);
  ++counts.read;
}

TEST(TableSweepTest, EveryVersionOfEveryGivenTable) {
  const std::filesystem::path folder = TablesFolder();
  if (!std::filesystem::exists(folder / "expected")) GTEST_SKIP() << "no tables at " << folder;
  const auto parquet = arrow::LoadParquetSource();
  ASSERT_TRUE(parquet) << parquet.error().ToString();
  Counts counts;
  int tables = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "expected")) {
    if (entry.path().extension() != ".json") continue;
    SCOPED_TRACE(entry.path().string());
    const std::string text = ReadText(entry.path());
    const Members table = MembersOf(text);
    const auto store = objectstore::OpenObjectStore((folder / TextOf(table.at("root"))).string());
    ASSERT_TRUE(store);
    ++tables;
    const auto versions = JsonArrayElements(table.at("versions"));
    for (const std::string_view version : *versions) {
      CompareVersion(**store, **parquet, MembersOf(version), counts);
    }
  }
  RecordProperty("tables", tables);
  RecordProperty("versions_equal", counts.read);
  RecordProperty("versions_refused", counts.refused);
  EXPECT_GE(counts.read, 564) << "versions that can be read";
  GTEST_LOG_(INFO) << tables << " tables: " << counts.read << " versions equal, " << counts.refused
                   << " refused, " << counts.either << " either";
}

}  // namespace
}  // namespace levee::delta
