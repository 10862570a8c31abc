// Runs a fuzzer without libFuzzer: every file of a folder, then mutations of these for some seconds, the same ones each
// time for the same number of runs.
//
//   fuzz_NAME [--seconds N] [--seed N] FOLDER_OR_FILE...
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kInputMax = 64 * 1024;

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// No hostile input is worth a buffer of this size.
constexpr std::size_t kAllocationMax = std::size_t{512} << 20;

void* Allocate(std::size_t size) {
  if (size > kAllocationMax) {
    std::fprintf(stderr, "an allocation of %zu bytes\n", size);
    std::abort();
  }
  void* const at = std::malloc(size == 0 ? 1 : size);
  if (at == nullptr) throw std::bad_alloc();
  return at;
}
#endif

// The input at work, so that a crash can leave it behind, and where.
std::string current, left_in;

void WriteCurrent(int signal) {
  if (std::FILE* const file = std::fopen(left_in.c_str(), "wb")) {
    std::fwrite(current.data(), 1, current.size(), file);
    std::fclose(file);
    std::fprintf(stderr, "the input is in %s\n", left_in.c_str());
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void Run(std::string input) {
  current = std::move(input);
  // A buffer of just that size, so that a sanitizer sees reads past its end.
  const std::vector<std::uint8_t> bytes(current.begin(), current.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

class Mutator {
 public:
  Mutator(const std::vector<std::string>& seeds, std::uint64_t seed) : seeds_(seeds), random_(seed) {}

  std::string Draw() {
    std::string input = seeds_[Below(seeds_.size())];
    for (std::size_t left = 1 + Below(6); left > 0; --left) Mutate(input);
    if (input.size() > kInputMax) input.resize(kInputMax);
    return input;
  }

 private:
  std::size_t Below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

  void Mutate(std::string& input) {
    if (input.empty()) return input.push_back(static_cast<char>(random_()));
    const std::size_t at = Below(input.size());
    switch (Below(8)) {
      case 0: input[at] = static_cast<char>(input[at] ^ (1 << Below(8))); break;
      case 1: input[at] = static_cast<char>(random_()); break;
      case 2: input[at] = Below(2) == 0 ? '\0' : '\xff'; break;
      case 3: input.erase(at, 1 + Below(16)); break;
      case 4: input.insert(at, 1 + Below(16), static_cast<char>(random_())); break;
      case 5: input.insert(at, input.substr(Below(input.size()), 1 + Below(64))); break;
      case 6: {
        const std::string& other = seeds_[Below(seeds_.size())];
        if (!other.empty()) input.replace(at, 1 + Below(32), other.substr(Below(other.size()), 1 + Below(64)));
        break;
      }
      default: {
        const std::uint64_t number = random_() >> Below(64);
        const std::size_t size = std::min<std::size_t>(std::size_t{1} << Below(4), input.size() - at);
        std::memcpy(input.data() + at, &number, size);
      }
    }
  }

  const std::vector<std::string>& seeds_;
  std::mt19937_64 random_;
};

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void* operator new(std::size_t size) { return Allocate(size); }
void* operator new[](std::size_t size) { return Allocate(size); }
void operator delete(void* at) noexcept { std::free(at); }
void operator delete[](void* at) noexcept { std::free(at); }
void operator delete(void* at, std::size_t) noexcept { std::free(at); }
void operator delete[](void* at, std::size_t) noexcept { std::free(at); }
#endif

int main(int argc, char** argv) {
  double seconds = 0;
  std::uint64_t seed = 1;
  std::vector<std::string> inputs;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--seconds" && i + 1 < argc) {
      seconds = std::stod(argv[++i]);
    } else if (argument == "--seed" && i + 1 < argc) {
      seed = std::stoull(argv[++i]);
    } else if (fs::is_directory(argument)) {
      std::vector<fs::path> files;
      for (const auto& entry : fs::recursive_directory_iterator(argument)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
      }
      std::sort(files.begin(), files.end());
      for (const fs::path& file : files) inputs.push_back(ReadAll(file));
    } else {
      inputs.push_back(ReadAll(argument));
    }
  }
  if (inputs.empty()) {
    std::fprintf(stderr, "%s: no inputs\n", argv[0]);
    return 64;
  }
  left_in = fs::absolute(fs::path(argv[0]).filename().string() + "-crash").string();
  std::signal(SIGABRT, WriteCurrent);
  std::signal(SIGSEGV, WriteCurrent);
  Run({});
  for (const std::string& input : inputs) Run(input);
  std::size_t runs = 0;
  Mutator mutator(inputs, seed);
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  for (; std::chrono::steady_clock::now() < until; ++runs) Run(mutator.Draw());
  std::printf("%zu seeds, %zu mutations\n", inputs.size(), runs);
  return 0;
}
