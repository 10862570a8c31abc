#include "memory/markdown/folder_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>

#include <chrono>
#include <cstring>

#include "memory/markdown/layout.h"

namespace levee::memory {
namespace {

constexpr unsigned kMask = IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_CREATE | IN_ONLYDIR | IN_DONT_FOLLOW;
constexpr std::size_t kEventBytes = 64u << 10;

}  // namespace

FolderWatch::FolderWatch(const Folder& folder, const FolderWatchOptions& options, Changed changed)
    : folder_(folder), options_(options), changed_(std::move(changed)), stop_(::eventfd(0, EFD_CLOEXEC)) {
  if (options_.use_events) events_ = Descriptor(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  // Before it returns, so that no change after it goes unseen. A limit of the system makes it look instead.
  if (events_ && !WatchFolders()) events_ = Descriptor();
  thread_ = std::thread([this] { Run(); });
}

FolderWatch::~FolderWatch() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(stop_.get(), &one, sizeof(one));
  thread_.join();
}

bool FolderWatch::WatchFolders() {
  bool all = WatchFolder("");
  const Status walked = folder_.Walk({.wants = [](std::string_view) { return false; },
                                      .file = nullptr,
                                      .folder = [&](const std::string& path, bool) { all = WatchFolder(path + "/") && all; }});
  return walked && all;
}

bool FolderWatch::WatchFolder(const std::string& folder) {
  const std::string path = folder_.path() + "/" + folder;
  const int watch = ::inotify_add_watch(events_.get(), path.c_str(), kMask);
  // One that just went is none to be watched.
  if (watch < 0) return errno == ENOENT || errno == ENOTDIR;
  folders_[watch] = folder;
  return true;
}

void FolderWatch::Run() {
  using Clock = std::chrono::steady_clock;
  if (!events_) {
    while (Wait(options_.poll_ms)) changed_({});
    return;
  }
  while (Wait(options_.rescan_ms > 0 ? options_.rescan_ms : -1)) {
    const auto first = Clock::now();
    TakeEvents();
    // Nothing was told for so long.
    if (!happened_) anything_ = true;
    while (happened_ && Clock::now() - first < std::chrono::milliseconds(options_.quiet_max_ms)) {
      happened_ = false;
      if (!Wait(options_.quiet_ms)) return;
      TakeEvents();
    }
    Report();
  }
}

bool FolderWatch::Wait(int timeout_ms) {
  pollfd waits[] = {{.fd = stop_.get(), .events = POLLIN, .revents = 0}, {.fd = events_.get(), .events = POLLIN, .revents = 0}};
  while (::poll(waits, events_ ? 2 : 1, timeout_ms) < 0 && errno == EINTR) {
  }
  return waits[0].revents == 0;
}

void FolderWatch::TakeEvents() {
  alignas(inotify_event) char buffer[kEventBytes];
  while (true) {
    const ssize_t size = ::read(events_.get(), buffer, sizeof(buffer));
    if (size <= 0) return;
    for (ssize_t at = 0; at < size;) {
      inotify_event event;
      std::memcpy(&event, buffer + at, sizeof(event));
      TakeEvent(event.wd, event.mask, event.len > 0 ? buffer + at + sizeof(event) : "");
      at += static_cast<ssize_t>(sizeof(event) + event.len);
    }
  }
}

void FolderWatch::TakeEvent(int watch, unsigned mask, const char* name) {
  if ((mask & IN_Q_OVERFLOW) != 0) {
    anything_ = happened_ = true;
    return;
  }
  const auto folder = folders_.find(watch);
  if (folder == folders_.end()) return;
  if ((mask & IN_IGNORED) != 0) {
    folders_.erase(folder);
  } else if ((mask & IN_ISDIR) != 0) {
    // What lies in a folder that came before it was watched, nobody told.
    if (name[0] != '.') anything_ = happened_ = true;
  } else if (IsItemFileName(name) && (mask & IN_CREATE) == 0) {  // one that was made is told when it is closed
    paths_.insert(folder->second + name);
    happened_ = true;
  }
}

void FolderWatch::Report() {
  if (anything_) {
    folders_.clear();
    WatchFolders();
    changed_({});
  } else if (!paths_.empty()) {
    changed_({paths_.begin(), paths_.end()});
  }
  paths_.clear();
  anything_ = happened_ = false;
}

}  // namespace levee::memory
