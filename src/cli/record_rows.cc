#include "cli/record_rows.h"

#include <array>

#include "cli/option_values.h"

namespace levee::cli {

std::expected<std::unique_ptr<output::RecordFormat>, Failure> MakeRecordRows(
    const Context& context, std::vector<output::RecordColumn> columns) {
  constexpr std::array<std::string_view, 2> kFormats{"table", "ndjson"};
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  if (format == "ndjson") return output::MakeRecordNdjson(std::move(columns), context.out);
  return output::MakeRecordTable(std::move(columns), context.console.terminals().table_look, context.out);
}

std::expected<std::unique_ptr<output::RecordFormat>, Failure> MakeReportRows(
    const Context& context, std::vector<output::RecordColumn> columns) {
  constexpr std::array<std::string_view, 4> kFormats{"table", "json", "ndjson", "csv"};
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  if (format == "json") return output::MakeRecordJson(std::move(columns), context.out);
  if (format == "ndjson") return output::MakeRecordNdjson(std::move(columns), context.out);
  if (format == "csv") return output::MakeRecordCsv(std::move(columns), context.out);
  return output::MakeRecordTable(std::move(columns), context.console.terminals().table_look, context.out);
}

}  // namespace levee::cli
