#include "cli/commands/memory/exchange_options.h"

#include "cli/option_values.h"

namespace levee::cli {

std::expected<memory::ExchangeFormat, UsageError> FormOption(const ParsedLine& line) {
  const auto name = line.Value("format");
  if (!name) return memory::ExchangeFormat::kNdjson;
  const auto format = memory::ParseExchangeFormat(*name);
  if (format) return *format;
  return std::unexpected(WrongValue("format", *name, "ndjson, csv, markdown, mcp-memory, basic-memory or chroma"));
}

memory::ExchangeOptions ExchangeOptionsFrom(const Context& context) {
  memory::ExchangeOptions options;
  options.content_limit_bytes = context.engine_options.memory.limits.content_bytes_max;
  if (const auto name = context.line.Value("namespace")) options.name_space = *name;
  if (const auto category = context.line.Value("category")) options.category = *category;
  options.collection = context.line.Value("collection").value_or("");
  return options;
}

}  // namespace levee::cli
