// Reading many commits at once, in order.
#include <deque>
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

RunContent ReadRun(objectstore::ObjectStore& store, const std::vector<CommitFile>& files, Run run) {
  RunContent content;
  content.commits.reserve(run.count);
  for (std::size_t i = run.first; i < run.first + run.count; ++i) {
    Status going = CheckCancelled();
    auto commit = going ? ReadCommit(store, files[i]) : Result<CommitContent>(std::unexpected(std::move(going).error()));
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

std::vector<objectstore::ExpectedRead> Expected(const std::vector<CommitFile>& files) {
  std::vector<objectstore::ExpectedRead> reads;
  reads.reserve(files.size());
  for (const CommitFile& file : files) reads.push_back({CommitPath(file.version), file.object.size_bytes});
  return reads;
}

Status ReadInRuns(objectstore::ObjectStore& store, const std::vector<CommitFile>& files, int threads,
                  const std::function<Status(CommitContent)>& visit) {
  if (threads <= 1 || files.size() <= 2) {
    for (const CommitFile& file : files) {
      LEVEE_RETURN_IF_ERROR(CheckCancelled());
      LEVEE_ASSIGN(CommitContent content, ReadCommit(store, file));
      LEVEE_RETURN_IF_ERROR(visit(std::move(content)));
    }
    return {};
  }
  const std::vector<Run> runs = SplitIntoRuns(files);
  std::size_t next = 0;
  std::deque<Deferred<RunContent>> ahead;
  const auto fill = [&] {
    while (next < runs.size() && ahead.size() < static_cast<std::size_t>(threads)) {
      ahead.emplace_back([&store, &files, run = runs[next++]] { return ReadRun(store, files, run); },
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

}  // namespace

Status ReadCommits(objectstore::ObjectStore& store, const std::vector<CommitFile>& files, int threads,
                   const std::function<Status(CommitContent)>& visit) {
  if (store.parallel_requests() <= 1 || files.size() <= 1) return ReadInRuns(store, files, threads, visit);
  objectstore::ReadAhead ahead(store, Expected(files));
  return ReadInRuns(ahead, files, threads, visit);
}

}  // namespace levee::delta
