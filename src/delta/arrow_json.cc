#include "delta/arrow_json.h"

#include "delta/json_text.h"
#include "delta/stats_value.h"

namespace levee::delta {
namespace {

using types::TypeKind;

void AppendStruct(std::string& json, const ArrowColumn& column, std::int64_t row) {
  json.push_back('{');
  for (const ArrowColumn& child : column.Children()) {
    if (child.IsNull(row)) continue;
    AppendJsonKey(json, child.name());
    AppendArrowJson(json, child, row);
  }
  json.push_back('}');
}

void AppendMap(std::string& json, const ArrowColumn& column, std::int64_t row) {
  const std::vector<ArrowColumn> entries = column.Elements().Children();
  const ArrowColumn::Range range = column.ElementsOf(row);
  json.push_back('{');
  for (std::int64_t i = range.begin; i < range.end && entries.size() == 2; ++i) {
    if (entries[0].kind() != ArrowKind::kText) continue;
    AppendJsonKey(json, entries[0].Text(i));
    AppendArrowJson(json, entries[1], i);
  }
  json.push_back('}');
}

void AppendList(std::string& json, const ArrowColumn& column, std::int64_t row) {
  const ArrowColumn elements = column.Elements();
  const ArrowColumn::Range range = column.ElementsOf(row);
  json.push_back('[');
  for (std::int64_t i = range.begin; i < range.end; ++i) {
    if (i != range.begin) json.push_back(',');
    AppendArrowJson(json, elements, i);
  }
  json.push_back(']');
}

}  // namespace

void AppendArrowJson(std::string& json, const ArrowColumn& column, std::int64_t row) {
  if (column.IsNull(row)) {
    json += "null";
    return;
  }
  switch (column.kind()) {
    case ArrowKind::kBoolean: json += column.Boolean(row) ? "true" : "false"; break;
    case ArrowKind::kInteger: json += std::to_string(column.Integer(row)); break;
    case ArrowKind::kReal:
      AppendStatsDouble(json, column.Real(row),
                        {column.is_single_precision() ? TypeKind::kFloat : TypeKind::kDouble, 0, 0});
      break;
    case ArrowKind::kText: AppendJsonString(json, column.Text(row)); break;
    case ArrowKind::kDate: AppendStatsInteger(json, column.Integer(row), {TypeKind::kDate, 0, 0}); break;
    case ArrowKind::kTimestamp:
      AppendStatsInteger(json, column.Micros(row).value_or(0),
                         {column.has_zone() ? TypeKind::kTimestamp : TypeKind::kTimestampNtz, 0, 0});
      break;
    case ArrowKind::kDecimal:
      json += types::FormatDecimal(column.Decimal(row), column.decimal_scale());
      break;
    case ArrowKind::kStruct: AppendStruct(json, column, row); break;
    case ArrowKind::kMap: AppendMap(json, column, row); break;
    case ArrowKind::kList: AppendList(json, column, row); break;
    case ArrowKind::kNone:
    case ArrowKind::kOther: json += "null"; break;
  }
}

}  // namespace levee::delta
