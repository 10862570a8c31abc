// Opening the table that a command line names, at the version that it names.
#pragma once

#include <memory>

#include "catalog/catalog.h"
#include "cli/command.h"

namespace levee::cli {

inline constexpr OptionSpec kVersionOption{"version", OptionSpec::Takes::kValue, "N", "at this version of the table"};
inline constexpr OptionSpec kTimestampOption{"timestamp", OptionSpec::Takes::kValue, "T",
                                             "as of this time: RFC 3339 or a date"};

// The choice that --version or --timestamp makes; both together are wrong usage.
std::expected<catalog::VersionChoice, Failure> ChosenVersion(const Context& context);

// Pins the command's table at the chosen version.
std::expected<std::unique_ptr<catalog::View>, Failure> OpenChosenView(Context& context);
// The same for a table that is not the first argument.
std::expected<std::unique_ptr<catalog::View>, Failure> OpenChosenView(Context& context, std::string_view table);

}  // namespace levee::cli
