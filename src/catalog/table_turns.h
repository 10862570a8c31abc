// One import or sync of a table at a time in a process: whoever comes meanwhile waits and finds the work done.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "base/status.h"
#include "store/store.h"

namespace levee::catalog {

// Thread-safe. Other processes are not waited for; the store tells who was first.
class TableTurns {
 public:
  // Of all catalogs of the process.
  static TableTurns& Process();

  // Ends with its destruction. Movable.
  class Turn {
   public:
    Turn(Turn&& other) noexcept;
    Turn& operator=(Turn&&) = delete;
    ~Turn();
    // Somebody else had it before: what there was to do may be done.
    bool waited() const { return waited_; }

   private:
    friend class TableTurns;
    Turn(TableTurns& turns, std::string key, bool waited)
        : turns_(&turns), key_(std::move(key)), waited_(waited) {}

    TableTurns* turns_;
    std::string key_;
    bool waited_;
  };

  // Waits for it. Not for a thread that has it already. kCancelled when the wait is called off.
  Result<Turn> Take(const store::Store& store, std::string_view uri);

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  std::set<std::string> taken_;  // guarded by mutex_
};

}  // namespace levee::catalog
