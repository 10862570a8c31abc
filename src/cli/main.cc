#include <csignal>
#include <malloc.h>
#include <unistd.h>

#include "cli/engine_session.h"
#include "cli/program.h"
#include "settings/settings.h"

namespace {

// Buffers of a few hundred KB come and go with each batch of a large answer. Without this the C library
// returns each to the system, and taking the pages anew costs more than filling them.
void KeepFreedMemory() {
  constexpr int kKeptBytes = 64 << 20;
  mallopt(M_MMAP_THRESHOLD, kKeptBytes);
  mallopt(M_TRIM_THRESHOLD, kKeptBytes);
}

}  // namespace

int main(int argc, char** argv) {
  KeepFreedMemory();
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
