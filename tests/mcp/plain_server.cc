// The MCP server over the plain bank, on standard input and output: what the protocol's tests talk to.
#include <unistd.h>

#include <cstdlib>

#include "server/mcp/serve.h"
#include "tests/fakes/plain_bank/plain_bank.h"

int main(int count, char** values) {
  levee::fakes::PlainBank bank({}, levee::SystemClock());
  levee::mcp::ServeOptions options{.version = "1.2.3"};
  if (count > 1) options.result_bytes = std::strtoul(values[1], nullptr, 10);
  if (count > 2) options.line_bytes = std::strtoul(values[2], nullptr, 10);
  return levee::mcp::Serve(bank, STDIN_FILENO, STDOUT_FILENO, options) ? 0 : 1;
}
