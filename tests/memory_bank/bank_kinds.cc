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

// A bank in an SQLite file.
struct StoredBank {
  std::unique_ptr<store::Store> store;
  std::unique_ptr<MemoryBank> bank;  // goes before the store

  void Close() {
    bank.reset();
    store.reset();
  }
};

StoredBank OpenFile(const std::string& path, Clock& clock, const BankSettings& settings) {
  StoredBank open;
  auto store = store::OpenStore(path, {});
  EXPECT_TRUE(store) << store.error().ToString();
  open.store = std::move(*store);
  memory::StoreBankOptions options;
  options.author = settings.author;
  options.replica = settings.replica;
  options.limits.content_bytes_max = static_cast<std::size_t>(settings.content_limit);
  auto bank = memory::StoreBank::Open(open.store->bank(), clock, options);
  EXPECT_TRUE(bank) << bank.error().ToString();
  open.bank = std::move(*bank);
  return open;
}

// What lasts in a new folder.
class Lasting : public BankUnderTest {
 public:
  Lasting(Clock& clock, const BankSettings& settings, const std::filesystem::path& where) : clock_(clock), settings_(settings) {
    std::string pattern = (where / "levee-bank-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~Lasting() override {
    bank_.Close();
    std::filesystem::remove_all(folder_);
  }
  MemoryBank& bank() override { return *bank_.bank; }
  void Reopen() override {
    bank_.Close();
    Open();
  }
  std::unique_ptr<MemoryBank> OpenBackup(const std::string& path) override {
    backup_.Close();
    backup_ = OpenFile(path, clock_, settings_);
    return std::move(backup_.bank);
  }

 protected:
  virtual void Open() { bank_ = OpenFile(folder_ + "/levee.db", clock_, settings_); }

  Clock& clock_;
  const BankSettings settings_;
  std::string folder_;
  StoredBank bank_, backup_;
};

class Sqlite final : public Lasting {
 public:
  Sqlite(Clock& clock, const BankSettings& settings) : Lasting(clock, settings, std::filesystem::temp_directory_path()) {
    Open();
  }

 private:
  void Open() override { Lasting::Open(); }
};

// A folder of Markdown files with a store as its index. It lies where syncing costs nothing: what is asked here is what a bank answers.
class Markdown final : public Lasting {
 public:
  Markdown(Clock& clock, const BankSettings& settings) : Lasting(clock, settings, FolderInMemory()) { Open(); }

 private:
  static std::filesystem::path FolderInMemory() {
    const std::filesystem::path memory = "/dev/shm";
    return std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
  }

  void Open() override {
    Lasting::Open();
    auto bank = memory::MarkdownBank::Open({.folder = {.path = folder_ + "/notes"}, .clock = &clock_}, std::move(bank_.bank));
    EXPECT_TRUE(bank) << bank.error().ToString();
    bank_.bank = std::move(*bank);
  }
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
