#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

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
      *)
        command+=${command:+ }${COMP_WORDS[at]}
        [[ $families == *" $command "* ]] || break ;;
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

// As a pattern of `case`.
std::string Pattern(std::string_view name) {
  std::string pattern(name);
  if (const std::size_t space = pattern.find(' '); space != pattern.npos) pattern.insert(space, 1, '\\');
  return pattern;
}

std::string Flags(std::span<const OptionSpec> options) {
  std::vector<std::string> flags;
  for (const OptionSpec& option : options) flags.push_back("--" + std::string(option.name));
  return Joined(flags);
}

// What a shell does for the value of an option.
std::string ActionOf(const OptionSpec& option) {
  const OfferedValues offered = ValuesOf(option);
  const std::string action = offered.files          ? "_levee_files; "
                             : offered.words.empty() ? ""
                                                     : "_levee_offer \"" + Joined(offered.words) + "\"; ";
  // "--explain json": the word after it is an argument.
  return option.takes == Takes::kOptionalValue ? "[[ $attached ]] && { " + action + "return; }" : action + "return";
}

// By action, which commands' options it is for: a name may take words of its own in each command; where it does not, it may
// stand before the command too.
std::map<std::string, std::vector<std::string>> Actions() {
  std::map<std::string_view, std::map<std::string, std::vector<std::string>>> by_name;
  const auto add = [&by_name](std::string_view command, std::span<const OptionSpec> options) {
    for (const OptionSpec& option : options) {
      if (option.takes == Takes::kNothing) continue;
      by_name[option.name][ActionOf(option)].push_back(Pattern(command) + ":--" + std::string(option.name));
    }
  };
  add("*", GlobalOptionSpecs());
  for (const Command* command : Commands()) add(command->spec.name, command->spec.options);
  std::map<std::string, std::vector<std::string>> actions;
  for (const auto& [name, by_action] : by_name) {
    for (const auto& [action, patterns] : by_action) {
      std::vector<std::string>& of_action = actions[action];
      if (by_action.size() == 1) {
        of_action.push_back("*:--" + std::string(name));
      } else {
        of_action.insert(of_action.end(), patterns.begin(), patterns.end());
      }
    }
  }
  return actions;
}

// Options whose value is the next word.
void AppendValued(std::string& out) {
  std::set<std::string_view> names;
  const auto add = [&names](std::span<const OptionSpec> options) {
    for (const OptionSpec& option : options) {
      if (option.takes == Takes::kValue) names.insert(option.name);
    }
  };
  add(GlobalOptionSpecs());
  for (const Command* command : Commands()) add(command->spec.options);
  out += "  local valued=' ";
  for (const std::string_view name : names) out += "--" + std::string(name) + ' ';
  out += "'\n";
}

void AppendValues(std::string& out) {
  out += "  case $command:$previous in\n";
  for (const auto& [action, options] : Actions()) {
    std::string patterns;
    for (const std::string& option : options) patterns += (patterns.empty() ? "" : "|") + option;
    out += "    " + patterns + ") " + action + " ;;\n";
  }
  out += "  esac\n";
}

}  // namespace

std::string BashCompletion() {
  std::string cases, commands, families = " ";
  std::map<std::string, std::string> members;  // of families, their second words
  for (const Command* command : Commands()) {
    const CommandSpec& spec = command->spec;
    const std::size_t space = spec.name.find(' ');
    const std::string first(spec.name.substr(0, space));
    if (space == spec.name.npos || !members.contains(first)) commands += first + ' ';
    if (space != spec.name.npos) members[first] += std::string(spec.name.substr(space + 1)) + ' ';
    // A blank: offers neither words nor files.
    const std::string words = spec.arguments_max == 0 ? " " : Joined(WordsOfArguments(spec.arguments));
    cases += "    " + Pattern(spec.name) + ") options='" + Flags(spec.options) + "' words='" + words + "' ;;\n";
  }
  for (const auto& [family, words] : members) {
    families += family + ' ';
    cases += "    " + family + ") words='" + words + "' ;;\n";
  }
  std::string out = kHead;
  AppendValued(out);
  out += "  local families='" + families + "'\n";
  out += kFindCommand;
  AppendValues(out);
  out += "  case $command in\n" + cases + "    '') options=--version words='" + commands + "' ;;\n  esac\n";
  out += "  options+=' " + Flags(GlobalOptionSpecs()) + "'\n";
  return out + kTail;
}

}  // namespace levee::cli
