#include "output/json_writer.h"
#include "output/record.h"

namespace levee::output {
namespace {

class RecordNdjson final : public RecordFormat {
 public:
  RecordNdjson(const std::vector<RecordColumn>& columns, BufferedWriter& writer) : writer_(writer) {
    for (const RecordColumn& column : columns) {
      std::string prefix = prefixes_.empty() ? "{" : ",";
      AppendJsonString(prefix, column.name);
      prefixes_.push_back(prefix + ':');
    }
  }

  Status Write(std::vector<Cell> cells) override {
    line_.clear();
    for (std::size_t i = 0; i < prefixes_.size(); ++i) {
      line_ += prefixes_[i];
      AppendCellJson(line_, cells[i]);
    }
    line_ += '}';
    writer_.AppendLine(line_);
    return writer_.status();
  }

  Status Finish() override { return writer_.status(); }

 private:
  std::vector<std::string> prefixes_;  // what stands before each value: {"name": or ,"name":
  BufferedWriter& writer_;
  std::string line_;
};

}  // namespace

std::unique_ptr<RecordFormat> MakeRecordNdjson(std::vector<RecordColumn> columns, BufferedWriter& writer) {
  return std::make_unique<RecordNdjson>(columns, writer);
}

}  // namespace levee::output
