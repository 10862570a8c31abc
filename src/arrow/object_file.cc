#include "arrow/object_file.h"

#include <arrow/buffer.h>
#include <arrow/io/file.h>
#include <arrow/result.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>

#include "objectstore/relative_path.h"

namespace levee::arrow {
namespace {

class ObjectFile final : public RemoteFile {
 public:
  ObjectFile(objectstore::ObjectStore& store, std::string path, std::int64_t size, ::arrow::MemoryPool& pool)
      : store_(store), path_(std::move(path)), size_(size), pool_(pool) {}

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
    ARROW_ASSIGN_OR_RAISE(const std::string bytes, ReadBytes(position, size));
    std::memcpy(out, bytes.data(), bytes.size());
    return static_cast<std::int64_t>(bytes.size());
  }
  ::arrow::Result<std::shared_ptr<::arrow::Buffer>> ReadAt(std::int64_t position,
                                                           std::int64_t size) override {
    ARROW_ASSIGN_OR_RAISE(const std::string bytes, ReadBytes(position, size));
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<::arrow::Buffer> buffer,
                          ::arrow::AllocateBuffer(static_cast<std::int64_t>(bytes.size()), &pool_));
    std::memcpy(buffer->mutable_data(), bytes.data(), bytes.size());
    return buffer;
  }

  std::optional<Error> store_error() const override {
    const std::lock_guard lock(mutex_);
    return store_error_;
  }

  void Stop() override {
    std::unique_lock lock(mutex_);
    stopped_ = true;
    idle_.wait(lock, [this] { return reads_ == 0; });
  }

 private:
  ::arrow::Result<std::string> ReadBytes(std::int64_t position, std::int64_t size) {
    if (position < 0 || size < 0) return ::arrow::Status::Invalid("negative range");
    size = std::clamp<std::int64_t>(size_ - position, 0, size);
    {
      const std::lock_guard lock(mutex_);
      if (stopped_) return ::arrow::Status::Cancelled("the file is closed");
      ++reads_;
    }
    auto bytes =
        store_.ReadRange(path_, static_cast<std::uint64_t>(position), static_cast<std::uint64_t>(size));
    const std::lock_guard lock(mutex_);
    --reads_;
    idle_.notify_all();
    if (bytes) return std::move(*bytes);
    if (bytes.error().code != ErrorCode::kOutOfRange && !store_error_) store_error_ = bytes.error();
    return ::arrow::Status::IOError(bytes.error().ToString());
  }

  objectstore::ObjectStore& store_;
  const std::string path_;
  const std::int64_t size_;
  ::arrow::MemoryPool& pool_;
  std::int64_t position_ = 0;
  bool closed_ = false;
  mutable std::mutex mutex_;
  std::condition_variable idle_;
  // Guarded by mutex_.
  int reads_ = 0;
  bool stopped_ = false;
  std::optional<Error> store_error_;
};

}  // namespace

Result<OpenedFile> OpenObjectFile(objectstore::ObjectStore& store, std::string_view path, ::arrow::MemoryPool& pool) {
  LEVEE_RETURN_IF_ERROR(objectstore::CheckRelativePath(path));
  LEVEE_ASSIGN(const auto info, store.Stat(path));
  if (!info) return Fail(ErrorCode::kNotFound, std::string(path), "it is not there");
  if (const std::string root = store.local_root(); !root.empty()) {
    auto file = ::arrow::io::ReadableFile::Open(root + "/" + std::string(path));
    if (!file.ok()) return Fail(ErrorCode::kIo, std::string(path), file.status().message());
    return OpenedFile{.file = *file, .remote = nullptr};
  }
  auto file =
      std::make_shared<ObjectFile>(store, std::string(path), static_cast<std::int64_t>(info->size_bytes), pool);
  return OpenedFile{.file = file, .remote = file};
}

}  // namespace levee::arrow
