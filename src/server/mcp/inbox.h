// Messages between the thread that reads and the one that works.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "server/mcp/message.h"

namespace levee::mcp {

struct Letter {
  std::string line;
  Incoming incoming;  // views of `line`
  std::atomic<bool> cancelled = false;
};

// A queue that holds its writer up when it has too many bytes. Thread-safe.
class Inbox {
 public:
  explicit Inbox(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  void Put(std::shared_ptr<Letter> letter);
  // No more will come.
  void End();
  // Waits; null: the end. Its request is running until the next call.
  std::shared_ptr<Letter> Take();
  // Marks the request of that id, waiting or running.
  void Cancel(std::string_view id);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  const std::size_t bytes_max_;
  std::deque<std::shared_ptr<Letter>> waiting_;  // this and all below guarded by mutex_
  std::shared_ptr<Letter> running_;
  std::size_t bytes_ = 0;
  bool ended_ = false;
};

}  // namespace levee::mcp
