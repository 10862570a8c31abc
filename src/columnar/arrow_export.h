// Batches out of Levee: as an Arrow C stream, or as bytes of an Arrow IPC stream.
//
// Types: boolean -> bool; byte, short, integer, long -> int8 to int64; float, double; decimal ->
// decimal128; date -> date32; timestamp -> timestamp[us, UTC]; timestamp_ntz -> timestamp[us];
// string -> utf8; anything else of text -> binary. Vectors of the same form are moved, not copied.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "columnar/batch.h"
#include "levee/arrow_abi.h"

namespace levee::columnar {

// One column of the output.
struct ArrowColumn {
  enum class Kind : unsigned char {
    kValues,        // the batch's column `key`; nulls where a batch lacks it
    kPartitionMap,  // a map<utf8, utf8> made of several string columns, one entry each
  };
  struct MapEntry {
    std::string name;  // the entry's key in every row
    ColumnKey key;     // a column of strings; null rows become null values
  };

  std::string name;
  Kind kind = Kind::kValues;
  ColumnKey key;                  // kValues
  std::vector<MapEntry> entries;  // kPartitionMap
};

// Initialises `out` with a stream of struct arrays, one for each batch; the caller releases it. Batches are
// read as the consumer asks for them; an error of theirs is the stream's last error. A batch with more than 2
// GB of text in a column is refused.
void ExportArrowStream(std::unique_ptr<BatchStream> batches, std::vector<ArrowColumn> columns,
                       ArrowArrayStream* out);

// Takes bytes in order.
using ByteSink = std::function<Status(ByteSpan)>;

// A sink that writes to an open file descriptor, which stays the caller's. A pipe without readers is kIo.
ByteSink FileDescriptorSink(int descriptor);

// Writes the whole stream, schema to end marker.
Status WriteArrowIpc(std::unique_ptr<BatchStream> batches, std::vector<ArrowColumn> columns,
                     const ByteSink& sink);

}  // namespace levee::columnar
