// A query of items out of the options of a command.
#pragma once

#include <array>

#include "cli/commands/memory/item_options.h"

namespace levee::cli {

inline constexpr OptionSpec kAnyTagOption{"any-tag", OptionSpec::Takes::kValue, "T", "a tag; may be repeated: one of them"};
inline constexpr OptionSpec kNoTagOption{"no-tag", OptionSpec::Takes::kValue, "T", "a tag; may be repeated: none of them"};
inline constexpr OptionSpec kSinceOption{"since", OptionSpec::Takes::kValue, "T", "updated then or later"};
inline constexpr OptionSpec kUntilOption{"until", OptionSpec::Takes::kValue, "T", "updated then or before"};

// Conditions, without words, order and page.
std::expected<ItemQuery, Failure> QueryFromOptions(const Context& context);

}  // namespace levee::cli
