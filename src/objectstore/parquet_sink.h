// Writing Parquet without knowing Arrow: implemented by the module in src/arrow, as reading is.
#pragma once

#include <functional>

#include "base/bytes.h"
#include "base/status.h"
#include "levee/arrow_abi.h"

namespace levee::objectstore {

// Thread-safe.
class ParquetSink {
 public:
  // Takes the file's bytes in order. Called with none now and then, so that an error ends the work soon.
  using Take = std::function<Status(ByteSpan bytes)>;

  virtual ~ParquetSink() = default;
  // Reads `rows`, a stream of struct arrays, to its end, releases it, and hands one file of the same columns to `take`. A
  // row group ends before what it holds takes more than a few tens of MB, so that memory does not grow with the rows.
  // Errors of `take` come back as they are; kIo names what the stream says of itself.
  virtual Status Write(ArrowArrayStream* rows, const Take& take) = 0;
};

}  // namespace levee::objectstore
