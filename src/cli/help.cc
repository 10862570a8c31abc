#include "cli/help.h"

#include <algorithm>

#include "cli/global_options.h"
#include "cli/registry.h"

#ifndef LEVEE_VERSION
#define LEVEE_VERSION "0.1.0"
#endif

namespace levee::cli {
namespace {

constexpr std::size_t kLineWidth = 100;

std::string OptionText(const OptionSpec& option) {
  std::string text = "--" + std::string(option.name);
  if (option.takes == OptionSpec::Takes::kValue) text += ' ' + std::string(option.value);
  if (option.takes == OptionSpec::Takes::kOptionalValue) text += "[=" + std::string(option.value) + ']';
  return text;
}

// "  LEFT   what it is", wrapped, with the right part below itself.
void AppendEntry(std::string& out, std::string_view left, std::string_view right, std::size_t left_width) {
  std::string line = "  " + std::string(left);
  line.append(left_width > left.size() ? left_width - left.size() : 0, ' ');
  line += "  ";
  while (!right.empty()) {
    const std::size_t space = std::min(right.find(' '), right.size());
    if (line.size() + space + 1 > kLineWidth && line.find_first_not_of(' ') != std::string::npos) {
      out += line + '\n';
      line = std::string(left_width + 4, ' ');
    }
    if (line.back() != ' ') line += ' ';
    line += right.substr(0, space);
    right.remove_prefix(std::min(space + 1, right.size()));
  }
  out += line + '\n';
}

void AppendOptions(std::string& out, std::span<const OptionSpec> options) {
  std::size_t width = 0;
  for (const OptionSpec& option : options) width = std::max(width, OptionText(option).size());
  for (const OptionSpec& option : options) AppendEntry(out, OptionText(option), option.help, width);
}

void AppendGlobalOptions(std::string& out, std::string_view command) {
  AppendOptions(out, ShownOptionSpecs(command));
  out += "Each setting of `levee config show` is an option, too: --cache-size 64MB. `levee config explain KEY` tells of one.\n";
}

}  // namespace

std::string ProgramHelp() {
  std::string out =
      "levee: which files of a Delta table a query must read, from a SQL store\n\n"
      "usage: levee [OPTIONS] COMMAND ...\n\ncommands (levee COMMAND --help tells more)\n";
  for (const Command* command : Commands()) {
    std::string left(command->spec.name);
    if (!command->spec.arguments.empty()) left += ' ' + std::string(command->spec.arguments);
    AppendEntry(out, left, command->spec.summary, 28);
  }
  out += "\noptions\n";
  AppendGlobalOptions(out, {});
  out += "\nTABLE is a registered name, a path or a URI. A table not yet known is imported on first use.\n"
         "exit codes: 0 done, 1 error, 2 drift or diverged and 3 lagging (check), 64 wrong usage\n\n"
         "examples\n"
         "  levee files /data/orders --where \"date = DATE '2024-01-31' AND id < 5\" --format paths\n"
         "  levee show /data/orders --format json\n"
         "  levee files /data/orders --version 12 --count\n";
  return out;
}

std::string FamilyHelp(std::string_view family) {
  std::string out = "usage: levee [OPTIONS] " + std::string(family) + " COMMAND ...\n\ncommands (levee " + std::string(family) +
                    " COMMAND --help tells more)\n";
  for (const Command* command : Commands()) {
    if (!command->spec.name.starts_with(std::string(family) + ' ')) continue;
    std::string left(command->spec.name.substr(family.size() + 1));
    if (!command->spec.arguments.empty()) left += ' ' + std::string(command->spec.arguments);
    AppendEntry(out, left, command->spec.summary, 24);
  }
  out += "\noptions of every command\n";
  AppendGlobalOptions(out, family);
  return out;
}

std::string CommandHelp(const CommandSpec& command) {
  std::string out = "levee " + std::string(command.name) + ": " + std::string(command.summary) + "\n\nusage: levee " +
                    std::string(command.name);
  if (!command.arguments.empty()) out += ' ' + std::string(command.arguments);
  if (!command.options.empty()) out += " [OPTIONS]";
  out += '\n';
  if (!command.options.empty()) {
    out += "\noptions\n";
    AppendOptions(out, command.options);
  }
  out += "\noptions of every command\n";
  AppendGlobalOptions(out, command.name);
  if (!command.examples.empty()) out += "\nexamples\n";
  for (const std::string_view example : command.examples) out += "  " + std::string(example) + '\n';
  return out;
}

std::string VersionText() { return "levee " LEVEE_VERSION; }

}  // namespace levee::cli
