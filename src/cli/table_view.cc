#include "cli/table_view.h"

#include "cli/option_values.h"

namespace levee::cli {

std::expected<catalog::VersionChoice, Failure> ChosenVersion(const Context& context) {
  catalog::VersionChoice choice;
  LEVEE_ASSIGN(choice.version, IntegerOption(context.line, "version"));
  const std::optional<std::string_view> moment = context.line.Value("timestamp");
  if (!moment) return choice;
  if (choice.version) {
    return std::unexpected(UsageError{"options --version and --timestamp", "only one of them may be given", "leave one out"});
  }
  choice.timestamp_ms = ParseMoment(*moment, context.engine_options.timezone);
  if (!choice.timestamp_ms) {
    return std::unexpected(WrongValue("timestamp", *moment, "a date or a time, e.g. 2024-01-31T12:00:00Z"));
  }
  return choice;
}

std::expected<std::unique_ptr<catalog::View>, Failure> OpenChosenView(Context& context) {
  return OpenChosenView(context, context.table());
}

std::expected<std::unique_ptr<catalog::View>, Failure> OpenChosenView(Context& context, std::string_view table) {
  LEVEE_ASSIGN(const catalog::VersionChoice choice, ChosenVersion(context));
  LEVEE_ASSIGN(catalog::Catalog* catalog, context.session.OpenCatalog());
  LEVEE_ASSIGN(std::unique_ptr<catalog::View> view, catalog->Open(table, choice));
  context.console.EndProgress();
  return view;
}

}  // namespace levee::cli
