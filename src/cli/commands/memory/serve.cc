// `memory serve`: the bank for agents, on standard input and output.
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
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

// Settings that change meanwhile are taken up within a second; one that cannot be is told once.
void RefreshUntil(const std::stop_token& stop, Context& context) {
  constexpr std::chrono::seconds kLook{1};
  std::mutex mutex;
  std::condition_variable_any waiting;
  std::string said;
  std::unique_lock lock(mutex);
  while (!waiting.wait_for(lock, stop, kLook, [&stop] { return stop.stop_requested(); })) {
    const Status refreshed = context.refresh_settings();
    std::string problem = refreshed ? "" : refreshed.error().ToString();
    if (!problem.empty() && problem != said) context.console.Note("settings stay as they were: " + problem);
    said = std::move(problem);
  }
}

Outcome Run(Context& context) {
  if (!context.line.Has("mcp")) {
    return std::unexpected(UsageError{"memory serve", "it speaks no other protocol yet", "levee memory serve --mcp"});
  }
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  mcp::ServeOptions options{.version = LEVEE_VERSION, .result_bytes = context.engine_options.mcp_result_bytes,
                            .line_bytes = context.engine_options.mcp_line_bytes};
  const std::jthread refreshing([&context](const std::stop_token& stop) { RefreshUntil(stop, context); });
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
