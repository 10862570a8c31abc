// What the tests of the store share: a folder that goes away, batches from rows, rows from streams.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "store/open/open.h"
#include "types/file_key.h"

namespace levee::store::testing {

using columnar::Batch;
using columnar::ColumnKey;
using columnar::ColumnRole;
using columnar::ColumnVector;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "levee-store-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

template <typename T>
T Value(Result<T> result) {
  EXPECT_TRUE(result) << result.error().ToString();
  if (!result) std::abort();
  return std::move(*result);
}
inline void Ok(const Status& status) { ASSERT_TRUE(status) << status.error().ToString(); }

// One file as the tests know it. `low`/`high`: bounds of the column "id"; empty: no statistics.
struct File {
  std::string path;
  std::string dv;                       // path of the deletion vector, or empty
  std::int64_t size = 0;
  std::optional<std::int64_t> low, high;
  std::optional<std::string> part;      // of the partition column "p"; empty text is NULL
  std::optional<std::int64_t> added;
  std::optional<std::int64_t> removed;

  std::string Key() const { return types::CanonicalPath(path) + "|" + dv; }
  friend bool operator==(const File&, const File&) = default;
};

inline types::PrimitiveType Long() { return {types::TypeKind::kLong, 0, 0}; }
inline types::PrimitiveType String() { return {types::TypeKind::kString, 0, 0}; }
inline ColumnKey MinKey() { return {ColumnRole::kMin, "id", Long()}; }
inline ColumnKey MaxKey() { return {ColumnRole::kMax, "id", Long()}; }
inline ColumnKey PartKey() { return {ColumnRole::kPartition, "p", String()}; }

// Collects columns by key; a column without any value is left out, as builders do.
class BatchMaker {
 public:
  void Int(const ColumnKey& key, std::optional<std::int64_t> value) {
    ColumnVector& column = Column(key);
    value ? column.PushInt(*value) : column.PushNull();
  }
  void Text(const ColumnKey& key, std::optional<std::string> value) {
    ColumnVector& column = Column(key);
    value ? column.PushString(*value) : column.PushNull();
  }
  void EndRow() { ++batch_.rows; }
  Batch Take() {
    std::erase_if(batch_.columns, [](const columnar::BatchColumn& column) {
      return column.values.has_nulls() && column.values.validity.None();
    });
    return std::move(batch_);
  }

