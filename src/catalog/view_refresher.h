// Brings kept views to the head after commits, when the setting `view_refresh` says: docs/views.md.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "catalog/catalog.h"

namespace levee::catalog {

// Thread-safe. Its thread starts with the first table that is due, and ends with the refresh it is at.
class ViewRefresher {
 public:
  // `store` must outlive the refresher; `note` takes what went wrong, from any thread.
  ViewRefresher(store::Store& store, ViewRefresh when, std::function<void(const std::string&)> note)
      : store_(store), when_(when), note_(std::move(note)) {}
  ~ViewRefresher();
  ViewRefresher(const ViewRefresher&) = delete;
  ViewRefresher& operator=(const ViewRefresher&) = delete;

  // Commits of the table were published. A refresh that fails is noted.
  void Published(std::int64_t table_id);
  // Waits until no table is due.
  void Finish();

 private:
  void Refresh(std::int64_t table_id, std::int64_t commits_behind);
  void Work();

  store::Store& store_;
  const ViewRefresh when_;
  const std::function<void(const std::string&)> note_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::int64_t> due_;  // guarded by mutex_
  bool busy_ = false;           // guarded by mutex_
  bool stop_ = false;           // guarded by mutex_
  std::thread thread_;          // guarded by mutex_ until stop_
};

}  // namespace levee::catalog
