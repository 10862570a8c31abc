#include <map>
#include <span>

#include "cli/completion.h"
#include "cli/global_options.h"
#include "cli/registry.h"

namespace levee::cli {
namespace {

using Takes = OptionSpec::Takes;

// Finds the option before the cursor and the command. COMP_WORDBREAKS makes "=" a word of its own.
constexpr char kHead[] = R"(# bash completion for levee: `levee completion bash` prints it.
_levee() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} attached= command= words= options= at
  if [[ $word == = ]]; then
    word= attached=1
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD-2]} attached=1
  fi
)";

constexpr char kFindCommand[] = R"(  for ((at = 1; at < COMP_CWORD; ++at)); do
    case ${COMP_WORDS[at]} in
      =) ((++at)) ;;
      -*) [[ $valued == *" ${COMP_WORDS[at]} "* && ${COMP_WORDS[at+1]} != = ]] && ((++at)) ;;
      *) command=${COMP_WORDS[at]}; break ;;
    esac
  done
)";

constexpr char kTail[] = R"(  if [[ $word == -* ]]; then
    _levee_offer "$options --help"
  elif [[ $words ]]; then
    _levee_offer "$words"
  else
    _levee_files
  fi
}
_levee_offer() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word"); }
_levee_files() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word"); }
complete -F _levee levee
)";

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string Flags(std::span<const OptionSpec> options) {
  std::vector<std::string> flags;
  for (const OptionSpec& option : options) flags.push_back("--" + std::string(option.name));
  return Joined(flags);
}

// Every option by name: one name takes the same in every command.
std::map<std::string_view, const OptionSpec*> AllOptions() {
  std::map<std::string_view, const OptionSpec*> all;
  for (const OptionSpec& option : GlobalOptionSpecs()) all.emplace(option.name, &option);
  for (const Command* command : Commands()) {
    for (const OptionSpec& option : command->spec.options) all.emplace(option.name, &option);
  }
  return all;
}

void AppendValues(std::string& out) {
  std::string valued = " ";
  out += "  case $previous in\n";
  for (const auto& [name, option] : AllOptions()) {
    if (option->takes == Takes::kNothing) continue;
    if (option->takes == Takes::kValue) valued += "--" + std::string(name) + ' ';
    const OfferedValues offered = ValuesOf(*option);
    const std::string action = offered.files          ? "_levee_files; "
                               : offered.words.empty() ? ""
                                                       : "_levee_offer \"" + Joined(offered.words) + "\"; ";
    const bool only_attached = option->takes == Takes::kOptionalValue;
    out += "    --" + std::string(name) + ") " + (only_attached ? "[[ $attached ]] && { " : "") + action + "return" +
           (only_attached ? "; }" : "") + " ;;\n";
  }
  out += "  esac\n  local valued='" + valued + "'\n";
}

}  // namespace

std::string BashCompletion() {
  std::string out = kHead;
  AppendValues(out);
  out += kFindCommand;
  out += "  case $command in\n";
  std::string commands;
  for (const Command* command : Commands()) {
    const CommandSpec& spec = command->spec;
    commands += std::string(spec.name) + ' ';
    // A blank: offers neither words nor files.
    const std::string words = spec.arguments_max == 0 ? " " : Joined(WordsOfArguments(spec.arguments));
    out += "    " + std::string(spec.name) + ") options='" + Flags(spec.options) + "' words='" + words + "' ;;\n";
  }
  out += "    '') options=--version words='" + commands + "' ;;\n  esac\n";
  out += "  options+=' " + Flags(GlobalOptionSpecs()) + "'\n";
  return out + kTail;
}

}  // namespace levee::cli
