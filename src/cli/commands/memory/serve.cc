// `memory serve`: the bank for agents, on standard input and output.
#include <array>
#include <unistd.h>

#include "cli/commands/memory/memory_commands.h"
#include "server/mcp/serve.h"

#ifndef LEVEE_VERSION
#define LEVEE_VERSION "0.1.0"
#endif

namespace levee::cli {
namespace {

constexpr std::array<OptionSpec, 2> kOptions{
    OptionSpec{"mcp", OptionSpec::Takes::kNothing, "", "the Model Context Protocol: a JSON-RPC message a line"},
    OptionSpec{"author", OptionSpec::Takes::kValue, "NAME", "who, for the history; default mcp"}};
constexpr std::array<std::string_view, 1> kExamples{"levee memory serve --mcp"};

Outcome Run(Context& context) {
  if (!context.line.Has("mcp")) {
    return std::unexpected(UsageError{"memory serve", "it speaks no other protocol yet", "levee memory serve --mcp"});
  }
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  mcp::ServeOptions options{.version = LEVEE_VERSION};
  if (const auto author = context.line.Value("author")) options.author = *author;
  LEVEE_RETURN_IF_ERROR(mcp::Serve(*bank, STDIN_FILENO, STDOUT_FILENO, options));
  return kExitDone;
}

}  // namespace

constinit const Command kMemoryServeCommand{{.name = "memory serve",
                                             .summary = "the bank for agents, on standard input and output (MCP)",
                                             .options = kOptions,
                                             .examples = kExamples},
                                            Run};

}  // namespace levee::cli
