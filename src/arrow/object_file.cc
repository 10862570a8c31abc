#include "arrow/object_file.h"

#include <arrow/buffer.h>
#include <arrow/io/file.h>
#include <arrow/result.h>

#include <algorithm>
#include <cstring>

#include "objectstore/relative_path.h"

namespace levee::arrow {
namespace {

// Positional reads are thread-safe, as Arrow asks; the cursor is not.
class ObjectFile final : public ::arrow::io::RandomAccessFile {
 public:
  ObjectFile(objectstore::ObjectStore& store, std::string path, std::int64_t size)
      : store_(store), path_(std::move(path)), size_(size) {}

  ::arrow::Status Close() override {
    closed_ = true;
    return ::arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  ::arrow::Result<std::int64_t> Tell() const override { return position_; }
  ::arrow::Status Seek(std::int64_t position) override {
    position_ = position;
    return ::arrow::Status::OK();
  }
  ::arrow::Result<std::int64_t> GetSize() override { return size_; }

  ::arrow::Result<std::int64_t> Read(std::int64_t size, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const std::int64_t got, ReadAt(position_, size, out));
    position_ += got;
    return got;
  }
  ::arrow::Result<std::shared_ptr<::arrow::Buffer>> Read(std::int64_t size) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position_, size));
    position_ += buffer->size();
    return buffer;
  }
  ::arrow::Result<std::int64_t> ReadAt(std::int64_t position, std::int64_t size, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const auto buffer, ReadAt(position, size));
    std::memcpy(out, buffer->data(), static_cast<std::size_t>(buffer->size()));
    return buffer->size();
  }
  ::arrow::Result<std::shared_ptr<::arrow::Buffer>> ReadAt(std::int64_t position,
                                                           std::int64_t size) override {
    if (position < 0 || size < 0) return ::arrow::Status::Invalid("negative range");
    size = std::clamp<std::int64_t>(size_ - position, 0, size);
    auto bytes =
        store_.ReadRange(path_, static_cast<std::uint64_t>(position), static_cast<std::uint64_t>(size));
    if (!bytes) return ::arrow::Status::IOError(bytes.error().ToString());
    return ::arrow::Buffer::FromString(std::move(*bytes));
  }

 private:
  objectstore::ObjectStore& store_;
  const std::string path_;
  const std::int64_t size_;
  std::int64_t position_ = 0;
  bool closed_ = false;
};

}  // namespace

Result<std::shared_ptr<::arrow::io::RandomAccessFile>> OpenObjectFile(objectstore::ObjectStore& store,
                                                                      std::string_view path) {
  LEVEE_RETURN_IF_ERROR(objectstore::CheckRelativePath(path));
  LEVEE_ASSIGN(const auto info, store.Stat(path));
  if (!info) return Fail(ErrorCode::kNotFound, std::string(path), "it is not there");
  if (const std::string root = store.local_root(); !root.empty()) {
    auto file = ::arrow::io::ReadableFile::Open(root + "/" + std::string(path));
    if (!file.ok()) return Fail(ErrorCode::kIo, std::string(path), file.status().message());
    return *file;
  }
  return std::make_shared<ObjectFile>(store, std::string(path), static_cast<std::int64_t>(info->size_bytes));
}

}  // namespace levee::arrow
