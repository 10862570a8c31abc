// An object store before another one: what stands between them overrides what it changes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "objectstore/object_store.h"

namespace levee::objectstore {

// Passes everything on to `store`, which outlives it. Thread-safe as that is.
class ForwardingObjectStore : public ObjectStore {
 public:
  explicit ForwardingObjectStore(ObjectStore& store) : store_(store) {}

  Result<std::vector<ObjectInfo>> List(std::string_view folder, std::string_view start_after) override {
    return store_.List(folder, start_after);
  }
  Result<std::optional<ObjectInfo>> Stat(std::string_view path) override { return store_.Stat(path); }
  Result<std::string> Read(std::string_view path) override { return store_.Read(path); }
  Result<std::string> ReadRange(std::string_view path, std::uint64_t offset, std::uint64_t size) override {
    return store_.ReadRange(path, offset, size);
  }
  Result<PutOutcome> PutIfAbsent(std::string_view path, std::string_view content) override {
    return store_.PutIfAbsent(path, content);
  }
  bool lists_from_name() const override { return store_.lists_from_name(); }
  Result<ObjectPage> ListPage(std::string_view folder, std::string_view start_after) override {
    return store_.ListPage(folder, start_after);
  }
  int parallel_requests() const override { return store_.parallel_requests(); }
  const std::string& uri() const override { return store_.uri(); }
  std::string local_root() const override { return store_.local_root(); }

 protected:
  ObjectStore& store() { return store_; }

 private:
  ObjectStore& store_;
};

}  // namespace levee::objectstore
