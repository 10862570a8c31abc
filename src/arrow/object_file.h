// An object of any object store as a file of Arrow.
#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/memory_pool.h>

#include <memory>
#include <optional>
#include <string_view>

#include "base/status.h"
#include "objectstore/object_store.h"

namespace levee::arrow {

// A file that is read over the network. Positional reads are thread-safe, as Arrow asks; the cursor is not.
class RemoteFile : public ::arrow::io::RandomAccessFile {
 public:
  // What the store said when a read failed, but for reads beyond the object's end: that is the file's own fault. Empty
  // while all went well.
  virtual std::optional<Error> store_error() const = 0;
  // Later reads fail, and those that are under way have ended.
  virtual void Stop() = 0;
};

struct OpenedFile {
  std::shared_ptr<::arrow::io::RandomAccessFile> file;
  std::shared_ptr<RemoteFile> remote;  // the same file, where it is one
};

// Opens the local file itself when the store is local, else reads by range, into memory of `pool`. The local file is never
// mapped: its pages would count as the process's memory. `store` and `pool` outlive the file.
Result<OpenedFile> OpenObjectFile(objectstore::ObjectStore& store, std::string_view path, ::arrow::MemoryPool& pool);

}  // namespace levee::arrow
