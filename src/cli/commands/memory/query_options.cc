#include "cli/commands/memory/query_options.h"

namespace levee::cli {
namespace {

std::vector<std::string> Texts(const Context& context, std::string_view option) {
  const auto values = context.line.Values(option);
  return {values.begin(), values.end()};
}

}  // namespace

std::expected<ItemQuery, Failure> QueryFromOptions(const Context& context) {
  ItemQuery query;
  query.namespaces = Texts(context, "namespace");
  query.categories = Texts(context, "category");
  query.tags = Texts(context, "tag");
  query.any_tags = Texts(context, "any-tag");
  query.no_tags = Texts(context, "no-tag");
  query.metadata = std::string(context.line.Value("metadata").value_or(""));
  LEVEE_ASSIGN(query.since, TimeOption(context, "since"));
  LEVEE_ASSIGN(query.until, TimeOption(context, "until"));
  LEVEE_ASSIGN(query.as_of, TimeOption(context, "as-of"));
  return query;
}

}  // namespace levee::cli
