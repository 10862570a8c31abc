#include "output/csv_text.h"

#include "output/json_writer.h"

namespace levee::output {

void AppendCsvText(std::string& line, std::string_view text) {
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

void AppendCsvCell(std::string& line, const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::kNull: return;
    case Cell::Kind::kText: return AppendCsvText(line, cell.text);
    case Cell::Kind::kJson: {
      std::string json;
      AppendJsonOnOneLine(json, cell.text);
      return AppendCsvText(line, json);
    }
    default: return AppendCellJson(line, cell);
  }
}

}  // namespace levee::output
