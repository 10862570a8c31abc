#include "delta/commit_reader.h"

#include "base/hash.h"
#include "delta/action_parser.h"
#include "delta/log_names.h"
#include "metrics/metrics.h"

namespace levee::delta {
namespace {

Result<CommitContent> ReadFile(objectstore::ObjectStore& store, std::int64_t version,
                               const objectstore::ObjectInfo& object) {
  const std::string path = std::string(kLogFolder) + "/" + object.name;
  LEVEE_ASSIGN(std::string text, store.Read(path));
  auto content = ParseCommit(version, std::move(text));
  if (!content) {
    Error error = std::move(content).error();
    if (error.code == ErrorCode::kCancelled) return std::unexpected(std::move(error));  // the file is not to blame
    error.why = error.what + ": " + error.why;
    error.what = path;
    if (error.hint.empty()) error.hint = "older versions may still answer: --version N";
    return std::unexpected(std::move(error));
  }
  content->object = object;
  content->timestamp_ms = content->in_commit_timestamp_ms.value_or(object.modified_ms);
  return content;
}

}  // namespace

Result<CommitContent> ParseCommit(std::int64_t version, std::string text) {
  const metrics::Span span(metrics::Metric::kParseCommitSpan);
  CommitContent content;
  content.version = version;
  content.content_hash = Hash64(text);
  LEVEE_RETURN_IF_ERROR(ParseActions(std::move(text), content, nullptr));
  content.timestamp_ms = content.in_commit_timestamp_ms.value_or(0);
  return content;
}

Result<CommitContent> ReadCommit(objectstore::ObjectStore& store, const CommitFile& file) {
  return ReadFile(store, file.version, file.object);
}

Result<CommitContent> ReadCompacted(objectstore::ObjectStore& store, const CompactedFile& file) {
  return ReadFile(store, file.last_version, file.object);
}

}  // namespace levee::delta
