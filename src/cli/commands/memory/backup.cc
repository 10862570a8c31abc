// `memory backup`: one file, while others write.
#include <array>

#include "cli/commands/memory/memory_commands.h"

namespace levee::cli {
namespace {

constexpr std::array<std::string_view, 1> kExamples{"levee memory backup memory-2024-01-31.db"};

Outcome Run(Context& context) {
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  LEVEE_RETURN_IF_ERROR(bank->Backup(std::string(context.line.arguments.front())));
  return kExitDone;
}

}  // namespace

constinit const Command kMemoryBackupCommand{{.name = "memory backup",
                                              .arguments = "FILE",
                                              .arguments_min = 1,
                                              .arguments_max = 1,
                                              .summary = "writes the whole store into a new file, while others go on writing",
                                              .examples = kExamples},
                                             Run};

}  // namespace levee::cli
