#include "catalog/check_summary.h"

#include <string>

#include "catalog/json_equal.h"
#include "delta/json_text.h"
#include "delta/log_names.h"

namespace levee::catalog {
namespace {

void Drift(CheckReport& report, const std::string& what) {
  report.status = CheckReport::Status::kDrift;
  report.notes.push_back("the " + what + " differs from the log's");
}

std::optional<std::int64_t> IntegerMember(std::string_view object, std::string_view key) {
  for (const delta::JsonMember& member : delta::JsonObjectMembers(object).value_or(std::vector<delta::JsonMember>())) {
    if (member.key == key) return delta::JsonInteger(member.value);
  }
  return std::nullopt;
}

bool TransactionsEqual(const TableState& stored, const delta::PlainState& replayed) {
  if (stored.transactions.size() != replayed.transactions.size()) return false;
  for (const auto& [app_id, json] : replayed.transactions) {
    const auto found = stored.transactions.find(app_id);
    if (found == stored.transactions.end() || IntegerMember(json, "version") != found->second) return false;
  }
  return true;
}

bool DomainsEqual(const TableState& stored, const delta::PlainState& replayed) {
  if (stored.domains.size() != replayed.domains.size()) return false;
  for (const auto& [domain, json] : replayed.domains) {
    const auto found = stored.domains.find(domain);
    if (found == stored.domains.end()) return false;
    for (const delta::JsonMember& member : delta::JsonObjectMembers(json).value_or(std::vector<delta::JsonMember>())) {
      if (member.key == "configuration" && delta::JsonString(member.value) != found->second) return false;
    }
  }
  return true;
}

void CompareTotal(std::string_view name, std::int64_t stored, std::optional<std::int64_t> checksum,
                  CheckReport& report) {
  if (!checksum || *checksum == stored) return;
  report.notes.push_back("the .crc file of version " + std::to_string(report.store_version) + " says " +
                         std::string(name) + " is " + std::to_string(*checksum) + ", but it is " +
                         std::to_string(stored));
}

}  // namespace

void CompareStates(const TableState& stored, const delta::PlainState& replayed, CheckReport& report) {
  const delta::Protocol& protocol = stored.protocol;
  if (protocol.min_reader_version != replayed.protocol.min_reader_version ||
      protocol.min_writer_version != replayed.protocol.min_writer_version ||
      protocol.reader_features != replayed.protocol.reader_features ||
      protocol.writer_features != replayed.protocol.writer_features) {
    Drift(report, "protocol");
  }
  const delta::Metadata& metadata = stored.metadata;
  if (metadata.id != replayed.metadata.id || !JsonEqual(metadata.schema_string, replayed.metadata.schema_string) ||
      metadata.partition_columns != replayed.metadata.partition_columns ||
      metadata.configuration != replayed.metadata.configuration) {
    Drift(report, "metaData");
  }
  if (!TransactionsEqual(stored, replayed)) Drift(report, "set of transactions");
  if (!DomainsEqual(stored, replayed)) Drift(report, "set of domains");
}

Status CompareChecksum(objectstore::ObjectStore& objects, const TableState& stored, CheckReport& report) {
  const std::string path =
      std::string(delta::kLogFolder) + "/" + delta::VersionText(report.store_version) + ".crc";
  LEVEE_ASSIGN(const std::string content, objects.Read(path));
  if (!delta::JsonObjectMembers(content)) {
    report.notes.push_back(path + " is no JSON object");
    return {};
  }
  CompareTotal("numFiles", stored.commit.num_files, IntegerMember(content, "numFiles"), report);
  CompareTotal("tableSizeBytes", stored.commit.size_bytes, IntegerMember(content, "tableSizeBytes"), report);
  return {};
}

}  // namespace levee::catalog
