#include "memory/markdown/child_process.h"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include "base/descriptor.h"
#include "memory/model/errors.h"

namespace levee::memory {
namespace {

constexpr std::size_t kOutputBytes = 64u << 10;

std::vector<char*> EnvironmentWithout(const std::vector<std::string_view>& prefixes) {
  std::vector<char*> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    if (std::ranges::none_of(prefixes, [&](std::string_view prefix) { return text.starts_with(prefix); })) variables.push_back(*variable);
  }
  variables.push_back(nullptr);
  return variables;
}

// Short commands are over within milliseconds, so it looks often at first.
bool WaitFor(pid_t child, int limit_ms, int& status) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(limit_ms);
  auto pause = std::chrono::microseconds(200);
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      return false;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(10'000));
  }
  return true;
}

}  // namespace

Result<ChildResult> RunChild(const std::vector<std::string>& words, const ChildOptions& options) {
  // Files in memory: pipes would have to be read and written in turns.
  const Descriptor input(::memfd_create("input", MFD_CLOEXEC));
  const Descriptor output(::memfd_create("output", MFD_CLOEXEC));
  const bool filled = input && output && ::write(input.get(), options.input.data(), options.input.size()) == static_cast<ssize_t>(options.input.size());
  if (!filled || ::lseek(input.get(), 0, SEEK_SET) != 0) return StorageFailure(words[0], std::string("starting it: ") + std::strerror(errno));
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output.get(), STDERR_FILENO);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::vector<char*> environment = EnvironmentWithout(options.without);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, words[0].c_str(), &actions, nullptr, arguments.data(), environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return StorageFailure(words[0], std::string("starting it: ") + std::strerror(error));
  int status = 0;
  if (!WaitFor(child, options.limit_ms, status)) {
    return StorageFailure(words[0], "it took longer than " + std::to_string(options.limit_ms) + " ms");
  }
  ChildResult result{.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), .output = {}};
  result.output.resize(kOutputBytes);
  const ssize_t size = ::pread(output.get(), result.output.data(), result.output.size(), 0);
  result.output.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return result;
}

}  // namespace levee::memory
