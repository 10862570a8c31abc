// `manual`: the manual page, for `man -l` and for packages.
#include <array>

#include "cli/commands/commands.h"
#include "cli/manual_page.h"

namespace levee::cli {
namespace {

constexpr std::array<std::string_view, 1> kExamples{"levee manual > levee.1"};

Outcome Run(Context& context) {
  context.out.Append(ManualPage());
  return kExitDone;
}

}  // namespace

constinit const Command kManualCommand{.spec = {.name = "manual",
                                                .summary = "the manual page of all commands, as man reads it",
                                                .examples = kExamples},
                                       .run = Run,
                                       .reads_settings_itself = true};

}  // namespace levee::cli
