// A memory bank for agents: the Model Context Protocol on a pair of pipes. docs/mcp.md has the tools and resources.
#pragma once

#include <cstddef>
#include <string>

#include "levee/memory.h"

namespace levee::mcp {

struct ServeOptions {
  std::string version = "0";              // of the program
  std::string author = "mcp";             // whom the history names for what is written
  std::size_t result_bytes = 100u << 10;  // how long a result may be, about; what is left out is said, and how to go on
  std::size_t line_bytes = 64u << 20;     // of a message at most; a longer one is answered by an error
};

// Answers a line a message until the input ends. Whatever a client sends, it is answered by an error at worst. kIo: a pipe
// broke. The descriptors stay the caller's. One thread reads, one works; nothing else may write to `out_descriptor`.
Status Serve(MemoryBank& bank, int in_descriptor, int out_descriptor, const ServeOptions& options);

}  // namespace levee::mcp
