#include "output/json_writer.h"
#include "output/record.h"

namespace levee::output {
namespace {

class RecordJson final : public RecordFormat {
 public:
  RecordJson(std::vector<RecordColumn> columns, BufferedWriter& writer) : columns_(std::move(columns)), writer_(writer) {}

  Status Write(std::vector<Cell> cells) override {
    std::string object = rows_++ == 0 ? "[{" : ",\n {";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) object += ',';
      AppendJsonString(object, columns_[i].name);
      object += ':';
      AppendCellJson(object, cells[i]);
    }
    writer_.Append(object + '}');
    return writer_.status();
  }

  Status Finish() override {
    writer_.AppendLine(rows_ == 0 ? "[]" : "]");
    return writer_.status();
  }

 private:
  const std::vector<RecordColumn> columns_;
  BufferedWriter& writer_;
  std::size_t rows_ = 0;
};

}  // namespace

std::unique_ptr<RecordFormat> MakeRecordJson(std::vector<RecordColumn> columns, BufferedWriter& writer) {
  return std::make_unique<RecordJson>(std::move(columns), writer);
}

}  // namespace levee::output
