#include "cli/manual_page.h"

#include <span>
#include <string_view>

#include "cli/global_options.h"
#include "cli/help.h"
#include "cli/registry.h"
#include "settings/definitions.h"

namespace levee::cli {
namespace {

using Takes = OptionSpec::Takes;

constexpr char kDescription[] =
    "Levee keeps the log of a Delta table in a SQL store and answers from it which files a query must read, at any\n"
    "version, without scanning the log again. TABLE is a registered name, a path or a URI; a table that is not known\n"
    "yet is imported on first use. Data goes to standard output, everything else to standard error, as one line.\n";

struct ExitStatus {
  int code;
  std::string_view meaning;
};
constexpr ExitStatus kExitStatuses[]{{kExitDone, "done"},
                                     {kExitError, "an error"},
                                     {kExitDrift, "check: the store differs from the log, or the log was rewritten"},
                                     {kExitLagging, "check: the log is ahead of the store"},
                                     {kExitUsage, "wrong usage"},
                                     {kExitSignal, "plus its number: ended by a signal"}};

// Text that means nothing to roff; a line never begins with one of its requests.
std::string Plain(std::string_view text) {
  std::string out = text.starts_with('.') || text.starts_with('\'') ? "\\&" : "";
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string Bold(std::string_view text) { return "\\fB" + Plain(text) + "\\fR"; }
std::string Italic(std::string_view text) { return "\\fI" + Plain(text) + "\\fR"; }

void AppendEntry(std::string& out, const std::string& head, std::string_view text) {
  out += ".TP\n" + head + '\n' + Plain(text) + '\n';
}

void AppendOptions(std::string& out, std::span<const OptionSpec> options) {
  for (const OptionSpec& option : options) {
    std::string head = Bold("--" + std::string(option.name));
    if (option.takes == Takes::kValue) head += ' ' + Italic(option.value);
    if (option.takes == Takes::kOptionalValue) head += "[=" + Italic(option.value) + ']';
    AppendEntry(out, head, option.help);
  }
}

void AppendCommand(std::string& out, const CommandSpec& command) {
  out += ".SS levee " + Plain(command.name);
  if (!command.arguments.empty()) out += ' ' + Plain(command.arguments);
  out += '\n' + Plain(command.summary) + '\n';
  AppendOptions(out, command.options);
  out += ".PP\n.nf\n";
  for (const std::string_view example : command.examples) out += "  " + Plain(example) + '\n';
  out += ".fi\n";
}

}  // namespace

std::string ManualPage() {
  std::string out = ".TH LEVEE 1 \"\" \"" + VersionText() + "\" \"Levee\"\n.SH NAME\nlevee \\- which files of a Delta table a "
                    "query must read\n.SH SYNOPSIS\n" + Bold("levee") + " [" + Italic("OPTIONS") + "] " +
                    Italic("COMMAND") + " ...\n.SH DESCRIPTION\n" + Plain(kDescription) + ".SH COMMANDS\n";
  for (const Command* command : Commands()) AppendCommand(out, command->spec);
  out += ".SH OPTIONS\nOf every command:\n";
  AppendOptions(out, GlobalOptionSpecs());
  AppendEntry(out, Bold("--help"), "what the program, or a command, does and takes");
  AppendEntry(out, Bold("--version"), "before any command: the program's version");
  out += ".SH EXIT STATUS\n";
  for (const ExitStatus& status : kExitStatuses) AppendEntry(out, Bold(std::to_string(status.code)), status.meaning);
  out += ".SH ENVIRONMENT\nWhere an option is not given:\n";
  for (const settings::Definition& definition : settings::Definitions()) {
    if (definition.environment.empty()) continue;
    AppendEntry(out, Bold(definition.environment), "as " + settings::FlagText(definition.key));
  }
  AppendEntry(out, Bold("LEVEE_ARROW_MODULE"), "the reader of Parquet checkpoints, a file levee_arrow.so");
  AppendEntry(out, Bold("LEVEE_ARROW_LIBRARIES"), "the folder of the libarrow and libparquet that it reads them with");
  return out;
}

}  // namespace levee::cli
