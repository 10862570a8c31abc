// An object store over HTTP, whatever the cloud.
#pragma once

#include <memory>
#include <string>

#include "objectstore/http/cloud_dialect.h"
#include "objectstore/http/retry.h"
#include "objectstore/object_store.h"

namespace levee::objectstore {

// Thread-safe. Each call is one request, or one a page of a list, when all is well; docs/clouds.md tells what is tried
// again.
class CloudObjectStore final : public ObjectStore {
 public:
  // `root`: the key of the table's folder, without slashes around it; may be empty. `uri` names it in messages.
  CloudObjectStore(RetryContext context, std::unique_ptr<CloudDialect> dialect, std::string root, std::string uri);

  Result<std::vector<ObjectInfo>> List(std::string_view folder, std::string_view start_after) override;
  Result<ObjectPage> ListPage(std::string_view folder, std::string_view start_after) override;
  Result<std::optional<ObjectInfo>> Stat(std::string_view path) override;
  Result<std::string> Read(std::string_view path) override;
  Result<std::string> ReadRange(std::string_view path, std::uint64_t offset, std::uint64_t size) override;
  // The object keeps a random token of its writer, so that a writer whose answer was lost knows its own object again.
  Result<PutOutcome> PutIfAbsent(std::string_view path, std::string_view content) override;
  const std::string& uri() const override { return uri_; }
  std::string local_root() const override { return {}; }
  bool lists_from_name() const override { return dialect_->lists_from_name(); }
  int parallel_requests() const override { return context_.options.parallel_requests; }

 private:
  struct Page {
    std::vector<ObjectInfo> objects;
    std::string continuation;
  };

  // The key of a path; kInvalidArgument when it would leave the root.
  Result<std::string> KeyOf(std::string_view path) const;
  std::string UriOf(std::string_view path) const;
  Result<HttpAnswer> Send(const std::string& what, const std::function<HttpRequest()>& make);
  Result<Page> OnePage(std::string_view folder, std::string_view start_after, std::string continuation);
  Result<HttpResponse> Get(std::string_view path, std::optional<ByteRange> range);
  // Whether the object there is the one that was put with that token.
  Result<bool> WasPutWith(const std::string& key, const std::string& what, std::string_view token);
  std::unexpected<Error> Refused(const HttpResponse& response, const std::string& what) const;

  const RetryContext context_;
  const std::unique_ptr<CloudDialect> dialect_;
  const std::string root_;
  const std::string uri_;
};

}  // namespace levee::objectstore
