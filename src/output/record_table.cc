#include <algorithm>

#include "output/human_text.h"
#include "output/record.h"

namespace levee::output {
namespace {

// Widths are measured on the first rows; later ones that are wider push their line out.
constexpr std::size_t kMeasuredRows = 1000;
constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 12;  // no column is cut below this

class RecordTable final : public RecordFormat {
 public:
  RecordTable(std::vector<RecordColumn> columns, TableLook look, BufferedWriter& writer)
      : columns_(std::move(columns)), look_(look), writer_(writer) {
    for (const RecordColumn& column : columns_) widths_.push_back(DisplayWidth(column.name));
  }

  Status Write(std::vector<Cell> cells) override {
    std::vector<std::string> texts;
    texts.reserve(cells.size());
    for (const Cell& cell : cells) texts.push_back(CellText(cell));
    if (measured_) {
      WriteLine(texts);
      return writer_.status();
    }
    for (std::size_t i = 0; i < texts.size(); ++i) widths_[i] = std::max(widths_[i], DisplayWidth(texts[i]));
    held_.push_back(std::move(texts));
    if (held_.size() == kMeasuredRows) WriteHeld();
    return writer_.status();
  }

  Status Finish() override {
    if (!measured_) WriteHeld();
    return writer_.status();
  }

 private:
  void WriteHeld() {
    measured_ = true;
    FitTerminal();
    WriteHeader();
    for (const std::vector<std::string>& texts : held_) WriteLine(texts);
    held_ = {};
  }

  // Takes from the widest column until the line fits, on a terminal only.
  void FitTerminal() {
    if (look_.width == 0 || widths_.empty()) return;
    std::size_t total = kGap * (widths_.size() - 1);
    for (const std::size_t width : widths_) total += width;
    while (total > look_.width) {
      std::size_t& widest = *std::max_element(widths_.begin(), widths_.end());
      if (widest <= kNarrowest) return;
      const std::size_t cut = std::min(total - look_.width, widest - kNarrowest);
      // Never below the second widest: then that one is cut too.
      std::size_t second = kNarrowest;
      for (const std::size_t& width : widths_) {
        if (&width != &widest) second = std::max(second, width);
      }
      const std::size_t step = second < widest ? std::min(cut, widest - second) : 1;
      widest -= step;
      total -= step;
    }
  }

  void WriteHeader() {
    if (columns_.empty()) return;
    std::vector<std::string> names;
    for (const RecordColumn& column : columns_) names.push_back(column.name);
    if (look_.colour) writer_.Append("\x1b[1m");
    WriteLine(names);
    if (look_.colour) writer_.Append("\x1b[0m");
  }

  void WriteLine(const std::vector<std::string>& texts) {
    line_.clear();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::string cut = look_.width == 0 ? std::string() : Shortened(texts[i], widths_[i]);
      const std::string& text = look_.width == 0 ? texts[i] : cut;
      const std::size_t width = DisplayWidth(text);
      const std::size_t padding = width < widths_[i] ? widths_[i] - width : 0;
      if (i != 0) line_.append(kGap, ' ');
      if (columns_[i].right) line_.append(padding, ' ');
      line_ += text;
      // The last column needs nothing after it.
      if (!columns_[i].right && i + 1 != texts.size()) line_.append(padding, ' ');
    }
    writer_.AppendLine(line_);
  }

  const std::vector<RecordColumn> columns_;
  const TableLook look_;
  BufferedWriter& writer_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> held_;  // rows until the widths are known
  bool measured_ = false;
  std::string line_;
};

}  // namespace

std::unique_ptr<RecordFormat> MakeRecordTable(std::vector<RecordColumn> columns, TableLook look,
                                              BufferedWriter& writer) {
  return std::make_unique<RecordTable>(std::move(columns), look, writer);
}

}  // namespace levee::output
