#include "cli/commands/memory/exchange_options.h"

#include <array>

#include "cli/option_values.h"

namespace levee::cli {

std::expected<memory::ExchangeFormat, UsageError> FormOption(const ParsedLine& line) {
  constexpr std::array<std::string_view, 6> kForms{"ndjson", "csv", "markdown", "mcp-memory", "basic-memory", "chroma"};
  const auto name = WordOption(line, "format", kForms);
  if (!name) return std::unexpected(name.error());
  return memory::ParseExchangeFormat(*name).value_or(memory::ExchangeFormat::kNdjson);
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
