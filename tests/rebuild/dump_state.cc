// Prints the state of a table at the store's head as actions, a JSON object a line, from the store alone.
#include <cstdio>
#include <string>

#include "delta/actions.h"
#include "delta/entry_batch_builder.h"
#include "delta/json_text.h"
#include "store/open/open.h"

namespace levee {
namespace {

using columnar::Batch;
using columnar::ColumnRole;
using columnar::ColumnVector;

// One action under construction.
class Action {
 public:
  Action(const Batch& batch, std::size_t row) : batch_(batch), row_(row) {}

  void Text(const char* key, ColumnRole role) {
    const ColumnVector* values = Known(role);
    if (values == nullptr) return;
    std::string text;
    delta::AppendJsonString(text, values->strings[row_]);
    Raw(key, text);
  }
  void Json(const char* key, ColumnRole role) {
    const ColumnVector* values = Known(role);
    if (values != nullptr) Raw(key, values->strings[row_]);
  }
  void Integer(const char* key, ColumnRole role) {
    const ColumnVector* values = Known(role);
    if (values != nullptr) Raw(key, std::to_string(values->ints[row_]));
  }
  void Flag(const char* key, ColumnRole role) {
    const ColumnVector* values = Known(role);
    if (values != nullptr) Raw(key, values->ints[row_] != 0 ? "true" : "false");
  }
  void Raw(const char* key, std::string_view json) {
    delta::AppendJsonKey(body_, key);
    body_ += json;
  }
  // The members of an object in a column.
  void Members(ColumnRole role) {
    const ColumnVector* values = Known(role);
    const auto members = values == nullptr ? std::nullopt : delta::JsonObjectMembers(values->strings[row_]);
    for (std::size_t i = 0; members && i < members->size(); ++i) Raw((*members)[i].key.c_str(), (*members)[i].value);
  }
  void PartitionValues() {
    std::string object = "{";
    for (const columnar::BatchColumn& column : batch_.columns) {
      if (column.key.role != ColumnRole::kPartition || !column.values.IsValid(row_)) continue;
      delta::AppendJsonKey(object, column.key.path);
      delta::AppendJsonString(object, column.values.strings[row_]);
    }
    Raw("partitionValues", object + "}");
  }
  void DeletionVector() {
    if (Known(ColumnRole::kDvStorageType) == nullptr) return;
    Action vector(batch_, row_);
    vector.Text("storageType", ColumnRole::kDvStorageType);
    vector.Text("pathOrInlineDv", ColumnRole::kDvPathOrInline);
    vector.Integer("offset", ColumnRole::kDvOffset);
    vector.Integer("sizeInBytes", ColumnRole::kDvSizeInBytes);
    vector.Integer("cardinality", ColumnRole::kDvCardinality);
    Raw("deletionVector", vector.body_ + "}");
  }
  void Print(const char* kind) const { std::printf("{\"%s\":%s}}\n", kind, body_.c_str()); }

 private:
  const ColumnVector* Known(ColumnRole role) const {
    const ColumnVector* values = batch_.Find(role);
    return values != nullptr && values->IsValid(row_) ? values : nullptr;
  }

  const Batch& batch_;
  const std::size_t row_;
  std::string body_ = "{";
};

void PrintAdds(const Batch& batch) {
  const auto stats = delta::RenderStats(batch);
  for (std::size_t row = 0; row < batch.rows; ++row) {
    Action add(batch, row);
    add.Text("path", ColumnRole::kPath);
    add.PartitionValues();
    add.Integer("size", ColumnRole::kSize);
    add.Integer("modificationTime", ColumnRole::kModificationTime);
    add.Flag("dataChange", ColumnRole::kDataChange);
    if (stats[row]) {
      std::string text;
      delta::AppendJsonString(text, *stats[row]);
      add.Raw("stats", text);
    }
    add.Json("tags", ColumnRole::kTags);
    add.DeletionVector();
    add.Integer("baseRowId", ColumnRole::kBaseRowId);
    add.Integer("defaultRowCommitVersion", ColumnRole::kDefaultRowCommitVersion);
    add.Text("clusteringProvider", ColumnRole::kClusteringProvider);
    add.Members(ColumnRole::kActionResidual);
    add.Print("add");
  }
}

void PrintRemoves(const Batch& batch) {
  for (std::size_t row = 0; row < batch.rows; ++row) {
    Action remove(batch, row);
    remove.Text("path", ColumnRole::kPath);
    remove.Integer("deletionTimestamp", ColumnRole::kDeletionTimestamp);
    remove.Flag("dataChange", ColumnRole::kRemoveDataChange);
    remove.Flag("extendedFileMetadata", ColumnRole::kExtendedFileMetadata);
    remove.PartitionValues();
    remove.Integer("size", ColumnRole::kSize);
    remove.Json("tags", ColumnRole::kTags);
    remove.DeletionVector();
    remove.Integer("baseRowId", ColumnRole::kBaseRowId);
    remove.Integer("defaultRowCommitVersion", ColumnRole::kDefaultRowCommitVersion);
    remove.Members(ColumnRole::kRemoveResidual);
    remove.Print("remove");
  }
}

const char* NameOf(std::uint8_t kind) {
  switch (static_cast<delta::StateKind>(kind)) {
    case delta::StateKind::kProtocol: return "protocol";
    case delta::StateKind::kMetadata: return "metaData";
    case delta::StateKind::kTransaction: return "txn";
    case delta::StateKind::kDomainMetadata: return "domainMetadata";
  }
  return "unknown";
}

Status PrintAll(columnar::BatchStream& stream, void (*print)(const Batch&)) {
  for (;;) {
    LEVEE_ASSIGN(const auto batch, stream.Next());
    if (!batch) return {};
    print(*batch);
  }
}

Status Dump(const char* store_uri) {
  LEVEE_ASSIGN(const auto store, store::OpenStore(store_uri, {}));
  LEVEE_ASSIGN(const auto tables, store->ListTables());
  if (tables.size() != 1) return Fail(ErrorCode::kInvalidArgument, store_uri, "it has not one table");
  const std::int64_t table = tables.front().id;
  const std::int64_t version = tables.front().head_version;
  LEVEE_ASSIGN(const auto state, store->ReadState(table, version));
  for (const store::StateRecord& record : state) std::printf("{\"%s\":%s}\n", NameOf(record.kind), record.json.c_str());
  LEVEE_ASSIGN(auto columns, store->ListColumns(table));
  LEVEE_ASSIGN(const auto entries,
               store->Scan({.table_id = table, .filter = {.version = version}, .columns = std::move(columns)}));
  LEVEE_RETURN_IF_ERROR(PrintAll(*entries, PrintAdds));
  LEVEE_ASSIGN(const auto tombstones, store->ReadTombstones(table, version));
  return PrintAll(*tombstones, PrintRemoves);
}

}  // namespace
}  // namespace levee

int main(int count, char** arguments) {
  if (count != 2) return 64;
  const levee::Status dumped = levee::Dump(arguments[1]);
  if (!dumped) std::fprintf(stderr, "dump_state: %s\n", dumped.error().ToString().c_str());
  return dumped ? 0 : 1;
}
