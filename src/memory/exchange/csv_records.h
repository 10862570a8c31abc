// Records of CSV (RFC 4180), one at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "memory/json/line_reader.h"

namespace levee::memory {

// Lines end with CR LF or LF; a byte order mark is skipped, and so are empty lines. Not thread-safe.
class CsvReader {
 public:
  CsvReader(ReadBytes read, std::size_t record_limit_bytes) : read_(std::move(read)), limit_(record_limit_bytes) {}

  struct Record {
    std::int64_t line = 0;  // its first, from 1
    std::vector<std::string> fields;
  };
  // Empty at the end. VALIDATION_ERROR names the line of a quote without an end, of text beside quotes, and of a record above the limit;
  // nothing can be read after it.
  Result<std::optional<Record>> Next();

 private:
  // The next byte, or -1 at the end.
  Result<int> Take();
  Result<int> Peek();
  Status ReadRecord(Record& record);
  // Behind the opening quote; ends behind the closing one.
  Status ReadQuoted(std::string& field, std::int64_t line);

  ReadBytes read_;
  std::size_t limit_, record_bytes_ = 0;
  std::string buffer_;
  std::size_t at_ = 0, end_ = 0;
  std::int64_t line_ = 1;
  bool at_end_ = false, started_ = false;
};

// Appends a field, between quotes where it needs them.
void AppendCsvField(std::string& out, std::string_view field);

}  // namespace levee::memory
