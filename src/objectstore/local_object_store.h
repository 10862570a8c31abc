// Files below a folder of the local disk.
#pragma once

#include <string>

#include "objectstore/object_store.h"

namespace levee::objectstore {

// Thread-safe: it keeps no state but its root. Symbolic links below the root are followed.
class LocalObjectStore final : public ObjectStore {
 public:
  // `root` is absolute, without a slash at its end.
  explicit LocalObjectStore(std::string root);

  Result<std::vector<ObjectInfo>> List(std::string_view folder, std::string_view start_after) override;
  Result<std::optional<ObjectInfo>> Stat(std::string_view path) override;
  Result<std::string> Read(std::string_view path) override;
  Result<std::string> ReadRange(std::string_view path, std::uint64_t offset, std::uint64_t size) override;
  // Atomic: a temporary file in the same folder is written, synchronised and linked to its name.
  Result<PutOutcome> PutIfAbsent(std::string_view path, std::string_view content) override;
  const std::string& uri() const override { return uri_; }
  std::string local_root() const override { return root_; }

 private:
  // The path for the operating system; kInvalidArgument when it would leave the root.
  Result<std::string> Resolve(std::string_view path) const;

  const std::string root_;
  const std::string uri_;
};

}  // namespace levee::objectstore
