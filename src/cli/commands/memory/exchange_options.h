// The forms of other tools on the command line.
#pragma once

#include "cli/command.h"
#include "memory/exchange/exchange.h"

namespace levee::cli {

inline constexpr OptionSpec kFormOption{"format", OptionSpec::Takes::kValue, "FORM",
                                        "ndjson, csv, markdown, mcp-memory; to read also basic-memory, chroma; default ndjson"};

std::expected<memory::ExchangeFormat, UsageError> FormOption(const ParsedLine& line);
memory::ExchangeOptions ExchangeOptionsFrom(const Context& context);

}  // namespace levee::cli
