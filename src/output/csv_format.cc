#include "base/cancellation.h"
#include "output/file_format.h"
#include "output/json_writer.h"

namespace levee::output {
namespace {

void AppendCsv(std::string& line, std::string_view text) {
  // A text that is empty is quoted, so that it differs from null.
  if (!text.empty() && text.find_first_of("\",\r\n") == std::string_view::npos) {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

void AppendCell(std::string& line, const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::kNull: return;
    case Cell::Kind::kText: return AppendCsv(line, cell.text);
    case Cell::Kind::kJson: {
      std::string json;
      AppendJsonOnOneLine(json, cell.text);
      return AppendCsv(line, json);
    }
    default: return AppendCellJson(line, cell);
  }
}

class CsvFormat final : public FileFormat {
 public:
  CsvFormat(FileFields fields, BufferedWriter& writer) : fields_(std::move(fields)), writer_(writer) {}

  Status Write(const FileRows& rows) override {
    WriteHeader();
    const BoundFileFields bound(fields_, rows);
    for (std::size_t row = 0; row < bound.rows(); ++row) {
      // A large batch takes a while to write.
      if (row % 64 == 0) LEVEE_RETURN_IF_ERROR(CheckCancelled());
      line_.clear();
      for (std::size_t field = 0; field < bound.fields(); ++field) {
        if (field != 0) line_ += ',';
        AppendCell(line_, bound.CellAt(field, row));
      }
      EndLine();
    }
    return writer_.status();
  }

  Status Finish() override {
    WriteHeader();
    return writer_.status();
  }

 private:
  void WriteHeader() {
    if (header_written_) return;
    header_written_ = true;
    for (const FileField& field : fields_) {
      if (&field != &fields_.front()) line_ += ',';
      AppendCsv(line_, field.name);
    }
    EndLine();
  }

  void EndLine() {
    line_ += '\r';
    writer_.AppendLine(line_);
  }

  const FileFields fields_;
  BufferedWriter& writer_;
  bool header_written_ = false;
  std::string line_;
};

}  // namespace

std::unique_ptr<FileFormat> MakeCsvFormat(FileFields fields, BufferedWriter& writer) {
  return std::make_unique<CsvFormat>(std::move(fields), writer);
}

}  // namespace levee::output
