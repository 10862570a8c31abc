// The command line as data: what options there are, and what the user gave.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace levee::cli {

struct OptionSpec {
  enum class Takes : std::uint8_t {
    kNothing,        // --count
    kValue,          // --limit N, --limit=N
    kOptionalValue,  // --explain, --explain=json
  };
  std::string_view name;   // without dashes; one name takes the same in every command
  Takes takes = Takes::kNothing;
  std::string_view value;  // what stands for the value in help: "N"
  std::string_view help;
};

struct CommandSpec {
  std::string_view name;  // one word, or two: "memory put"
  std::string_view arguments;  // "TABLE", for help
  int arguments_min = 0;
  int arguments_max = 0;
  std::string_view summary;
  std::span<const OptionSpec> options;
  std::span<const std::string_view> examples;
  bool takes_anything = false;  // what follows the command is left unparsed
};

// What the user wrote, checked against the specifications. Texts are borrowed from the arguments.
struct ParsedLine {
  const CommandSpec* command = nullptr;      // null: none was given
  std::string_view family;                   // "memory" where its help was asked for, without a command of it
  std::vector<std::pair<std::string_view, std::optional<std::string_view>>> options;
  std::vector<std::string_view> arguments;   // after the command
  bool help = false;
  bool program_version = false;

  bool Has(std::string_view option) const;
  // The last value given; empty when there is none.
  std::optional<std::string_view> Value(std::string_view option) const;
  // Every value given, in order.
  std::vector<std::string_view> Values(std::string_view option) const;
};

// Wrong usage; its exit code is kExitUsage.
struct UsageError {
  std::string what, why, hint;
};

// Parses the arguments after the program's name. Options may stand before or after the command, "--"
// ends them, "-" is an argument. `--version` is the program's before any command, unless a number
// follows it; `--help` and `-h` are known everywhere.
std::expected<ParsedLine, UsageError> ParseLine(std::span<const char* const> arguments,
                                                std::span<const CommandSpec* const> commands,
                                                std::span<const OptionSpec> global_options);

inline constexpr int kExitDone = 0;
inline constexpr int kExitError = 1;
inline constexpr int kExitDrift = 2;
inline constexpr int kExitLagging = 3;
inline constexpr int kExitUsage = 64;
inline constexpr int kExitSignal = 128;  // plus the signal's number, as shells have it

}  // namespace levee::cli
