// Lists of files in the formats that `files` and `changes` print. One format a source file.
#pragma once

#include <memory>
#include <vector>

#include "base/status.h"
#include "output/buffered_writer.h"
#include "output/file_fields.h"

namespace levee::output {

// Streams batch by batch; not thread-safe. Finish does not flush the writer.
class FileFormat {
 public:
  virtual ~FileFormat() = default;
  virtual Status Write(const FileRows& rows) = 0;
  // Writes what is held back; also for a list without rows.
  virtual Status Finish() = 0;
};

using FileFields = std::vector<FileField>;

// A path a line, as the log has it.
std::unique_ptr<FileFormat> MakePathsFormat(BufferedWriter& writer);
// A JSON object a line with the protocol's field names.
std::unique_ptr<FileFormat> MakeNdjsonFormat(FileFields fields, BufferedWriter& writer);
// RFC 4180 with a header; null is an empty field, nested values are JSON. Lines end in CRLF.
std::unique_ptr<FileFormat> MakeCsvFormat(FileFields fields, BufferedWriter& writer);
// Aligned columns for people.
std::unique_ptr<FileFormat> MakeTableFormat(FileFields fields, TableLook look, BufferedWriter& writer);
// Renders nothing.
std::unique_ptr<FileFormat> MakeNoFormat();

}  // namespace levee::output
