// Moves a stream of files to standard output.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/file_columns.h"
#include "columnar/batch.h"
#include "output/buffered_writer.h"

namespace levee::cli {

struct FileTotals {
  std::int64_t files = 0;
  std::optional<std::int64_t> bytes = 0;    // empty: sizes were not asked for
  std::optional<std::int64_t> records = 0;  // empty: not asked for, or unknown of some file
};

// How a list is printed.
struct FileListing {
  std::string_view format;  // table, ndjson, csv, paths, arrow, parquet or none
  output::TableLook look;
  output::BufferedWriter& out;
};

// Reads the stream to its end, batch by batch, and prints it.
Result<FileTotals> PrintFiles(std::unique_ptr<columnar::BatchStream> stream, const api::FilePlan& plan,
                              const FileListing& listing);

// "4 of 1,000,500 files, 612 MB, 38,112 rows"; `all_files` below zero: unknown.
std::string TotalsText(const FileTotals& totals, std::int64_t all_files);

}  // namespace levee::cli
