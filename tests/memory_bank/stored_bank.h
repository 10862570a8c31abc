// A bank in an SQLite file of its own, with options that a test chooses.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "memory/store_bank/store_bank.h"
#include "store/open/open.h"

namespace levee::memory_bank {

class StoredBank {
 public:
  StoredBank(Clock& clock, const memory::StoreBankOptions& options) : clock_(clock) {
    std::string pattern = (std::filesystem::temp_directory_path() / "levee-bank-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    Open(options);
  }
  ~StoredBank() {
    bank_ = nullptr;
    store_ = nullptr;
    std::filesystem::remove_all(folder_);
  }
  StoredBank(const StoredBank&) = delete;
  StoredBank& operator=(const StoredBank&) = delete;

  // Closes it, if it is open, and opens it with other options.
  void Open(const memory::StoreBankOptions& options) {
    bank_ = nullptr;
    store_ = nullptr;
    auto store = store::OpenStore(folder_ + "/levee.db", {});
    ASSERT_TRUE(store) << store.error().ToString();
    store_ = std::move(*store);
    auto bank = memory::StoreBank::Open(store_->bank(), clock_, options);
    ASSERT_TRUE(bank) << bank.error().ToString();
    bank_ = std::move(*bank);
  }

  const std::string& folder() const { return folder_; }
  store::BankStore& store() { return store_->bank(); }
  MemoryBank& operator*() { return *bank_; }
  MemoryBank* operator->() { return bank_.get(); }

 private:
  Clock& clock_;
  std::string folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<MemoryBank> bank_;  // goes before the store
};

}  // namespace levee::memory_bank
