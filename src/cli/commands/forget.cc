// `forget`: the store's knowledge of a table goes, the table stays.
#include <array>

#include "cli/commands/commands.h"

namespace levee::cli {
namespace {

constexpr std::array<std::string_view, 1> kExamples{"levee forget orders"};

Outcome Run(Context& context) {
  LEVEE_ASSIGN(catalog::Catalog* catalog, context.session.OpenCatalog());
  LEVEE_RETURN_IF_ERROR(catalog->Forget(context.table()));
  context.console.Note("forgot " + std::string(context.table()) + "; its files and its log are as they were");
  return kExitDone;
}

}  // namespace

constinit const Command kForgetCommand{{.name = "forget",
                                        .arguments = "TABLE",
                                        .arguments_min = 1,
                                        .arguments_max = 1,
                                        .summary = "take a table out of the store; the table itself stays",
                                        .examples = kExamples},
                                       Run};

}  // namespace levee::cli
