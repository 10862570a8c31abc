// `show`: a table at a version without its files.
#include <array>

#include "api/table_json.h"
#include "cli/column_table.h"
#include "cli/commands/commands.h"
#include "cli/option_values.h"
#include "cli/schema_text.h"
#include "cli/table_view.h"
#include "output/human_text.h"

namespace levee::cli {
namespace {

constexpr std::array<OptionSpec, 3> kOptions{
    kVersionOption, kTimestampOption,
    OptionSpec{"format", OptionSpec::Takes::kValue, "table|json", "default: table"}};
constexpr std::array<std::string_view, 2> kExamples{"levee show /data/orders", "levee show orders --version 3 --format json"};
constexpr std::array<std::string_view, 2> kFormats{"table", "json"};

void AppendLine(std::string& out, std::string_view label, std::string_view value) {
  std::string line(label);
  line.resize(std::max<std::size_t>(line.size() + 1, 12), ' ');
  out += line + output::Printable(value) + '\n';
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

void AppendProtocol(std::string& out, const delta::Protocol& protocol) {
  AppendLine(out, "protocol", "reader " + std::to_string(protocol.min_reader_version) + ", writer " +
                                  std::to_string(protocol.min_writer_version));
  if (protocol.reader_features) AppendLine(out, "  reader features", Joined(*protocol.reader_features));
  if (protocol.writer_features) AppendLine(out, "  writer features", Joined(*protocol.writer_features));
}

std::string ShowText(const catalog::TableState& state) {
  std::string out;
  AppendLine(out, "table", state.record.uri);
  if (!state.record.name.empty()) AppendLine(out, "name", state.record.name);
  AppendLine(out, "version", std::to_string(state.version) + ", " + output::UtcTime(state.commit.timestamp_ms));
  AppendLine(out, "id", state.metadata.id);
  AppendProtocol(out, state.protocol);
  AppendLine(out, "files", output::GroupedNumber(state.commit.num_files));
  AppendLine(out, "size", output::HumanSize(state.commit.size_bytes) + " (" +
                              output::GroupedNumber(state.commit.size_bytes) + " bytes)");
  AppendLine(out, "rows", state.commit.num_records ? output::GroupedNumber(*state.commit.num_records)
                                                   : "unknown (a file has no numRecords)");
  const std::vector<std::string>& partitions = state.metadata.partition_columns;
  AppendLine(out, "partitioned", partitions.empty() ? "no" : "by " + Joined(partitions));
  out += "schema\n" + SchemaText(state.metadata.schema);
  if (!state.metadata.configuration.empty()) out += "properties\n";
  for (const auto& [key, value] : state.metadata.configuration) AppendLine(out, "  " + key + " =", value);
  if (!state.transactions.empty()) out += "transactions\n";
  for (const auto& [app_id, version] : state.transactions) AppendLine(out, "  " + app_id, std::to_string(version));
  if (!state.domains.empty()) out += "domains\n";
  for (const auto& [domain, configuration] : state.domains) AppendLine(out, "  " + domain, configuration);
  return out;
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  LEVEE_ASSIGN(const std::unique_ptr<catalog::View> view, OpenChosenView(context));
  if (format == "json") {
    context.out.AppendLine(api::TableJson(view->state()));
  } else {
    context.out.Append(ShowText(view->state()));
    LEVEE_ASSIGN(const catalog::TableSummary summary, view->Summary());
    context.out.AppendLine("columns");
    const auto rows = output::MakeRecordTable(ColumnTableHead(), context.console.terminals().table_look, context.out);
    LEVEE_RETURN_IF_ERROR(PrintColumns(summary, view->state().metadata.schema, *rows));
  }
  return kExitDone;
}

}  // namespace

constinit const Command kShowCommand{{.name = "show",
                                      .arguments = "TABLE",
                                      .arguments_min = 1,
                                      .arguments_max = 1,
                                      .summary = "protocol, schema, properties, counts and sizes of a table",
                                      .options = kOptions,
                                      .examples = kExamples},
                                     Run};

}  // namespace levee::cli
