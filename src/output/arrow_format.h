// Lists of files as an Arrow IPC stream.
#pragma once

#include <memory>

#include "columnar/batch.h"
#include "output/buffered_writer.h"
#include "output/file_fields.h"

namespace levee::output {

// Writes the whole stream, a record batch for each batch; does not flush the writer. A field is a column
// of its own name and type; `partitionValues` is a map<utf8, utf8>, `stats` and `tags` are JSON texts, the
// deletion vector is five columns, "deletionVector.storageType" and so on.
Status WriteArrow(std::unique_ptr<columnar::BatchStream> batches, const std::vector<FileField>& fields,
                  BufferedWriter& writer);

}  // namespace levee::output
