#include "server/mcp/inbox.h"

#include <utility>

namespace levee::mcp {
namespace {

// A short line costs more than its bytes.
constexpr std::size_t kLetterBytes = 512;

std::size_t BytesOf(const Letter& letter) { return letter.line.size() + kLetterBytes; }

}  // namespace

void Inbox::Put(std::shared_ptr<Letter> letter) {
  std::unique_lock locked(mutex_);
  changed_.wait(locked, [&] { return waiting_.empty() || bytes_ + BytesOf(*letter) <= bytes_max_; });
  bytes_ += BytesOf(*letter);
  waiting_.push_back(std::move(letter));
  changed_.notify_all();
}

void Inbox::End() {
  const std::lock_guard locked(mutex_);
  ended_ = true;
  changed_.notify_all();
}

std::shared_ptr<Letter> Inbox::Take() {
  std::unique_lock locked(mutex_);
  running_ = nullptr;
  changed_.wait(locked, [&] { return ended_ || !waiting_.empty(); });
  if (waiting_.empty()) return nullptr;
  running_ = std::move(waiting_.front());
  waiting_.pop_front();
  bytes_ -= BytesOf(*running_);
  changed_.notify_all();
  return running_;
}

void Inbox::Cancel(std::string_view id) {
  const std::lock_guard locked(mutex_);
  const auto mark = [&](Letter& letter) {
    const auto& message = letter.incoming.message;
    // initialize must not be taken back.
    if (message && message->id == id && message->method != "initialize") letter.cancelled = true;
  };
  if (running_) mark(*running_);
  for (const auto& letter : waiting_) mark(*letter);
}

}  // namespace levee::mcp
