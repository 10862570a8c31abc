#include "delta/checkpoint_parts.h"

#include <cerrno>

#include "base/cancellation.h"
#include "delta/cancellable_parquet.h"
#include "types/file_key.h"

namespace levee::delta {
namespace {

constexpr std::string_view kSidecarFolder = "_delta_log/_sidecars/";

// Releases what the Arrow C interfaces hand over.
template <typename T>
struct Released : T {
  Released() : T{} {}
  ~Released() {
    if (this->release != nullptr) this->release(this);
  }
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;
};

// `code` is an errno: EIO tells that the file could not be fetched, which says nothing about the file.
std::unexpected<Error> StreamError(ArrowArrayStream& stream, int code) {
  if (Status going = CheckCancelled(); !going) return std::unexpected(std::move(going).error());
  const char* const reason = stream.get_last_error(&stream);
  return Fail(code == EIO ? ErrorCode::kUnavailable : ErrorCode::kCorrupt, "checkpoint",
              reason == nullptr ? "it cannot be decoded" : reason);
}

}  // namespace

Result<std::string> SidecarPath(const objectstore::ObjectStore& store, std::string_view path) {
  const std::string canonical = types::CanonicalPath(path);
  const bool absolute = canonical.starts_with('/') || canonical.find("://") != std::string::npos;
  if (!absolute) return std::string(kSidecarFolder) + canonical;
  for (const std::string& root : {store.local_root(), types::CanonicalPath(store.uri())}) {
    if (!root.empty() && canonical.starts_with(root + "/")) return canonical.substr(root.size() + 1);
  }
  return Fail(ErrorCode::kUnsupported, std::string(path), "the sidecar lies outside of the table's folder");
}

Result<std::vector<std::unique_ptr<objectstore::ParquetFile>>> OpenCheckpointFiles(
    objectstore::ObjectStore& store, objectstore::ParquetSource& parquet, const CheckpointFiles& checkpoint,
    const std::vector<objectstore::ObjectInfo>& sidecars) {
  std::vector<std::string> paths;
  if (checkpoint.kind != CheckpointFiles::Kind::kV2Json) {
    for (const auto& part : checkpoint.parts) paths.push_back(std::string(kLogFolder) + "/" + part.name);
  }
  for (const auto& sidecar : sidecars) {
    LEVEE_ASSIGN(std::string path, SidecarPath(store, sidecar.name));
    paths.push_back(std::move(path));
  }
  std::vector<std::unique_ptr<objectstore::ParquetFile>> files;
  for (const std::string& path : paths) {
    auto file = OpenCancellable(store, parquet, path);
    // A sidecar that is gone makes the checkpoint unusable, not the table.
    if (!file && file.error().code == ErrorCode::kNotFound) {
      return Fail(ErrorCode::kCorrupt, path, "the checkpoint needs it and it is not there");
    }
    LEVEE_ASSIGN(auto opened, std::move(file));
    files.push_back(std::move(opened));
  }
  return files;
}

bool MayHold(const objectstore::ParquetFile& file, int row_group, std::string_view column) {
  const std::vector<std::string>& leaves = file.leaf_paths();
  const std::string prefix = std::string(column) + ".";
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (leaves[i].starts_with(prefix) && !file.AllNull(row_group, i)) return true;
  }
  return false;
}

Status VisitBatches(objectstore::ParquetFile& file, int row_group, const std::vector<std::string>& columns,
                    int batch_rows,
                    const std::function<Result<bool>(const ArrowColumn&, std::int64_t)>& visit) {
  Released<ArrowArrayStream> stream;
  LEVEE_RETURN_IF_ERROR(file.OpenStream(row_group, columns, batch_rows, &stream));
  Released<ArrowSchema> schema;
  if (const int code = stream.get_schema(&stream, &schema); code != 0) return StreamError(stream, code);
  while (true) {
    Released<ArrowArray> array;
    if (const int code = stream.get_next(&stream, &array); code != 0) return StreamError(stream, code);
    if (array.release == nullptr) return {};
    LEVEE_ASSIGN(const ArrowColumn batch, ArrowColumn::OfBatch(schema, array));
    LEVEE_ASSIGN(const bool more, visit(batch, array.length));
    if (!more) return {};
  }
}

}  // namespace levee::delta
