// What options say of items and queries, and items as rows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "levee/memory.h"

namespace levee::cli {

inline constexpr OptionSpec kNamespaceOption{"namespace", OptionSpec::Takes::kValue, "N",
                                             "the namespace; in queries 'team/*' is everything below team"};
inline constexpr OptionSpec kCategoryOption{"category", OptionSpec::Takes::kValue, "C", "the category"};
inline constexpr OptionSpec kTagOption{"tag", OptionSpec::Takes::kValue, "T", "a tag; may be repeated: all of them"};
inline constexpr OptionSpec kMetadataOption{"metadata", OptionSpec::Takes::kValue, "JSON",
                                            "a JSON object; in queries SQL over its paths: 'a.b >= 3'"};
inline constexpr OptionSpec kAuthorOption{"author", OptionSpec::Takes::kValue, "NAME", "who, for the history"};
inline constexpr OptionSpec kExpectedVersionOption{"expected-version", OptionSpec::Takes::kValue, "N",
                                                   "only where this version is there; 0: only where none is"};
inline constexpr OptionSpec kExpiresOption{"expires", OptionSpec::Takes::kValue, "T",
                                           "from then on it is not there: a time, a duration from now as 30d, or never"};
inline constexpr OptionSpec kAsOfOption{"as-of", OptionSpec::Takes::kValue, "T", "as it was then: RFC 3339 or a date"};

// A time that an option names; empty when it was not given. Microseconds since the epoch.
std::expected<std::optional<std::int64_t>, UsageError> TimeOption(const Context& context, std::string_view option);
// `--expires`: 0 is never.
std::expected<std::optional<std::int64_t>, UsageError> ExpiresOption(const Context& context);

// Prints one outcome for scripts: the id. A conflict or a missing item is an error of exit code 1.
Outcome PrintWritten(Context& context, const std::vector<Written>& written, std::string_view command);

}  // namespace levee::cli
