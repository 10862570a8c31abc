#include "api/parquet_file.h"

#include <optional>

#include "arrow/loader.h"
#include "base/cancellation.h"
#include "columnar/watched_batches.h"
#include "output/arrow_format.h"

namespace levee::api {

Status WriteParquet(std::unique_ptr<columnar::BatchStream> batches, const std::vector<output::FileField>& fields,
                    output::BufferedWriter& writer) {
  LEVEE_ASSIGN(objectstore::ParquetSink* const sink, arrow::LoadParquetSink());
  std::optional<Error> error;
  ArrowArrayStream rows{};
  columnar::ExportArrowStream(std::make_unique<columnar::WatchedBatches>(std::move(batches), error),
                              output::ArrowColumnsOf(fields), &rows);
  Status written = sink->Write(&rows, [&writer](ByteSpan bytes) -> Status {
    LEVEE_RETURN_IF_ERROR(CheckCancelled());
    writer.Append(AsText(bytes));
    return writer.status();
  });
  if (!written && error) return std::unexpected(*std::move(error));
  return written;
}

}  // namespace levee::api
