// Rows of records in the format that the command line chooses.
#pragma once

#include <memory>
#include <vector>

#include "cli/command.h"
#include "output/record.h"

namespace levee::cli {

inline constexpr OptionSpec kRecordFormatOption{"format", OptionSpec::Takes::kValue, "table|ndjson",
                                                "default: table"};

std::expected<std::unique_ptr<output::RecordFormat>, Failure> MakeRecordRows(
    const Context& context, std::vector<output::RecordColumn> columns);

// Of commands whose whole answer is a table of figures, for spreadsheets too.
inline constexpr OptionSpec kReportFormatOption{"format", OptionSpec::Takes::kValue, "table|json|ndjson|csv",
                                                "default: table"};
std::expected<std::unique_ptr<output::RecordFormat>, Failure> MakeReportRows(
    const Context& context, std::vector<output::RecordColumn> columns);

}  // namespace levee::cli
