#include "catalog/table_turns.h"

#include <chrono>
#include <cstdint>
#include <utility>

#include "base/cancellation.h"

namespace levee::catalog {
namespace {

// How often one who waits looks whether it was called off.
constexpr std::chrono::milliseconds kLook{20};

}  // namespace

TableTurns& TableTurns::Process() {
  static auto* const turns = new TableTurns();
  return *turns;
}

Result<TableTurns::Turn> TableTurns::Take(const store::Store& store, std::string_view uri) {
  // Two stores of a process may hold tables of one URI.
  std::string key = std::to_string(reinterpret_cast<std::uintptr_t>(&store)) + " " + std::string(uri);
  std::unique_lock lock(mutex_);
  bool waited = false;
  while (taken_.contains(key)) {
    waited = true;
    ended_.wait_for(lock, kLook);
    LEVEE_RETURN_IF_ERROR(CheckCancelled());
  }
  taken_.insert(key);
  return Turn(*this, std::move(key), waited);
}

TableTurns::Turn::Turn(Turn&& other) noexcept
    : turns_(std::exchange(other.turns_, nullptr)), key_(std::move(other.key_)), waited_(other.waited_) {}

TableTurns::Turn::~Turn() {
  if (turns_ == nullptr) return;
  const std::lock_guard lock(turns_->mutex_);
  turns_->taken_.erase(key_);
  turns_->ended_.notify_all();
}

}  // namespace levee::catalog
