#include "output/file_format.h"

namespace levee::output {
namespace {

class PathsFormat final : public FileFormat {
 public:
  explicit PathsFormat(BufferedWriter& writer) : writer_(writer) {}

  Status Write(const FileRows& rows) override {
    const columnar::ColumnVector* paths = rows.batch.Find(columnar::ColumnRole::kPath);
    if (paths == nullptr) return {};
    for (std::size_t row = 0; row < rows.batch.rows; ++row) writer_.AppendLine(paths->strings[row]);
    return writer_.status();
  }

  Status Finish() override { return writer_.status(); }

 private:
  BufferedWriter& writer_;
};

class NoFormat final : public FileFormat {
 public:
  Status Write(const FileRows&) override { return {}; }
  Status Finish() override { return {}; }
};

}  // namespace

std::unique_ptr<FileFormat> MakePathsFormat(BufferedWriter& writer) {
  return std::make_unique<PathsFormat>(writer);
}
std::unique_ptr<FileFormat> MakeNoFormat() { return std::make_unique<NoFormat>(); }

}  // namespace levee::output
