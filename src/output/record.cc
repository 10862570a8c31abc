#include "output/record.h"

#include "output/human_text.h"
#include "output/json_writer.h"

namespace levee::output {

void AppendCellJson(std::string& out, const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::kNull: out += "null"; return;
    case Cell::Kind::kBool: out += cell.integer != 0 ? "true" : "false"; return;
    case Cell::Kind::kInteger:
    case Cell::Kind::kSize: AppendInteger(out, cell.integer); return;
    case Cell::Kind::kTime: AppendJsonString(out, UtcTime(cell.integer)); return;
    case Cell::Kind::kText: AppendJsonString(out, cell.text); return;
    case Cell::Kind::kJson: AppendJsonOnOneLine(out, cell.text); return;
  }
}

std::string CellText(const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::kNull: return "-";
    case Cell::Kind::kBool: return cell.integer != 0 ? "true" : "false";
    case Cell::Kind::kInteger: return GroupedNumber(cell.integer);
    case Cell::Kind::kSize: return HumanSize(cell.integer);
    case Cell::Kind::kTime: return UtcTime(cell.integer);
    case Cell::Kind::kText:
    case Cell::Kind::kJson: return Printable(cell.text);
  }
  return {};
}

}  // namespace levee::output
