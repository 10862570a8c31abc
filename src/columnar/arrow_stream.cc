#include <cerrno>
#include <optional>

#include "base/out_of_memory.h"
#include "columnar/arrow_array.h"
#include "columnar/arrow_export.h"
#include "columnar/partition_map.h"

namespace levee::columnar {
namespace {

// What the stream's private_data holds.
class StreamState {
 public:
  StreamState(std::unique_ptr<BatchStream> batches, std::vector<ArrowColumn> columns)
      : batches_(std::move(batches)), columns_(std::move(columns)) {
    for (const ArrowColumn& column : columns_) {
      maps_.emplace_back();
      if (column.kind == ArrowColumn::Kind::kPartitionMap) maps_.back().emplace(column.entries);
    }
  }

  void Schema(ArrowSchema* out) const {
    ArrowSchemaNode root{"+s", "", 0, {}};
    for (const ArrowColumn& column : columns_) {
      root.children.push_back(
          column.kind == ArrowColumn::Kind::kPartitionMap
              ? PartitionMapMaker::Schema(column.name)
              : ArrowSchemaNode{ArrowFormatOf(column.key.type), column.name, ARROW_FLAG_NULLABLE, {}});
    }
    MoveToArrowSchema(std::move(root), out);
  }

  // Leaves `out` released at the end.
  Status Next(ArrowArray* out) {
    *out = ArrowArray{};
    LEVEE_ASSIGN(const std::unique_ptr<Batch> batch, batches_->Next());
    if (batch == nullptr) return {};
    ArrowNode root;
    root.length = static_cast<std::int64_t>(batch->rows);
    root.buffers = {nullptr};
    root.children.resize(columns_.size());
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      LEVEE_ASSIGN(root.children[i], MakeColumn(i, *batch));
    }
    MoveToArrowArray(std::move(root), out);
    return {};
  }

  // No exception may pass the C code that asks.
  int Fail(const Error& error) noexcept {
    try {
      last_error_ = error.ToString();
    } catch (const std::bad_alloc&) {
      last_error_.clear();
    }
    if (error.code == ErrorCode::kResourceExhausted) return ENOMEM;
    return error.code == ErrorCode::kCancelled ? ECANCELED : EIO;
  }
  const char* last_error() const { return last_error_.empty() ? nullptr : last_error_.c_str(); }

 private:
  Result<ArrowNode> MakeColumn(std::size_t index, Batch& batch) {
    const ArrowColumn& column = columns_[index];
    if (column.kind == ArrowColumn::Kind::kPartitionMap) {
      const bool may_take = column.entries.size() == 1 && IsLastUse(index, column.entries[0].key);
      return maps_[index]->Make(batch, may_take);
    }
    ColumnVector* values = batch.Find(column.key);
    if (values == nullptr) return MakeNullNode(column.key.type, batch.rows);
    if (!IsLastUse(index, column.key)) return MakeArrowNode(column.key.type, *values);
    return MakeArrowNode(column.key.type, std::move(*values));
  }

  // No later column of the output needs these values.
  bool IsLastUse(std::size_t index, const ColumnKey& key) const {
    for (std::size_t i = index + 1; i < columns_.size(); ++i) {
      if (columns_[i].kind == ArrowColumn::Kind::kValues && columns_[i].key == key) return false;
      for (const ArrowColumn::MapEntry& entry : columns_[i].entries) {
        if (entry.key == key) return false;
      }
    }
    return true;
  }

  std::unique_ptr<BatchStream> batches_;
  std::vector<ArrowColumn> columns_;
  std::vector<std::optional<PartitionMapMaker>> maps_;  // by column
  std::string last_error_;
};

StreamState& StateOf(ArrowArrayStream* stream) { return *static_cast<StreamState*>(stream->private_data); }

}  // namespace

void ExportArrowStream(std::unique_ptr<BatchStream> batches, std::vector<ArrowColumn> columns,
                       ArrowArrayStream* out) {
  out->private_data = new StreamState(std::move(batches), std::move(columns));
  out->get_schema = [](ArrowArrayStream* stream, ArrowSchema* schema) {
    const Status status = CatchOutOfMemory([&]() -> Status {
      StateOf(stream).Schema(schema);
      return {};
    });
    return status ? 0 : StateOf(stream).Fail(status.error());
  };
  out->get_next = [](ArrowArrayStream* stream, ArrowArray* array) {
    const Status status = CatchOutOfMemory([&] { return StateOf(stream).Next(array); });
    return status ? 0 : StateOf(stream).Fail(status.error());
  };
  out->get_last_error = [](ArrowArrayStream* stream) { return StateOf(stream).last_error(); };
  out->release = [](ArrowArrayStream* stream) {
    delete static_cast<StreamState*>(stream->private_data);
    stream->release = nullptr;
  };
}

}  // namespace levee::columnar
