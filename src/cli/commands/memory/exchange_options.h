// The forms of other tools on the command line.
#pragma once

#include "cli/command.h"
#include "memory/exchange/exchange.h"

namespace levee::cli {

inline constexpr OptionSpec kFormOption{"format", OptionSpec::Takes::kValue,
                                        "ndjson|csv|markdown|mcp-memory|basic-memory|chroma",
                                        "default: ndjson; the last two are only read"};

std::expected<memory::ExchangeFormat, UsageError> FormOption(const ParsedLine& line);
memory::ExchangeOptions ExchangeOptionsFrom(const Context& context);

}  // namespace levee::cli
