// A lock for many short reads and few short writes, which also numbers the reads.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace levee::cache {

// Readers share it, a writer has it alone; a waiting writer keeps new readers out. One atomic addition lets a
// reader in and gives it a ticket: 0, 1, 2 and so on since the last writer. The ticket is the reader's own
// place in a buffer of reads, so that recording a read costs no further synchronisation, and the last ticket
// tells how many reads there were. Waiting spins, then yields: nobody may sleep or allocate much inside.
class ShardLock {
 public:
  // Returns the ticket.
  std::uint64_t LockShared() {
    while (true) {
      const std::uint64_t before = state_.fetch_add(kReader + kTicket, std::memory_order_acquire);
      if ((before & kWriter) == 0) return before >> kTicketShift;
      // The ticket stays used, so that no two readers get the same one.
      wasted_.fetch_add(1, std::memory_order_relaxed);
      state_.fetch_sub(kReader, std::memory_order_release);
      for (int spins = 0; (state_.load(std::memory_order_relaxed) & kWriter) != 0; ++spins) Pause(spins);
    }
  }

  void UnlockShared() { state_.fetch_sub(kReader, std::memory_order_release); }

  void Lock() {
    for (int spins = 0; !TryAnnounce(); ++spins) Pause(spins);
    AwaitReaders();
  }

  // False when another writer has it or waits for it; else waits for the readers that are in.
  bool TryLock() {
    if (!TryAnnounce()) return false;
    AwaitReaders();
    return true;
  }

  void Unlock() {
    state_.fetch_sub(kWriter + tickets_ * kTicket, std::memory_order_release);
  }

  // For the writer: how many tickets were given before it came; they start at 0 again after it.
  std::uint64_t tickets() const { return tickets_; }
  // For the writer: how many tickets were given in vain since the last call. The sum over time is exact, as a
  // ticket in vain may count in the next turn.
  std::uint64_t TakeWasted() { return wasted_.exchange(0, std::memory_order_relaxed); }

 private:
  static constexpr std::uint64_t kReader = 1;
  static constexpr std::uint64_t kReaders = 0xffff;
  static constexpr std::uint64_t kWriter = 1 << 16;
  static constexpr int kTicketShift = 17;
  static constexpr std::uint64_t kTicket = 1ULL << kTicketShift;
  static constexpr int kSpinsBeforeYield = 64;

  bool TryAnnounce() {
    if ((state_.load(std::memory_order_relaxed) & kWriter) != 0) return false;
    return (state_.fetch_or(kWriter, std::memory_order_acquire) & kWriter) == 0;
  }

  void AwaitReaders() {
    std::uint64_t state = state_.load(std::memory_order_acquire);
    for (int spins = 0; (state & kReaders) != 0; ++spins) {
      Pause(spins);
      state = state_.load(std::memory_order_acquire);
    }
    tickets_ = state >> kTicketShift;
  }

  static void Pause(int spins) {
    if (spins < kSpinsBeforeYield) {
#if defined(__x86_64__)
      __builtin_ia32_pause();
#endif
    } else {
      std::this_thread::yield();
    }
  }

  std::atomic<std::uint64_t> state_{0};
  std::atomic<std::uint64_t> wasted_{0};
  std::uint64_t tickets_ = 0;  // of the writer
};

}  // namespace levee::cache
