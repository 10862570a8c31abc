#include "base/cancellation.h"
#include "output/file_format.h"
#include "output/json_writer.h"

namespace levee::output {
namespace {

class NdjsonFormat final : public FileFormat {
 public:
  NdjsonFormat(FileFields fields, BufferedWriter& writer) : fields_(std::move(fields)), writer_(writer) {
    for (const FileField& field : fields_) {
      std::string prefix = prefixes_.empty() ? "{" : ",";
      AppendJsonString(prefix, field.name);
      prefixes_.push_back(prefix + ':');
    }
  }

  Status Write(const FileRows& rows) override {
    const BoundFileFields bound(fields_, rows);
    for (std::size_t row = 0; row < bound.rows(); ++row) {
      // A large batch takes a while to write.
      if (row % 64 == 0) LEVEE_RETURN_IF_ERROR(CheckCancelled());
      line_.clear();
      for (std::size_t field = 0; field < bound.fields(); ++field) {
        line_ += prefixes_[field];
        bound.AppendJson(line_, field, row);
      }
      line_ += '}';
      writer_.AppendLine(line_);
    }
    return writer_.status();
  }

  Status Finish() override { return writer_.status(); }

 private:
  const FileFields fields_;
  std::vector<std::string> prefixes_;  // what stands before each value
  BufferedWriter& writer_;
  std::string line_;
};

}  // namespace

std::unique_ptr<FileFormat> MakeNdjsonFormat(FileFields fields, BufferedWriter& writer) {
  return std::make_unique<NdjsonFormat>(std::move(fields), writer);
}

}  // namespace levee::output
