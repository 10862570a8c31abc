// `completion`: what makes a shell complete levee's command lines.
#include <array>

#include "cli/commands/commands.h"
#include "cli/completion.h"

namespace levee::cli {
namespace {

constexpr std::array<std::string_view, 2> kExamples{"levee completion bash > ~/.local/share/bash-completion/completions/levee",
                                                    "levee completion zsh > ~/.zfunc/_levee"};

Outcome Run(Context& context) {
  const std::string_view shell = context.line.arguments.front();
  if (shell != "bash" && shell != "zsh") {
    return std::unexpected(
        UsageError{"completion " + std::string(shell), "there is none for that shell", "give bash or zsh"});
  }
  context.out.Append(shell == "bash" ? BashCompletion() : ZshCompletion());
  return kExitDone;
}

}  // namespace

constinit const Command kCompletionCommand{.spec = {.name = "completion",
                                                    .arguments = "bash|zsh",
                                                    .arguments_min = 1,
                                                    .arguments_max = 1,
                                                    .summary = "a script that completes command lines in a shell",
                                                    .examples = kExamples},
                                           .run = Run,
                                           .reads_settings_itself = true};

}  // namespace levee::cli
