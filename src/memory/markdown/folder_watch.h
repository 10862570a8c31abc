// Tells soon when files in a folder change.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "memory/markdown/folder.h"

namespace levee::memory {

struct FolderWatchOptions {
  bool use_events = true;  // the kernel's (inotify); else, and where these cannot be had, the folder is looked at every poll_ms
  int poll_ms = 1'000;
  int rescan_ms = 0;       // look at all of it that often though nothing was told; 0: never
  int quiet_ms = 50;       // an edit is told once nothing else happened for that long,
  int quiet_max_ms = 300;  // or this long after the first
};

// Has a thread of its own, which calls `changed` with item files that changed, appeared or went; none: anything may have. The folder
// outlives the watch, whose destruction waits for a call that is under way.
class FolderWatch {
 public:
  using Changed = std::function<void(std::vector<std::string> paths)>;
  FolderWatch(const Folder& folder, const FolderWatchOptions& options, Changed changed);
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  // Whether it has to look instead of being told.
  bool polls() const { return !events_; }

 private:
  void Run();
  // False: not all folders can be watched.
  bool WatchFolders();
  bool WatchFolder(const std::string& folder);
  // Waits for events or the end; false at the end.
  bool Wait(int timeout_ms);
  void TakeEvents();
  void TakeEvent(int watch, unsigned mask, const char* name);
  void Report();

  const Folder& folder_;
  const FolderWatchOptions options_;
  const Changed changed_;
  Descriptor events_, stop_;
  std::map<int, std::string> folders_;  // by watch, with '/' at their ends; this and below are the thread's
  std::set<std::string> paths_;
  bool anything_ = false, happened_ = false;
  std::thread thread_;
};

}  // namespace levee::memory
