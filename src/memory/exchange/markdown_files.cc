#include <algorithm>

#include "base/status.h"
#include "memory/exchange/formats.h"
#include "memory/markdown/item_folder.h"
#include "memory/model/errors.h"
#include "memory/yaml/yaml_reader.h"

namespace levee::memory {
namespace {

constexpr std::size_t kBatchItems = 500;

class Source final : public ItemSource {
 public:
  Source(std::unique_ptr<ItemFolder> items, std::vector<std::string> paths) : items_(std::move(items)), paths_(std::move(paths)) {}

  Result<std::optional<ItemWrite>> Next() override {
    while (next_ < paths_.size()) {
      const std::string& path = paths_[next_++];
      LEVEE_ASSIGN(auto read, items_->Read(path));
      if (!read) continue;  // it went meanwhile
      if (read->item.content.empty()) return InvalidItem(path, "the file has no content");
      return ItemWrite{.item = std::move(read->item), .expected_version = {}};
    }
    return std::nullopt;
  }

 private:
  std::unique_ptr<ItemFolder> items_;
  std::vector<std::string> paths_;
  std::size_t next_ = 0;
};

class Sink final : public ItemSink {
 public:
  Sink(std::unique_ptr<ItemFolder> items, FolderLock lock) : items_(std::move(items)), lock_(std::move(lock)) {}

  Status Write(const Item& item) override {
    batch_.push_back(item);
    return batch_.size() < kBatchItems ? Status() : WriteBatch();
  }
  Status Finish() override { return WriteBatch(); }

 private:
  Status WriteBatch() {
    std::vector<ItemFolder::Write> writes;
    writes.reserve(batch_.size());
    for (const Item& item : batch_) writes.push_back({.item = &item, .believed = {}});
    LEVEE_RETURN_IF_ERROR(items_->WriteItems(writes));
    batch_.clear();
    return {};
  }

  std::unique_ptr<ItemFolder> items_;
  FolderLock lock_;
  std::vector<Item> batch_;
};

}  // namespace

Result<std::unique_ptr<ItemSource>> MarkdownSource(const std::string& path, const ExchangeOptions& options) {
  UseYamlLibrary();
  ItemFolderOptions folder{.path = path, .create = false};
  folder.file_limit_bytes = options.content_limit_bytes + kLineSlackBytes;
  LEVEE_ASSIGN(std::unique_ptr<ItemFolder> items, ItemFolder::Open(std::move(folder), SystemClock()));
  std::vector<std::string> paths;
  LEVEE_RETURN_IF_ERROR(items->folder().Walk(
      {.wants = IsItemFileName, .file = [&](std::string file, const FileState&) { paths.push_back(std::move(file)); }, .folder = nullptr}));
  std::ranges::sort(paths);
  return std::make_unique<Source>(std::move(items), std::move(paths));
}

Result<std::unique_ptr<ItemSink>> MarkdownSink(const std::string& path, const ExchangeOptions& /*options*/) {
  LEVEE_ASSIGN(std::unique_ptr<ItemFolder> items, ItemFolder::Open({.path = path}, SystemClock()));
  LEVEE_ASSIGN(FolderLock lock, FolderLock::Take(items->folder()));
  LEVEE_RETURN_IF_ERROR(items->manifest().Refresh());
  return std::make_unique<Sink>(std::move(items), std::move(lock));
}

}  // namespace levee::memory
