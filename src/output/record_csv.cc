#include "output/csv_text.h"
#include "output/record.h"

namespace levee::output {
namespace {

class RecordCsv final : public RecordFormat {
 public:
  RecordCsv(const std::vector<RecordColumn>& columns, BufferedWriter& writer) : writer_(writer) {
    for (const RecordColumn& column : columns) {
      if (!line_.empty()) line_ += ',';
      AppendCsvText(line_, column.name);
    }
    EndLine();
  }

  Status Write(std::vector<Cell> cells) override {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) line_ += ',';
      AppendCsvCell(line_, cells[i]);
    }
    EndLine();
    return writer_.status();
  }

  Status Finish() override { return writer_.status(); }

 private:
  void EndLine() {
    line_ += '\r';
    writer_.AppendLine(line_);
    line_.clear();
  }

  BufferedWriter& writer_;
  std::string line_;
};

}  // namespace

std::unique_ptr<RecordFormat> MakeRecordCsv(std::vector<RecordColumn> columns, BufferedWriter& writer) {
  return std::make_unique<RecordCsv>(columns, writer);
}

}  // namespace levee::output
