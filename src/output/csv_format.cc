#include "base/cancellation.h"
#include "output/csv_text.h"
#include "output/file_format.h"

namespace levee::output {
namespace {

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
        AppendCsvCell(line_, bound.CellAt(field, row));
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
      AppendCsvText(line_, field.name);
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
