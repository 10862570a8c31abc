// Lists of files as an Arrow IPC stream.
#pragma once

#include <memory>
#include <vector>

#include "columnar/arrow_export.h"
#include "columnar/batch.h"
#include "output/buffered_writer.h"
#include "output/file_fields.h"

namespace levee::output {

// What fields are in Arrow: see WriteArrow.
std::vector<columnar::ArrowColumn> ArrowColumnsOf(const std::vector<FileField>& fields);

// Writes the whole stream, a record batch for each batch; does not flush the writer. A field is a column
// of its own name and type; `partitionValues` is a map<utf8, utf8>, `stats` and `tags` are JSON texts, the
// deletion vector is five columns, "deletionVector.storageType" and so on.
Status WriteArrow(std::unique_ptr<columnar::BatchStream> batches, const std::vector<FileField>& fields,
                  BufferedWriter& writer);

}  // namespace levee::output
