// Lists of files as a Parquet file.
#pragma once

#include <memory>
#include <vector>

#include "columnar/batch.h"
#include "output/buffered_writer.h"
#include "output/file_fields.h"

namespace levee::api {

// Writes the whole file, in row groups as the batches come; does not flush the writer. Columns are those of
// output::WriteArrow. kUnsupported, with nothing written, where the Arrow module cannot be loaded.
Status WriteParquet(std::unique_ptr<columnar::BatchStream> batches, const std::vector<output::FileField>& fields,
                    output::BufferedWriter& writer);

}  // namespace levee::api
