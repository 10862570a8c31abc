#include "objectstore/object_store.h"

#include "objectstore/file_uri.h"
#include "objectstore/http/open_cloud.h"
#include "objectstore/local_object_store.h"

namespace levee::objectstore {
namespace {

// The local path of what is local; every other scheme is refused by its name.
Result<std::string> LocalPathOrRefuse(std::string_view path_or_uri) {
  const std::string scheme = UriScheme(path_or_uri);
  if (!scheme.empty() && scheme != "file") {
    return Fail(ErrorCode::kUnsupported, std::string(path_or_uri), scheme + " is not built in",
                "use a local path, or a file:, s3:, gs: or abfss: URI");
  }
  return LocalPath(path_or_uri);
}

}  // namespace

Result<std::unique_ptr<ObjectStore>> OpenObjectStore(std::string_view path_or_uri) {
  if (IsCloudScheme(UriScheme(path_or_uri))) return OpenCloudStore(path_or_uri);
  LEVEE_ASSIGN(std::string path, LocalPathOrRefuse(path_or_uri));
  return std::make_unique<LocalObjectStore>(std::move(path));
}

Result<std::string> CanonicalTableUri(std::string_view path_or_uri) {
  if (IsCloudScheme(UriScheme(path_or_uri))) return CanonicalCloudUri(path_or_uri);
  LEVEE_ASSIGN(const std::string path, LocalPathOrRefuse(path_or_uri));
  return FileUri(path);
}

}  // namespace levee::objectstore