 private:
  ColumnVector& Column(const ColumnKey& key) {
    if (ColumnVector* found = batch_.Find(key)) return *found;
    ColumnVector values;
    values.physical = types::PhysicalTypeOf(key.type);
    batch_.columns.push_back({key, values});
    return batch_.columns.back().values;
  }
  Batch batch_;
};

inline void AppendIdentity(BatchMaker& maker, const File& file) {
  maker.Text(columnar::PlainKey(ColumnRole::kPath), file.path);
  const bool dv = !file.dv.empty();
  maker.Text(columnar::PlainKey(ColumnRole::kDvStorageType), dv ? std::optional<std::string>("u") : std::nullopt);
  maker.Text(columnar::PlainKey(ColumnRole::kDvPathOrInline), dv ? std::optional(file.dv) : std::nullopt);
  maker.Int(columnar::PlainKey(ColumnRole::kDvOffset), dv ? std::optional<std::int64_t>(1) : std::nullopt);
  const std::string id = dv ? types::DvUniqueId("u", file.dv, 1) : "";
  maker.Int(columnar::PlainKey(ColumnRole::kKeyHash), static_cast<std::int64_t>(types::FileKeyHash(file.path, id)));
}

// `validity`: with kAddedVersion and kRemovedVersion, as an import has them.
inline Batch AddsOf(const std::vector<File>& files, bool validity = false) {
  BatchMaker maker;
  for (const File& file : files) {
    AppendIdentity(maker, file);
    maker.Int(columnar::PlainKey(ColumnRole::kSize), file.size);
    maker.Int(columnar::PlainKey(ColumnRole::kNumRecords), file.low ? std::optional<std::int64_t>(10) : std::nullopt);
    maker.Int(MinKey(), file.low);
    maker.Int(MaxKey(), file.high);
    maker.Text(PartKey(), file.part);
    if (validity) {
      maker.Int(columnar::PlainKey(ColumnRole::kAddedVersion), file.added);
      maker.Int(columnar::PlainKey(ColumnRole::kRemovedVersion), file.removed);
      maker.Int(columnar::PlainKey(ColumnRole::kRemoveDataChange),
                file.removed ? std::optional<std::int64_t>(1) : std::nullopt);
    }
    maker.EndRow();
  }
  return maker.Take();
}

inline Batch RemovesOf(const std::vector<File>& files, std::int64_t time) {
  BatchMaker maker;
  for (const File& file : files) {
    AppendIdentity(maker, file);
    maker.Int(columnar::PlainKey(ColumnRole::kDeletionTimestamp), time);
    maker.Int(columnar::PlainKey(ColumnRole::kRemoveDataChange), 1);
    maker.EndRow();
  }
  return maker.Take();
}

inline std::vector<ColumnKey> FileColumns() {
  return {columnar::PlainKey(ColumnRole::kPath),
          columnar::PlainKey(ColumnRole::kDvPathOrInline),
          columnar::PlainKey(ColumnRole::kSize),
          MinKey(),
          MaxKey(),
          PartKey(),
          columnar::PlainKey(ColumnRole::kAddedVersion),
          columnar::PlainKey(ColumnRole::kRemovedVersion)};
}

inline std::vector<File> FilesOf(columnar::BatchStream& stream) {
  std::vector<File> files;
  while (auto batch = Value(stream.Next())) {
    const auto number = [&](std::size_t column, std::size_t row) {
      const ColumnVector& values = batch->columns[column].values;
      EXPECT_EQ(values.rows, batch->rows);
      return values.IsValid(row) ? std::optional(values.ints[row]) : std::nullopt;
    };
    const auto text = [&](std::size_t column, std::size_t row) {
      const ColumnVector& values = batch->columns[column].values;
      EXPECT_EQ(values.rows, batch->rows);
      return values.IsValid(row) ? std::optional(std::string(values.strings[row])) : std::nullopt;
    };
    for (std::size_t row = 0; row < batch->rows; ++row) {
      files.push_back({text(0, row).value_or("?"), text(1, row).value_or(""), number(2, row).value_or(-1),
                       number(3, row), number(4, row), text(5, row), number(6, row), number(7, row)});
    }
  }
  return files;
}

inline std::map<std::string, File> ByKey(const std::vector<File>& files) {
  std::map<std::string, File> map;
  for (const File& file : files) EXPECT_TRUE(map.emplace(file.Key(), file).second) << "twice: " << file.Key();
  return map;
}

inline ScanRequest Alive(std::int64_t table_id, std::int64_t version) {
  ScanRequest request;
  request.table_id = table_id;
  request.filter = {EntryFilter::Kind::kAlive, version, 0};
  request.columns = FileColumns();
  return request;
}

inline std::map<std::string, File> ScanFiles(Store& store, const ScanRequest& request) {
  return ByKey(FilesOf(*Value(store.Scan(request))));
}

inline expr::SkippingNode Compare(expr::CompareOp op, std::int64_t literal) {
  expr::SkippingNode node;
  node.kind = expr::NodeKind::kCompare;
  node.op = op;
  node.column = {"id", "id", Long(), false};
  node.literals = {types::Value{Long(), literal}};
  return node;
}

inline expr::SkippingNode Between(std::int64_t low, std::int64_t high) {
  expr::SkippingNode node;
  node.kind = expr::NodeKind::kAnd;
  node.children = {Compare(expr::CompareOp::kGreaterEqual, low), Compare(expr::CompareOp::kLessEqual, high)};
  return node;
}

inline expr::SkippingNode PartIs(const std::string& text) {
  expr::SkippingNode node;
  node.kind = expr::NodeKind::kCompare;
  node.op = expr::CompareOp::kEqual;
  node.column = {"p", "p", String(), true};
  node.literals = {types::Value{String(), text}};
  return node;
}

inline CommitDelta Commit(std::int64_t version, const std::vector<File>& adds, const std::vector<File>& removes) {
  CommitDelta commit;
  commit.record.version = version;
  commit.record.timestamp_ms = 1000 * version;
  commit.record.fingerprint = {"etag-" + std::to_string(version), static_cast<std::uint64_t>(version) + 7};
  commit.adds = AddsOf(adds);
  commit.removes = RemovesOf(removes, 1000 * version);
  return commit;
}

// False when the head has moved. The head that a publish returns is the one that the store has.
inline bool Publish(Store& store, std::int64_t table_id, std::vector<CommitDelta> commits) {
  const Head head = *Value(store.ReadHead(table_id));
  const auto published = Value(store.PublishCommits(table_id, head, std::move(commits)));
  if (published) {
    EXPECT_EQ(published->head.version, Value(store.ReadHead(table_id))->version);
  }
  return published.has_value();
}

inline std::unique_ptr<Store> OpenFile(const std::string& path) { return Value(OpenStore(path, {})); }

}  // namespace levee::store::testing
