// Files in a folder-like store: local disk, or a cloud (docs/clouds.md).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace levee::objectstore {

struct ObjectInfo {
  std::string name;  // last part of the path
  std::uint64_t size_bytes = 0;
  std::int64_t modified_ms = 0;  // since the epoch
  std::string etag;              // changes whenever the object's content may have; local: inode, time, size
};

struct ObjectPage {
  std::vector<ObjectInfo> objects;
  bool complete = true;  // there are no more
};

enum class PutOutcome : std::uint8_t { kWritten, kAlreadyThere };

// Paths are relative to the store's root, with '/' between parts, not percent-encoded, and never
// leave the root. Thread-safe.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;
  // Names directly in `folder` that are above `start_after`, sorted by bytes; folders are left out.
  // A folder that is not there is empty.
  virtual Result<std::vector<ObjectInfo>> List(std::string_view folder, std::string_view start_after) = 0;
  // Empty when it is not there.
  virtual Result<std::optional<ObjectInfo>> Stat(std::string_view path) = 0;
  // The whole object; kNotFound when it is not there.
  virtual Result<std::string> Read(std::string_view path) = 0;
  virtual Result<std::string> ReadRange(std::string_view path, std::uint64_t offset, std::uint64_t size) = 0;
  virtual Result<PutOutcome> PutIfAbsent(std::string_view path, std::string_view content) = 0;
  // Whether ListPage is the cheapest way to look at two neighbouring names: one request instead of two.
  virtual bool lists_from_name() const { return false; }
  // The first names that List would give, as many as one request brings.
  virtual Result<ObjectPage> ListPage(std::string_view folder, std::string_view start_after) {
    LEVEE_ASSIGN(auto objects, List(folder, start_after));
    return ObjectPage{.objects = std::move(objects)};
  }
  // How many reads at once pay; 1 when none takes long enough to be worth another beside it.
  virtual int parallel_requests() const { return 1; }
  // "file:///..." or the cloud's URI, without a slash at its end.
  virtual const std::string& uri() const = 0;
  // The root as a path that other libraries may open, when it is local; else empty.
  virtual std::string local_root() const = 0;
};

// Opens a path ("/data/t", "t", "~/t" is not expanded) or URI ("file:///data/t", "s3://bucket/t", and the others of
// docs/clouds.md). An unknown scheme is kUnsupported by name. The root need not exist.
Result<std::unique_ptr<ObjectStore>> OpenObjectStore(std::string_view path_or_uri);

// The URI by which a table is known in a store: absolute, symbolic links resolved where the path
// exists, no slash at the end.
Result<std::string> CanonicalTableUri(std::string_view path_or_uri);

}  // namespace levee::objectstore
