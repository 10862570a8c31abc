#include <map>
#include <string>

#include "cli/completion.h"
#include "cli/global_options.h"
#include "cli/registry.h"

namespace levee::cli {
namespace {

using Takes = OptionSpec::Takes;

// Within single quotes and an option's brackets.
std::string Quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else if (c == '[' || c == ']' || c == ':') {
      out += std::string("\\") + c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string Parenthesised(const std::vector<std::string>& words) {
  std::string text = "(";
  for (const std::string& word : words) text += (text.size() == 1 ? "" : " ") + word;
  return text + ')';
}

std::string ActionOf(const OptionSpec& option) {
  const OfferedValues offered = ValuesOf(option);
  if (offered.files) return "_files";
  return offered.words.empty() ? " " : Parenthesised(offered.words);
}

// As _arguments wants options: '*--limit=[at most that many files]:FILES: '.
std::string Specification(const OptionSpec& option) {
  std::string text = "'*--" + std::string(option.name);
  if (option.takes == Takes::kValue) text += '=';
  if (option.takes == Takes::kOptionalValue) text += "=-";
  text += '[' + Quoted(option.help) + ']';
  if (option.takes == Takes::kNothing) return text + '\'';
  return text + (option.takes == Takes::kOptionalValue ? "::" : ":") + Quoted(option.value) + ':' + ActionOf(option) + '\'';
}

std::string ArgumentsOf(const CommandSpec& command) {
  if (command.arguments_max == 0) return "";
  const std::vector<std::string> words = WordsOfArguments(command.arguments);
  if (words.empty()) return " '*:" + Quoted(command.arguments) + ":_files'";
  return " '1:" + Quoted(command.arguments) + ':' + Parenthesised(words) + "' '*: :_files'";
}

}  // namespace

std::string ZshCompletion() {
  std::string out = "#compdef levee\n# zsh completion for levee: `levee completion zsh` prints it.\n"
                    "_levee() {\n  local context state state_descr line\n  typeset -A opt_args\n  local -a commands every\n"
                    "  commands=(\n";
  struct Family {
    std::string words, cases;
  };
  std::map<std::string, Family> families;
  std::string cases;
  for (const Command* command : Commands()) {
    const CommandSpec& spec = command->spec;
    const std::size_t space = spec.name.find(' ');
    const std::string first(spec.name.substr(0, space));
    std::string arguments = "          _arguments $every";
    for (const OptionSpec& option : spec.options) arguments += " \\\n            " + Specification(option);
    arguments += ArgumentsOf(spec) + " ;;\n";
    if (space == spec.name.npos) {
      out += "    '" + first + ':' + Quoted(spec.summary) + "'\n";
      cases += "        " + first + ")\n" + arguments;
      continue;
    }
    Family& family = families[first];
    if (family.words.empty()) out += "    '" + first + ":has commands of its own'\n";
    const std::string second(spec.name.substr(space + 1));
    family.words += ' ' + second;
    family.cases += "        " + second + ")\n" + arguments;
  }
  for (const auto& [name, family] : families) {
    cases += "        " + name + ")\n          if (( CURRENT == 2 )); then compadd" + family.words +
             "; return; fi\n          shift words; (( CURRENT-- ))\n          case $words[1] in\n" + family.cases +
             "          esac ;;\n";
  }
  out += "  )\n  every=(\n    '(- *)--help[what it does and takes]'\n";
  for (const OptionSpec& option : GlobalOptionSpecs()) out += "    " + Specification(option) + '\n';
  out += "  )\n  _arguments -C $every '1:command:->command' '*::argument:->argument'\n  case $state in\n"
         "    command) _describe command commands ;;\n    argument)\n      case $words[1] in\n" +
         cases + "      esac ;;\n  esac\n}\n";
  // Autoloaded by compinit the file is the function; sourced it registers it.
  return out + "if [[ $funcstack[1] == _levee ]]; then _levee \"$@\"; else compdef _levee levee; fi\n";
}

}  // namespace levee::cli
