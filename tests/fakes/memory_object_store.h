// An object store in memory whose operations can be made to fail, stall or change the store.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "objectstore/object_store.h"
#include "objectstore/relative_path.h"

namespace levee::fakes {

enum class Operation : std::uint8_t { kList, kStat, kRead, kReadRange, kPutIfAbsent };

// Thread-safe. Set the hook before the store is shared.
class MemoryObjectStore final : public objectstore::ObjectStore {
 public:
  // Called before each operation, outside the lock; an error becomes the operation's outcome.
  using Hook = std::function<Status(Operation, std::string_view path)>;

  void set_hook(Hook hook) { hook_ = std::move(hook); }
  // As a cloud: lists begin at any name and come in pages, and requests at once pay. Set before the store is shared.
  void set_page(std::size_t names) { page_ = names; }
  // As a server that does not know where a list is to begin: its first page is what there is from the start on.
  void set_lists_from_the_start() { lists_from_the_start_ = true; }
  void set_parallel_requests(int requests) { parallel_requests_ = requests; }

  // Writes or overwrites, as a user with a shell may.
  void Put(std::string_view path, std::string_view content, std::int64_t modified_ms = 0) {
    const std::lock_guard lock(mutex_);
    objects_.insert_or_assign(std::string(path), Object{std::string(content), modified_ms});
  }
  void Remove(std::string_view path) {
    const std::lock_guard lock(mutex_);
    objects_.erase(std::string(path));
  }
  int calls(Operation operation) {
    const std::lock_guard lock(mutex_);
    return calls_[operation];
  }

  Result<std::vector<objectstore::ObjectInfo>> List(std::string_view folder,
                                                    std::string_view start_after) override {
    LEVEE_RETURN_IF_ERROR(Begin(Operation::kList, folder));
    const std::lock_guard lock(mutex_);
    const std::string prefix = folder.empty() ? std::string() : std::string(folder) + "/";
    std::vector<objectstore::ObjectInfo> found;
    for (auto at = objects_.lower_bound(prefix); at != objects_.end() && at->first.starts_with(prefix);
         ++at) {
      const std::string_view name = std::string_view(at->first).substr(prefix.size());
      if (name.find('/') != std::string_view::npos || name <= start_after) continue;
      found.push_back(InfoOf(name, at->second));
    }
    return found;
  }

  Result<std::optional<objectstore::ObjectInfo>> Stat(std::string_view path) override {
    LEVEE_RETURN_IF_ERROR(Begin(Operation::kStat, path));
    const std::lock_guard lock(mutex_);
    const auto at = objects_.find(std::string(path));
    if (at == objects_.end()) return std::optional<objectstore::ObjectInfo>();
    return std::optional(InfoOf(path.substr(path.rfind('/') + 1), at->second));
  }

  Result<std::string> Read(std::string_view path) override {
    LEVEE_RETURN_IF_ERROR(Begin(Operation::kRead, path));
    return Content(path);
  }

  Result<std::string> ReadRange(std::string_view path, std::uint64_t offset, std::uint64_t size) override {
    LEVEE_RETURN_IF_ERROR(Begin(Operation::kReadRange, path));
    LEVEE_ASSIGN(const std::string content, Content(path));
    if (offset > content.size() || size > content.size() - offset) {
      return Fail(ErrorCode::kOutOfRange, std::string(path), "no such bytes");
    }
    return content.substr(offset, size);
  }

  Result<objectstore::PutOutcome> PutIfAbsent(std::string_view path, std::string_view content) override {
    LEVEE_RETURN_IF_ERROR(Begin(Operation::kPutIfAbsent, path));
    const std::lock_guard lock(mutex_);
    const bool added = objects_.try_emplace(std::string(path), Object{std::string(content), 0}).second;
    return added ? objectstore::PutOutcome::kWritten : objectstore::PutOutcome::kAlreadyThere;
  }

  bool lists_from_name() const override { return page_ > 0; }
  Result<objectstore::ObjectPage> ListPage(std::string_view folder, std::string_view start_after) override {
    LEVEE_ASSIGN(auto objects, List(folder, lists_from_the_start_ ? std::string_view() : start_after));
    const bool complete = page_ == 0 || objects.size() <= page_;
    if (!complete) objects.resize(page_);
    std::erase_if(objects, [&](const auto& object) { return object.name <= start_after; });
    return objectstore::ObjectPage{.objects = std::move(objects), .complete = complete};
  }
  int parallel_requests() const override { return parallel_requests_; }
  const std::string& uri() const override { return uri_; }
  std::string local_root() const override { return {}; }

 private:
  struct Object {
    std::string content;
    std::int64_t modified_ms = 0;
  };

  Status Begin(Operation operation, std::string_view path) {
    LEVEE_RETURN_IF_ERROR(objectstore::CheckRelativePath(path));
    {
      const std::lock_guard lock(mutex_);
      ++calls_[operation];
    }
    return hook_ ? hook_(operation, path) : Status();
  }

  Result<std::string> Content(std::string_view path) {
    const std::lock_guard lock(mutex_);
    const auto at = objects_.find(std::string(path));
    if (at == objects_.end()) return Fail(ErrorCode::kNotFound, std::string(path), "no such object");
    return at->second.content;
  }

  static objectstore::ObjectInfo InfoOf(std::string_view name, const Object& object) {
    return {std::string(name), object.content.size(), object.modified_ms,
            std::to_string(Hash64(object.content)) + "-" + std::to_string(object.modified_ms)};
  }

  const std::string uri_ = "memory://test";
  Hook hook_;
  std::size_t page_ = 0;
  bool lists_from_the_start_ = false;
  int parallel_requests_ = 1;
  std::mutex mutex_;
  std::map<std::string, Object> objects_;  // guarded by mutex_
  std::map<Operation, int> calls_;         // guarded by mutex_
};

}  // namespace levee::fakes
