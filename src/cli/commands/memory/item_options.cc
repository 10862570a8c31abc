#include "cli/commands/memory/item_options.h"

#include "cli/option_values.h"
#include "settings/duration.h"

namespace levee::cli {
namespace {

constexpr std::int64_t kMicrosInMilli = 1'000;

Error Unwritten(const Written& written, std::string_view command) {
  const std::string what = std::string(command) + ' ' + written.id;
  if (written.outcome == Written::Outcome::kNotFound) {
    return {ErrorCode::kNotFound, what, "there is no item of that id", "levee memory find looks for it", "ITEM_NOT_FOUND"};
  }
  const std::string there = written.version == 0 ? "no item of that id is there"
                                                 : "version " + std::to_string(written.version) + " is there";
  return {ErrorCode::kUnavailable, what, there, "read it again, and change that", "VERSION_CONFLICT"};
}

}  // namespace

std::expected<std::optional<std::int64_t>, UsageError> TimeOption(const Context& context, std::string_view option) {
  const auto text = context.line.Value(option);
  if (!text) return std::nullopt;
  const auto moment = ParseMoment(*text, context.engine_options.timezone);
  if (!moment) return std::unexpected(WrongValue(option, *text, "RFC 3339 or a date, for example 2024-01-31T12:00:00Z"));
  return *moment * kMicrosInMilli;
}

std::expected<std::optional<std::int64_t>, UsageError> ExpiresOption(const Context& context) {
  const auto text = context.line.Value("expires");
  if (!text) return std::nullopt;
  if (*text == "never") return 0;
  if (const auto duration_ms = settings::ParseDuration(*text)) {
    return context.clock.NowMicros() + *duration_ms * kMicrosInMilli;
  }
  return TimeOption(context, "expires");
}

Outcome PrintWritten(Context& context, const std::vector<Written>& written, std::string_view command) {
  bool all = true;
  for (const Written& each : written) {
    const bool refused = each.outcome == Written::Outcome::kConflict || each.outcome == Written::Outcome::kNotFound;
    if (refused) {
      // Told one by one; the others have landed.
      context.console.PrintError(Unwritten(each, command));
      all = false;
    } else {
      context.out.AppendLine(each.id);
    }
  }
  return all ? kExitDone : kExitError;
}

}  // namespace levee::cli
