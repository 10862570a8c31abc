// A folder, a plain bank and what all tests of exchange do with them.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "memory/exchange/exchange.h"
#include "tests/fakes/plain_bank/plain_bank.h"

namespace levee::memory {

class ExchangeTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = (std::filesystem::temp_directory_path() / "levee-exchange-XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  void Write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(Path(name)).parent_path());
    std::ofstream(Path(name), std::ios::binary) << text;
  }
  std::string Read(const std::string& name) {
    std::ifstream file(Path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  Result<ImportReport> Import(ExchangeFormat format, const std::string& name, const ImportOptions& options = {},
                              const ExchangeOptions& exchange = {}) {
    auto source = OpenItemSource(format, Path(name), exchange);
    if (!source) return std::unexpected(source.error());
    return ImportItems(**source, bank_, options);
  }
  // The number of items, or the error's text.
  std::string Export(ExchangeFormat format, const std::string& name) {
    auto sink = OpenItemSink(format, Path(name), {});
    if (!sink) return sink.error().ToString();
    const auto exported = ExportItems(bank_, {}, **sink);
    return exported ? std::to_string(*exported) : exported.error().ToString();
  }
  std::optional<Item> Get(std::string_view id) { return *bank_.Get(id, {}); }

  std::string folder_;
  fakes::PlainBank bank_{fakes::PlainBankOptions(), SystemClock()};
};

// "stored 2, updated 0, unchanged 1, kept 0".
inline std::string Text(const Result<ImportReport>& report) {
  if (!report) return report.error().ToString();
  return "stored " + std::to_string(report->stored) + ", updated " + std::to_string(report->updated) + ", unchanged " +
         std::to_string(report->unchanged) + ", kept " + std::to_string(report->kept);
}

}  // namespace levee::memory
