// Reading many commits at once, in order.
#include <algorithm>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "base/cancellation.h"
#include "base/deferred.h"
#include "delta/commit_reader.h"
#include "objectstore/read_ahead.h"

namespace levee::delta {
namespace {

// Commits are handed over in runs: a commit of one add costs less than a wake-up.
constexpr std::size_t kRunCommits = 64;
constexpr std::uint64_t kRunBytes = 4u << 20;

struct Run {
  std::size_t first = 0;
  std::size_t count = 0;
};

struct RunContent {
  std::vector<CommitContent> commits;
  Status status;  // the commits before the one that cannot be read are good
};

std::vector<Run> SplitIntoRuns(const std::vector<CommitFile>& files) {
  std::vector<Run> runs;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (runs.empty() || runs.back().count == kRunCommits || bytes > kRunBytes) {
      runs.push_back({i, 0});
      bytes = 0;
    }
    ++runs.back().count;
    bytes += files[i].object.size_bytes;
  }
  return runs;
}

// Where the commits of a run are read from: ahead of where they are parsed, if requests at once pay.
class RunSource {
 public:
  RunSource(objectstore::ObjectStore& store, const std::vector<CommitFile>& files, Run run, int requests)
      : store_(store) {
    if (requests <= 1 || run.count <= 1) return;
    std::vector<objectstore::ExpectedRead> reads;
    reads.reserve(run.count);
    for (std::size_t i = run.first; i < run.first + run.count; ++i) {
      reads.push_back({CommitPath(files[i].version), files[i].object.size_bytes});
    }
    ahead_.emplace(store, std::move(reads), requests);
  }
  objectstore::ObjectStore& store() { return ahead_ ? *ahead_ : store_; }

 private:
  objectstore::ObjectStore& store_;
  std::optional<objectstore::ReadAhead> ahead_;
};

RunContent ReadRun(objectstore::ObjectStore& store, const std::vector<CommitFile>& files, Run run, int requests) {
  RunContent content;
  RunSource source(store, files, run, requests);
  content.commits.reserve(run.count);
  for (std::size_t i = run.first; i < run.first + run.count; ++i) {
    Status going = CheckCancelled();
    auto commit = going ? ReadCommit(source.store(), files[i]) : Result<CommitContent>(std::unexpected(std::move(going).error()));
    if (!commit) {
      content.status = std::unexpected(std::move(commit).error());
      break;
    }
    content.commits.push_back(std::move(*commit));
  }
  return content;
}

Status VisitRun(RunContent content, const std::function<Status(CommitContent)>& visit) {
  for (CommitContent& commit : content.commits) LEVEE_RETURN_IF_ERROR(visit(std::move(commit)));
  return std::move(content.status);
}

}  // namespace

Status ReadCommits(objectstore::ObjectStore& store, const std::vector<CommitFile>& files, int threads,
                   const std::function<Status(CommitContent)>& visit) {
  if (threads <= 1 || files.size() <= 2) {
    RunSource source(store, files, {0, files.size()}, store.parallel_requests());
    for (const CommitFile& file : files) {
      LEVEE_RETURN_IF_ERROR(CheckCancelled());
      LEVEE_ASSIGN(CommitContent content, ReadCommit(source.store(), file));
      LEVEE_RETURN_IF_ERROR(visit(std::move(content)));
    }
    return {};
  }
  const std::vector<Run> runs = SplitIntoRuns(files);
  const int requests = std::max(1, store.parallel_requests() / std::min(threads, static_cast<int>(runs.size())));
  std::size_t next = 0;
  std::deque<Deferred<RunContent>> ahead;
  const auto fill = [&] {
    while (next < runs.size() && ahead.size() < static_cast<std::size_t>(threads)) {
      ahead.emplace_back(
          [&store, &files, run = runs[next++], requests] { return ReadRun(store, files, run, requests); },
          Priority::kImport);
    }
  };
  for (fill(); !ahead.empty();) {
    // A run that nobody has begun is read here.
    RunContent content = ahead.front().Get();
    ahead.pop_front();
    fill();
    LEVEE_RETURN_IF_ERROR(VisitRun(std::move(content), visit));
  }
  return {};
}

}  // namespace levee::delta
