#include "catalog/view_refresher.h"

#include "base/thread_rank.h"

namespace levee::catalog {
namespace {

// A refresh writes about as much as a commit does: in the background one follows several.
constexpr std::int64_t kCommitsAtOnce = 16;

}  // namespace

ViewRefresher::~ViewRefresher() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ViewRefresher::Published(std::int64_t table_id) {
  if (when_ == ViewRefresh::kDemand) return;
  if (when_ == ViewRefresh::kCommit) return Refresh(table_id, 1);
  {
    const std::lock_guard lock(mutex_);
    due_.insert(table_id);
    if (!thread_.joinable()) thread_ = std::thread([this] { Work(); });
  }
  changed_.notify_all();
}

void ViewRefresher::Finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return due_.empty() && !busy_; });
}

void ViewRefresher::Work() {
  const BackgroundScope background;
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stop_ || !due_.empty(); });
    // What is due at the end is done too: a process that syncs and ends would never get to it.
    if (due_.empty()) return;
    const std::int64_t table_id = due_.extract(due_.begin()).value();
    busy_ = true;
    lock.unlock();
    Refresh(table_id, kCommitsAtOnce);
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

void ViewRefresher::Refresh(std::int64_t table_id, std::int64_t commits_behind) {
  const auto refreshed = store_.RefreshViews(table_id, commits_behind);
  // A table that was forgotten meanwhile has no views.
  if (refreshed || refreshed.error().code == ErrorCode::kNotFound) return;
  note_("views stay behind: " + refreshed.error().ToString());
}

}  // namespace levee::catalog
