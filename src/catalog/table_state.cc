#include "catalog/table_state.h"

#include <charconv>
#include <string>
#include <utility>

#include "base/hash.h"
#include "delta/json_text.h"

namespace levee::catalog {
namespace {

cache::CacheKey KeyOf(std::int64_t table_id, const store::Head& head, std::int64_t version) {
  const std::int64_t parts[] = {table_id, head.incarnation, version, head.layout_generation};
  const Hash128 hash = HashWide({reinterpret_cast<const char*>(parts), sizeof(parts)});
  return {.owner = hash.high, .part = hash.low};
}

Status AddTransaction(const store::StateRecord& record, TableState& state) {
  const auto members = delta::JsonObjectMembers(record.json);
  if (!members) return Fail(ErrorCode::kCorrupt, "txn " + record.key, "the action is no JSON object");
  for (const delta::JsonMember& member : *members) {
    if (member.key != "version") continue;
    const auto version = delta::JsonInteger(member.value);
    if (!version) return Fail(ErrorCode::kCorrupt, "txn " + record.key, "its version is no integer");
    state.transactions[record.key] = *version;
  }
  return {};
}

Status AddDomain(const store::StateRecord& record, TableState& state) {
  const auto members = delta::JsonObjectMembers(record.json);
  if (!members) return Fail(ErrorCode::kCorrupt, "domainMetadata " + record.key, "the action is no JSON object");
  std::string configuration;
  for (const delta::JsonMember& member : *members) {
    if (member.key == "removed" && member.value == "true") return {};
    if (member.key == "configuration") configuration = delta::JsonString(member.value).value_or("");
  }
  state.domains[record.key] = std::move(configuration);
  return {};
}

// Everything that binding depends on.
std::uint64_t SchemaIdentity(const delta::Metadata& metadata) {
  std::string text = metadata.schema_string;
  for (const std::string& column : metadata.partition_columns) text += types::kPathSeparator + column;
  if (const auto mode = metadata.configuration.find("delta.columnMapping.mode");
      mode != metadata.configuration.end()) {
    text += '\0' + mode->second;
  }
  return Hash64(text);
}

Result<store::CommitRecord> ReadCommitRecord(Context& context, const store::TableRecord& record,
                                             std::int64_t version) {
  LEVEE_ASSIGN(auto commits, context.store().ReadCommits(record.id, version, version, 1));
  if (commits.empty()) {
    return Fail(ErrorCode::kCorrupt, record.uri, "the store has no commit " + std::to_string(version),
                "levee repair TABLE");
  }
  return std::move(commits.front());
}

}  // namespace

Result<TableState> BuildTableState(const store::TableRecord& record, const store::CommitRecord& commit,
                                   const std::vector<store::StateRecord>& records) {
  TableState state{.record = record, .version = commit.version, .commit = commit};
  bool has_protocol = false, has_metadata = false;
  for (const store::StateRecord& entry : records) {
    switch (static_cast<delta::StateKind>(entry.kind)) {
      case delta::StateKind::kProtocol: {
        LEVEE_ASSIGN(state.protocol, delta::ParseProtocol(entry.json));
        has_protocol = true;
        break;
      }
      case delta::StateKind::kMetadata: {
        LEVEE_ASSIGN(state.metadata, delta::ParseMetadata(entry.json));
        has_metadata = true;
        break;
      }
      case delta::StateKind::kTransaction: LEVEE_RETURN_IF_ERROR(AddTransaction(entry, state)); break;
      case delta::StateKind::kDomainMetadata: LEVEE_RETURN_IF_ERROR(AddDomain(entry, state)); break;
    }
  }
  const std::string at = " up to version " + std::to_string(commit.version);
  if (!has_protocol) return Fail(ErrorCode::kCorrupt, record.uri, "the log has no protocol action" + at);
  LEVEE_RETURN_IF_ERROR(delta::CheckReadable(state.protocol));
  if (!has_metadata) return Fail(ErrorCode::kCorrupt, record.uri, "the log has no metaData action" + at);
  return state;
}

Result<std::shared_ptr<const Snapshot>> LoadSnapshot(Context& context, const store::TableRecord& record,
                                                     const store::Head& head, std::int64_t version) {
  const cache::CacheKey key = KeyOf(record.id, head, version);
  if (auto found = context.snapshots().Find<Snapshot>(key)) return found;
  const std::int64_t start_ns = context.clock().MonotonicNanos();
  LEVEE_ASSIGN(const store::CommitRecord commit, ReadCommitRecord(context, record, version));
  LEVEE_ASSIGN(const auto records, context.store().ReadState(record.id, version));
  LEVEE_ASSIGN(TableState state, BuildTableState(record, commit, records));
  const std::uint64_t identity = SchemaIdentity(state.metadata);
  SchemaResolver resolver(state.metadata.schema);
  std::size_t bytes = 4096 + commit.commit_info_json.size();
  // A parsed schema and its resolver take several times the text.
  for (const store::StateRecord& entry : records) bytes += entry.json.size() * 8;
  auto generated = GeneratedPartitions(state.protocol, state.metadata, resolver);
  auto snapshot = std::make_shared<const Snapshot>(
      Snapshot{key, std::move(state), identity, std::move(resolver), std::move(generated), bytes});
  return context.snapshots().Insert<Snapshot>(key, std::move(snapshot), bytes,
                                              {.load_ns = context.clock().MonotonicNanos() - start_ns});
}

void RememberSnapshot(Context& context, const store::Head& head, const Snapshot& older, store::CommitRecord commit) {
  auto snapshot = std::make_shared<Snapshot>(older);
  snapshot->state.version = commit.version;
  snapshot->state.commit = std::move(commit);
  const std::size_t bytes = snapshot->size_bytes;
  const cache::CacheKey key = KeyOf(snapshot->state.record.id, head, head.version);
  snapshot->identity = key;
  context.snapshots().Insert<Snapshot>(key, std::move(snapshot), bytes);
}

std::optional<std::int64_t> InCommitTimestampsFrom(const delta::Metadata& metadata) {
  const auto& configuration = metadata.configuration;
  const auto enabled = configuration.find("delta.enableInCommitTimestamps");
  if (enabled == configuration.end() || enabled->second != "true") return std::nullopt;
  const auto from = configuration.find("delta.inCommitTimestampEnablementVersion");
  std::int64_t version = 0;  // absent: since the table was made
  if (from != configuration.end()) {
    std::from_chars(from->second.data(), from->second.data() + from->second.size(), version);
  }
  return version;
}

}  // namespace levee::catalog
