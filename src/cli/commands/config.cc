// `config`: what the settings are, where they come from, what is wrong with them; changing them.
#include <array>
#include <vector>

#include "api/nearest_name.h"
#include "cli/commands/commands.h"
#include "cli/commands/config_modes.h"

namespace levee::cli {
namespace {

constexpr std::array<OptionSpec, 2> kOptions{
    OptionSpec{"format", OptionSpec::Takes::kValue, "table|json",
               "show, explain, validate; default: table"},
    OptionSpec{
        "file", OptionSpec::Takes::kValue, "FILE",
        "set: the file to write; default --config, else levee.toml in the user's configuration folder"}};
constexpr std::array<std::string_view, 6> kExamples{
    "levee config show",
    "levee --profile constrained config show --format json",
    "levee config explain memory_limit",
    "levee config validate levee.toml",
    "levee config set cache_size 64MB",
    "levee config set profile constrained --file levee.toml"};

struct Mode {
  std::string_view name;
  std::string_view usage;
  std::size_t arguments_min, arguments_max;  // its name among them
  std::string_view option;                   // the one that it takes
  Outcome (*run)(Context& context);
};

constexpr std::array<Mode, 4> kModes{
    Mode{"show", "levee config show", 1, 1, "format", RunConfigShow},
    Mode{"set", "levee config set KEY VALUE", 3, 3, "file", RunConfigSet},
    Mode{"explain", "levee config explain [KEY]", 1, 2, "format", RunConfigExplain},
    Mode{"validate", "levee config validate [FILE]", 1, 2, "format", RunConfigValidate}};

std::expected<const Mode*, UsageError> FindMode(const ParsedLine& line) {
  std::vector<std::string_view> names;
  for (const Mode& mode : kModes) {
    if (mode.name == line.arguments.front()) return &mode;
    names.push_back(mode.name);
  }
  return std::unexpected(
      UsageError{"config " + std::string(line.arguments.front()), "there is no such mode",
                 api::NearestHint(line.arguments.front(), names, "show, set, explain or validate")});
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const Mode* mode, FindMode(context.line));
  const std::string name = "config " + std::string(mode->name);
  const std::size_t given = context.line.arguments.size();
  if (given < mode->arguments_min) {
    return std::unexpected(UsageError{name, "an argument is missing", std::string(mode->usage)});
  }
  if (given > mode->arguments_max) {
    return std::unexpected(UsageError{name, "too many arguments", std::string(mode->usage)});
  }
  for (const OptionSpec& option : kOptions) {
    if (option.name == mode->option || !context.line.Has(option.name)) continue;
    return std::unexpected(UsageError{"option --" + std::string(option.name),
                                      "levee " + name + " has no such option",
                                      "levee config --help lists them"});
  }
  return mode->run(context);
}

}  // namespace

std::string NearestKeyHint(std::string_view key) {
  std::vector<std::string_view> names;
  for (const settings::Definition& definition : settings::Definitions()) names.push_back(definition.key);
  return api::NearestHint(key, names, "levee config show lists them");
}

std::expected<const settings::Definition*, UsageError> SettingOfKey(std::string_view key,
                                                                    std::string_view mode) {
  if (const settings::Definition* definition = settings::FindDefinition(key)) return definition;
  return std::unexpected(
      UsageError{std::string(mode), "'" + std::string(key) + "' is no setting", NearestKeyHint(key)});
}

constinit const Command kConfigCommand{
    .spec = {.name = "config",
             .arguments = "show|set|explain|validate ...",
             .arguments_min = 1,
             .arguments_max = 3,
             .summary = "the settings: values and where they come from, changing and checking them",
             .options = kOptions,
             .examples = kExamples},
    .run = Run,
    .reads_settings_itself = true};

}  // namespace levee::cli
