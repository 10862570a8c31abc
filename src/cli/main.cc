#include <csignal>
#include <unistd.h>

#include "base/allocator.h"
#include "cli/engine_session.h"
#include "cli/program.h"
#include "settings/settings.h"

int main(int argc, char** argv) {
  levee::KeepFreedMemory(0);
  // A closed pipe is an outcome of write(2), not the end of the process in the middle of a transaction.
  std::signal(SIGPIPE, SIG_IGN);
  const levee::cli::Surroundings surroundings{.environment = levee::settings::ProcessEnvironment,
                                              .terminals = levee::cli::Terminals::Detect(),
                                              .clock = levee::SystemClock(),
                                              .output = STDOUT_FILENO,
                                              .make_session = levee::cli::MakeEngineSession};
  const int skipped = argc > 0 ? 1 : 0;
  return levee::cli::RunProgram({argv + skipped, static_cast<std::size_t>(argc - skipped)}, surroundings);
}
