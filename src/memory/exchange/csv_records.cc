#include "memory/exchange/csv_records.h"

#include "base/status.h"
#include "memory/model/errors.h"

namespace levee::memory {
namespace {

constexpr std::size_t kReadBytes = 64u << 10;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::unexpected<Error> BadRecord(std::int64_t line, std::string why) {
  return InvalidItem("line " + std::to_string(line), std::move(why));
}

}  // namespace

Result<int> CsvReader::Peek() {
  if (at_ < end_) return static_cast<unsigned char>(buffer_[at_]);
  if (at_end_) return -1;
  buffer_.resize(kReadBytes);
  at_ = end_ = 0;
  LEVEE_ASSIGN(end_, read_({buffer_.data(), buffer_.size()}));
  at_end_ = end_ == 0;
  if (!started_ && std::string_view(buffer_).substr(0, end_).starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  started_ = true;
  return Peek();
}

Result<int> CsvReader::Take() {
  LEVEE_ASSIGN(const int byte, Peek());
  if (byte < 0) return byte;
  ++at_;
  if (byte == '\n') ++line_;
  if (++record_bytes_ > limit_) return BadRecord(line_, "the record is longer than " + std::to_string(limit_) + " bytes");
  return byte;
}

Result<std::optional<CsvReader::Record>> CsvReader::Next() {
  while (true) {
    LEVEE_ASSIGN(const int first, Peek());
    if (first < 0) return std::nullopt;
    Record record{.line = line_, .fields = {}};
    record_bytes_ = 0;
    if (Status read = ReadRecord(record); !read) {
      at_end_ = true;
      at_ = end_;
      return std::unexpected(std::move(read).error());
    }
    if (record.fields.size() > 1 || !record.fields[0].empty()) return record;
  }
}

Status CsvReader::ReadRecord(Record& record) {
  record.fields.emplace_back();
  bool quoted = false;
  while (true) {
    LEVEE_ASSIGN(int byte, Take());
    std::string& field = record.fields.back();
    if (byte == '\r') {
      LEVEE_ASSIGN(const int next, Peek());
      if (next == '\n') {
        LEVEE_ASSIGN(byte, Take());
      }
    }
    if (byte < 0 || byte == '\n') return {};
    if (byte == ',') {
      record.fields.emplace_back();
      quoted = false;
    } else if (quoted || (byte == '"' && !field.empty())) {
      return BadRecord(line_, "something stands beside a field's quotes");
    } else if (byte == '"') {
      LEVEE_RETURN_IF_ERROR(ReadQuoted(field, line_));
      quoted = true;
    } else {
      field += static_cast<char>(byte);
    }
  }
}

Status CsvReader::ReadQuoted(std::string& field, std::int64_t line) {
  while (true) {
    LEVEE_ASSIGN(const int byte, Take());
    if (byte < 0) return BadRecord(line, "a quote has no end");
    if (byte == '"') {
      LEVEE_ASSIGN(const int next, Peek());
      if (next != '"') return {};
      LEVEE_RETURN_IF_ERROR(Take());
    }
    field += static_cast<char>(byte);
  }
}

void AppendCsvField(std::string& out, std::string_view field) {
  const bool plain = field.find_first_of("\",\r\n") == std::string_view::npos && !field.starts_with(' ') && !field.ends_with(' ');
  if (plain) {
    out += field;
    return;
  }
  out += '"';
  for (const char c : field) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace levee::memory
