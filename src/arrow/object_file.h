// An object of any object store as a file of Arrow.
#pragma once

#include <arrow/io/interfaces.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "objectstore/object_store.h"

namespace levee::arrow {

// Opens the local file itself when the store is local, else reads by range. The file is never mapped:
// its pages would count as the process's memory. `store` outlives the file.
Result<std::shared_ptr<::arrow::io::RandomAccessFile>> OpenObjectFile(objectstore::ObjectStore& store,
                                                                      std::string_view path);

}  // namespace levee::arrow
