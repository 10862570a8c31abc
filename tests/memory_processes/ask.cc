#include "tests/memory_processes/ask.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/hash.h"
#include "base/status.h"

namespace levee::memory_bank {
namespace {

constexpr std::size_t kBatch = 1'000;

int Fail(const Error& error) {
  std::fprintf(stderr, "memory_drive: %s\n", error.ToString().c_str());
  return 1;
}

// As the system counts, mapped pages among it; -1: it does not say.
long PeakKilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::strtol(line.c_str() + 6, nullptr, 10);
  }
  return -1;
}

// A question for each number, one kind after the other.
ItemQuery QuestionOf(int number) {
  const std::string category = "c" + std::to_string(number % 12), tag = "t" + std::to_string(number * 7 % 50);
  const auto word = [](int n) { return std::string(1, static_cast<char>('a' + n % 26)) + std::to_string(n); };
  ItemQuery query{.limit = 20};
  switch (number % 4) {
    case 0: query.categories = {category}; query.tags = {tag}; break;
    case 1: query.words = word(100 + number * 31 % 3'000) + " " + word(100 + number * 17 % 3'000); break;
    case 2: query.words = word(number * 13 % 300) + " " + word(number * 5 % 300); query.any_word = false; break;
    default: query.ids = {"item-" + std::to_string(number * 7919 % 60'000)}; break;
  }
  return query;
}

}  // namespace

int LoadLines(MemoryBank& bank, const std::string& path) {
  std::ifstream file(path);
  std::vector<ItemWrite> batch;
  const auto store = [&]() -> Status {
    LEVEE_RETURN_IF_ERROR(bank.Store(std::move(batch), {}));
    batch.clear();
    return {};
  };
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    ItemWrite& write = batch.emplace_back();
    std::string tag;
    fields >> write.item.id >> write.item.category >> tag >> std::ws;
    write.item.tags = {tag};
    std::getline(fields, write.item.content);
    if (batch.size() < kBatch) continue;
    if (const Status stored = store(); !stored) return Fail(stored.error());
  }
  if (const Status stored = store(); !stored) return Fail(stored.error());
  return 0;
}

int AskMuch(MemoryBank& bank, int questions) {
  std::string answers;
  const auto begin = std::chrono::steady_clock::now();
  for (int number = 0; number < questions; ++number) {
    const auto page = bank.Find(QuestionOf(number));
    if (!page) return Fail(page.error());
    for (const Found& found : page->items) answers += found.item.id + found.item.checksum;
    answers += '\n';
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  std::printf("%016llx %.3f %ld\n", static_cast<unsigned long long>(Hash64(answers)), seconds.count(), PeakKilobytes());
  return 0;
}

}  // namespace levee::memory_bank
