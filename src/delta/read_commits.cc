// Reading many commits at once, in order.
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "delta/commit_reader.h"

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
    auto commit = ReadCommit(store, files[i]);
    if (!commit) {
      content.status = std::unexpected(std::move(commit).error());
      break;
    }
    content.commits.push_back(std::move(*commit));
  }
  return content;
}

// Runs that are read but not yet visited wait in a ring; a reader that is a ring ahead waits.
class OrderedReader {
 public:
  OrderedReader(objectstore::ObjectStore& store, const std::vector<CommitFile>& files, std::size_t window)
      : store_(store), files_(files), runs_(SplitIntoRuns(files)), ring_(window) {}

  std::size_t runs() const { return runs_.size(); }

  // Called by each reading thread.
  void Work() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] {
        return stopped_ || next_read_ == runs_.size() || next_read_ < visited_ + ring_.size();
      });
      if (stopped_ || next_read_ == runs_.size()) return;
      const std::size_t run = next_read_++;
      lock.unlock();
      RunContent content = ReadRun(store_, files_, runs_[run]);
      lock.lock();
      ring_[run % ring_.size()] = std::move(content);
      changed_.notify_all();
    }
  }

  // The next run in order; called by the one visiting thread.
  RunContent Next() {
    std::unique_lock lock(mutex_);
    std::optional<RunContent>& slot = ring_[visited_ % ring_.size()];
    changed_.wait(lock, [&] { return slot.has_value(); });
    RunContent content = std::move(*slot);
    slot.reset();
    ++visited_;
    changed_.notify_all();
    return content;
  }

  void Stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

 private:
  objectstore::ObjectStore& store_;
  const std::vector<CommitFile>& files_;
  const std::vector<Run> runs_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  std::vector<std::optional<RunContent>> ring_;
  std::size_t next_read_ = 0;
  std::size_t visited_ = 0;
  bool stopped_ = false;
};

Status VisitRun(RunContent content, const std::function<Status(CommitContent)>& visit) {
  for (CommitContent& commit : content.commits) LEVEE_RETURN_IF_ERROR(visit(std::move(commit)));
  return std::move(content.status);
}

}  // namespace

Status ReadCommits(objectstore::ObjectStore& store, const std::vector<CommitFile>& files, int threads,
                   const std::function<Status(CommitContent)>& visit) {
  if (threads <= 1 || files.size() <= 2) {
    for (const CommitFile& file : files) {
      LEVEE_ASSIGN(CommitContent content, ReadCommit(store, file));
      LEVEE_RETURN_IF_ERROR(visit(std::move(content)));
    }
    return {};
  }
  OrderedReader reader(store, files, static_cast<std::size_t>(threads) * 2);
  const std::size_t workers = std::min(static_cast<std::size_t>(threads), reader.runs());
  Status status;
  {
    std::vector<std::jthread> readers;
    for (std::size_t i = 0; i < workers; ++i) readers.emplace_back([&reader] { reader.Work(); });
    for (std::size_t run = 0; run < reader.runs() && status; ++run) status = VisitRun(reader.Next(), visit);
    reader.Stop();
  }
  return status;
}

}  // namespace levee::delta
