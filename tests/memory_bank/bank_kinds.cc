// Which banks the suite runs on.
#include <unistd.h>

#include <filesystem>

#include "memory/markdown/markdown_bank.h"
#include "memory/store_bank/store_bank.h"
#include "store/open/open.h"
#include "tests/fakes/plain_bank/plain_bank.h"
#include "tests/memory_bank/bank_under_test.h"

namespace levee::memory_bank {
namespace {

class Plain final : public BankUnderTest {
 public:
  Plain(Clock& clock, const BankSettings& settings)
      : bank_(
            {.replica = settings.replica, .author = settings.author, .content_limit = settings.content_limit},
            clock) {}
  MemoryBank& bank() override { return bank_; }

 private:
  fakes::PlainBank bank_;
};

// In a new SQLite file.
class Sqlite final : public BankUnderTest {
 public:
  Sqlite(Clock& clock, const BankSettings& settings) : clock_(clock), settings_(settings) {
    std::string pattern = (std::filesystem::temp_directory_path() / "levee-bank-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    bank_ = OpenFile(folder_ + "/levee.db");
  }
  ~Sqlite() override {
    bank_ = {};
    std::filesystem::remove_all(folder_);
  }
  MemoryBank& bank() override { return *bank_.bank; }
  void Reopen() override {
    bank_ = {};
    bank_ = OpenFile(folder_ + "/levee.db");
  }
  std::unique_ptr<MemoryBank> OpenBackup(const std::string& path) override {
    backup_ = {};
    backup_ = OpenFile(path);
    return std::move(backup_.bank);
  }

 private:
  struct OpenBank {
    std::unique_ptr<store::Store> store;
    std::unique_ptr<MemoryBank> bank;  // goes before the store
  };

  OpenBank OpenFile(const std::string& path) const {
    OpenBank open;
    auto store = store::OpenStore(path, {});
    EXPECT_TRUE(store) << store.error().ToString();
    open.store = std::move(*store);
    memory::StoreBankOptions options;
    options.author = settings_.author;
    options.replica = settings_.replica;
    options.limits.content_bytes_max = static_cast<std::size_t>(settings_.content_limit);
    auto bank = memory::StoreBank::Open(open.store->bank(), clock_, options);
    EXPECT_TRUE(bank) << bank.error().ToString();
    open.bank = std::move(*bank);
    return open;
  }

  Clock& clock_;
  const BankSettings settings_;
  std::string folder_;
  OpenBank bank_, backup_;
};

// A folder of Markdown files with a plain bank as its index.
class Markdown final : public BankUnderTest {
 public:
  Markdown(Clock& clock, const BankSettings& settings) {
    // Where syncing costs nothing: what is asked here is what a bank answers.
    const std::filesystem::path memory = "/dev/shm";
    const auto folder = std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
    path_ = (folder / "levee-bank-XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr) std::abort();
    auto index = std::make_unique<fakes::PlainBank>(
        fakes::PlainBankOptions{
            .replica = settings.replica, .author = settings.author, .content_limit = settings.content_limit},
        clock);
    bank_ = *memory::MarkdownBank::Open({.folder = {.path = path_}, .clock = &clock}, std::move(index));
  }
  ~Markdown() override { std::filesystem::remove_all(path_); }
  MemoryBank& bank() override { return *bank_; }

 private:
  std::string path_;
  std::unique_ptr<memory::MarkdownBank> bank_;
};

template <typename T>
BankKind KindOf(std::string name) {
  return {std::move(name),
          [](Clock& clock, const BankSettings& settings) { return std::make_unique<T>(clock, settings); }};
}

}  // namespace

std::vector<BankKind> BankKinds() {
  return {KindOf<Plain>("plain"), KindOf<Sqlite>("sqlite"), KindOf<Markdown>("markdown")};
}

}  // namespace levee::memory_bank
