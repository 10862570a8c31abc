// A Markdown bank with an SQLite store as its index, driven by tests: memory_markdown_driver FOLDER COMMAND.
//
//   write SEED    (files synced with each write by odd seeds, later by even ones) random batches for ever; prints "batch", then a line "ID CHECKSUM" or "ID gone" for each write, then "acknowledged"
//   check         opens it and prints "ID CHECKSUM" of all items; exit 1 with the problems if files and index do not agree
//   bench N BATCH later|each [git]   stores N items in batches, then reads all files again; prints items a second
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

#include "memory/exchange/exchange.h"
#include "memory/markdown/git_repository.h"
#include "memory/markdown/markdown_bank.h"
#include "memory/model/checksum.h"
#include "memory/store_bank/store_bank.h"
#include "store/open/open.h"

namespace levee::memory {
namespace {

template <typename T>
T Must(Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().ToString().c_str());
  std::exit(1);
}

struct Opened {
  std::unique_ptr<store::Store> store;
  std::unique_ptr<MarkdownBank> bank;  // goes first
};

Opened Open(const std::string& folder, std::unique_ptr<FolderListener> listener, FileSync sync) {
  Opened opened;
  opened.store = Must(store::OpenStore(folder + ".db", {}));
  // Where the files are synced, the index is made good from them.
  auto index = Must(StoreBank::Open(opened.store->bank(), SystemClock(), {.durable = sync == FileSync::kLater}));
  opened.bank = Must(MarkdownBank::Open({.folder = {.path = folder, .sync = sync}, .listener = std::move(listener)}, std::move(index)));
  return opened;
}

// Few ids, so that there are updates and deletions of what is there; contents say what they are.
void WriteForEver(MarkdownBank& bank, unsigned seed) {
  std::mt19937 random(seed);
  for (int number = 0;; ++number) {
    const unsigned size = random() % 2 == 0 ? 1 : 1 + random() % 20;
    std::printf("batch\n");
    if (random() % 4 == 0) {
      std::vector<ItemRemoval> removals;
      for (unsigned i = 0; i < size; ++i) removals.push_back({.id = "item-" + std::to_string(random() % 60), .expected_version = {}});
      for (const ItemRemoval& removal : removals) std::printf("%s gone\n", removal.id.c_str());
      std::fflush(stdout);
      Must(bank.Delete(std::move(removals), {}));
    } else {
      std::vector<ItemWrite> writes;
      for (unsigned i = 0; i < size; ++i) {
        Item item{.id = "item-" + std::to_string(random() % 60), .category = random() % 5 == 0 ? "other" : "note"};
        item.content = item.id + " of batch " + std::to_string(number) + " of seed " + std::to_string(seed) + std::string(random() % 3000, '.');
        std::printf("%s %s\n", item.id.c_str(), ChecksumOf(item.content).c_str());
        writes.push_back({.item = std::move(item), .expected_version = {}});
      }
      std::fflush(stdout);
      Must(bank.Store(std::move(writes), {}));
    }
    std::printf("acknowledged\n");
    std::fflush(stdout);
  }
}

class Printer final : public ItemSink {
 public:
  Status Write(const Item& item) override {
    std::printf("%s %s\n", item.id.c_str(), ChecksumOf(item.content).c_str());
    return {};
  }
  Status Finish() override { return {}; }
};

int Check(MarkdownBank& bank) {
  Printer printer;
  Must(ExportItems(bank, {}, printer));
  const VerifyReport report = Must(bank.Verify());
  for (const std::string& problem : report.problems) std::fprintf(stderr, "%s\n", problem.c_str());
  return report.problems.empty() ? 0 : 1;
}

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void Bench(Opened opened, int count, int batch) {
  const std::string filler(1'000, 'x');
  auto start = std::chrono::steady_clock::now();
  for (int at = 0; at < count; at += batch) {
    std::vector<ItemWrite> writes;
    for (int i = at; i < std::min(at + batch, count); ++i) {
      writes.push_back({.item = {.id = "bench-" + std::to_string(i), .category = "c" + std::to_string(i % 20),
                                 .content = "item " + std::to_string(i) + " " + filler, .tags = {"a", "b"},
                                 .metadata = R"({"source":"s1","n":)" + std::to_string(i) + "}"},
                        .expected_version = {}});
    }
    Must(opened.bank->Store(std::move(writes), {}));
  }
  std::printf("store %.0f/s\n", count / SecondsSince(start));
  start = std::chrono::steady_clock::now();
  const SyncReport report = Must(opened.bank->Sync({.paths = {}, .reread = true}));
  std::printf("read again %.0f/s (%lld files)\n", static_cast<double>(report.read) / SecondsSince(start), static_cast<long long>(report.read));
  start = std::chrono::steady_clock::now();
  Must(opened.bank->Sync({}));
  std::printf("look again %.3f s\n", SecondsSince(start));
  start = std::chrono::steady_clock::now();
  opened.bank.reset();
  std::printf("close (what git has left) %.3f s\n", SecondsSince(start));
}

int Run(int count, char** words) {
  const std::string folder = words[1];
  const std::string_view command = words[2];
  if (command == "bench" && count >= 6) {
    std::unique_ptr<FolderListener> git;
    if (count > 6) {
      Must(Folder::Open(folder, true));
      git = Must(GitRepository::Open(folder, {.init = true, .batch_ms = 1'000}));
    }
    const FileSync sync = std::string_view(words[5]) == "each" ? FileSync::kEachWrite : FileSync::kLater;
    Bench(Open(folder, std::move(git), sync), std::atoi(words[3]), std::atoi(words[4]));
    return 0;
  }
  const auto seed = static_cast<unsigned>(count == 4 ? std::atoi(words[3]) : 0);
  Opened opened = Open(folder, nullptr, seed % 2 == 1 ? FileSync::kEachWrite : FileSync::kLater);
  if (command == "check") return Check(*opened.bank);
  if (command == "write" && count == 4) WriteForEver(*opened.bank, seed);
  return 64;
}

}  // namespace
}  // namespace levee::memory

int main(int count, char** words) { return count < 3 ? 64 : levee::memory::Run(count, words); }
