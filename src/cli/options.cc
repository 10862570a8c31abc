#include "cli/options.h"

#include <algorithm>

#include "api/nearest_name.h"

namespace levee::cli {
namespace {

using Takes = OptionSpec::Takes;

bool IsNumber(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

const OptionSpec* FindIn(std::span<const OptionSpec> options, std::string_view name) {
  for (const OptionSpec& option : options) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

class LineParser {
 public:
  LineParser(std::span<const char* const> arguments, std::span<const CommandSpec* const> commands,
             std::span<const OptionSpec> global_options)
      : arguments_(arguments), commands_(commands), global_options_(global_options) {}

  std::expected<ParsedLine, UsageError> Parse() {
    bool options_ended = false;
    for (at_ = 0; at_ < arguments_.size() && !error_; ++at_) {
      const std::string_view argument = arguments_[at_];
      const bool unparsed = options_ended || (line_.command != nullptr && line_.command->takes_anything);
      if (unparsed || argument == "-" || !argument.starts_with('-')) {
        AddArgument(argument);
      } else if (argument == "--") {
        options_ended = true;
      } else if (argument == "-h") {
        line_.help = true;
      } else {
        AddOption(argument);
      }
    }
    if (!error_) CheckCommand();
    if (error_) return std::unexpected(*error_);
    return std::move(line_);
  }

 private:
  void AddArgument(std::string_view argument) {
    if (line_.command != nullptr) {
      line_.arguments.push_back(argument);
      return;
    }
    if (!family_.empty()) return AddFamilyMember(argument);
    std::vector<std::string_view> names;
    for (const CommandSpec* command : commands_) {
      if (command->name == argument) line_.command = command;
      if (FamilyOf(*command) == argument) family_ = argument;
      names.push_back(command->name);
    }
    if (line_.command == nullptr && family_.empty()) {
      error_ = {"command '" + std::string(argument) + "'", "there is no such command",
                api::NearestHint(argument, names, "levee --help lists them")};
    }
  }

  // "memory" of "memory put"; empty: the name is one word.
  static std::string_view FamilyOf(const CommandSpec& command) {
    const std::size_t space = command.name.find(' ');
    return space == command.name.npos ? std::string_view() : command.name.substr(0, space);
  }

  // The second word of a command's name.
  void AddFamilyMember(std::string_view argument) {
    std::vector<std::string_view> names;
    for (const CommandSpec* command : commands_) {
      if (FamilyOf(*command) != family_) continue;
      names.push_back(command->name.substr(family_.size() + 1));
      if (names.back() == argument) line_.command = command;
    }
    if (line_.command != nullptr) return;
    error_ = {"command '" + std::string(family_) + ' ' + std::string(argument) + "'", "there is no such command",
              api::NearestHint(argument, names, "levee " + std::string(family_) + " --help lists them")};
  }

  void AddOption(std::string_view argument) {
    const bool is_long = argument.starts_with("--");
    const std::size_t equals = argument.find('=');
    const std::string_view name = argument.substr(is_long ? 2 : 1, equals == argument.npos
                                                                       ? argument.npos
                                                                       : equals - (is_long ? 2 : 1));
    const std::optional<std::string_view> attached =
        equals == argument.npos ? std::nullopt : std::optional(argument.substr(equals + 1));
    if (name == "help" && is_long) {
      line_.help = true;
      return;
    }
    const std::string_view next = at_ + 1 < arguments_.size() ? arguments_[at_ + 1] : std::string_view();
    if (name == "version" && is_long && line_.command == nullptr && !attached && !IsNumber(next)) {
      line_.program_version = true;
      return;
    }
    const OptionSpec* option = is_long ? Find(name) : nullptr;
    if (option == nullptr) return Unknown(argument.substr(0, equals), name);
    TakeValue(*option, attached);
  }

  void TakeValue(const OptionSpec& option, std::optional<std::string_view> attached) {
    const std::string shown = "option --" + std::string(option.name);
    std::optional<std::string_view> value = attached;
    if (option.takes == Takes::kNothing && attached) {
      error_ = {shown, "takes no value", "leave '=" + std::string(*attached) + "' out"};
    } else if (option.takes == Takes::kValue && !attached) {
      if (at_ + 1 == arguments_.size()) {
        error_ = {shown, "its value is missing",
                  "--" + std::string(option.name) + ' ' + std::string(option.value)};
        return;
      }
      value = arguments_[++at_];
    }
    line_.options.emplace_back(option.name, value);
  }

  // An option of the command, when it is known already, else of any command.
  const OptionSpec* Find(std::string_view name) const {
    if (const OptionSpec* option = FindIn(global_options_, name)) return option;
    if (line_.command != nullptr) return FindIn(line_.command->options, name);
    for (const CommandSpec* command : commands_) {
      if (const OptionSpec* option = FindIn(command->options, name)) return option;
    }
    return nullptr;
  }

  void Unknown(std::string_view shown, std::string_view name) {
    std::vector<std::string_view> names{"help"};
    for (const OptionSpec& option : global_options_) names.push_back(option.name);
    if (line_.command != nullptr) {
      for (const OptionSpec& option : line_.command->options) names.push_back(option.name);
    }
    const std::string command = line_.command == nullptr ? "" : ' ' + std::string(line_.command->name);
    error_ = {"option " + std::string(shown), "levee" + command + " has no such option",
              api::NearestHint(name, names, "levee" + command + " --help lists them", "--")};
  }

  void CheckCommand() {
    if (line_.command == nullptr && !family_.empty()) {
      line_.family = family_;
      if (!line_.help) {
        error_ = {"command " + std::string(family_), "what it is to do is missing",
                  "levee " + std::string(family_) + " --help lists what it can"};
      }
    }
    if (line_.command == nullptr || line_.help || line_.command->takes_anything) return;
    const CommandSpec& command = *line_.command;
    for (const auto& [name, value] : line_.options) {
      if (FindIn(global_options_, name) == nullptr && FindIn(command.options, name) == nullptr) {
        return Unknown("--" + std::string(name), name);
      }
    }
    const int given = static_cast<int>(line_.arguments.size());
    const std::string usage = "levee " + std::string(command.name) + ' ' + std::string(command.arguments);
    if (given < command.arguments_min) {
      error_ = {"command " + std::string(command.name), "an argument is missing", usage};
    } else if (given > command.arguments_max) {
      const std::string extra(line_.arguments[static_cast<std::size_t>(command.arguments_max)]);
      error_ = {"command " + std::string(command.name), "too many arguments, from '" + extra + "' on", usage};
    }
  }

  const std::span<const char* const> arguments_;
  const std::span<const CommandSpec* const> commands_;
  const std::span<const OptionSpec> global_options_;
  std::size_t at_ = 0;
  ParsedLine line_;
  std::string_view family_;  // the first word of a command whose second one is awaited
  std::optional<UsageError> error_;
};

}  // namespace

bool ParsedLine::Has(std::string_view option) const {
  return std::any_of(options.begin(), options.end(), [&](const auto& given) { return given.first == option; });
}

std::vector<std::string_view> ParsedLine::Values(std::string_view option) const {
  std::vector<std::string_view> values;
  for (const auto& [name, value] : options) {
    if (name == option && value) values.push_back(*value);
  }
  return values;
}

std::optional<std::string_view> ParsedLine::Value(std::string_view option) const {
  for (auto given = options.rbegin(); given != options.rend(); ++given) {
    if (given->first == option) return given->second;
  }
  return std::nullopt;
}

std::expected<ParsedLine, UsageError> ParseLine(std::span<const char* const> arguments,
                                                std::span<const CommandSpec* const> commands,
                                                std::span<const OptionSpec> global_options) {
  return LineParser(arguments, commands, global_options).Parse();
}

}  // namespace levee::cli
