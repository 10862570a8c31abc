#include "cache/flight_table.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/cancellation.h"

namespace levee::cache {
namespace {

// How often one who waits looks whether he is called off.
constexpr std::int64_t kLookNs = 5'000'000;

}  // namespace

Result<FlightTable::Flight::Landed> FlightTable::Flight::Await(std::int64_t wait_ns) {
  std::unique_lock lock(mutex_);
  while (!end_.landed && wait_ns > 0) {
    LEVEE_RETURN_IF_ERROR(CheckCancelled());
    const std::int64_t look_ns = std::min(wait_ns, kLookNs);
    landed_.wait_for(lock, std::chrono::nanoseconds(look_ns), [this] { return end_.landed; });
    wait_ns -= look_ns;
  }
  return end_;
}

FlightTable::Boarding FlightTable::Board(const CacheKey& key) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Flight>& open = open_[key];
  if (open != nullptr) return {open, false};
  auto flight = std::make_shared<Flight>();
  flying_[flight.get()] = key;
  // Last, when nothing can throw any more: nobody may board what has no pilot.
  open = flight;
  ++flying_count_;
  return {std::move(flight), true};
}

void FlightTable::Land(const CacheKey& key, const std::shared_ptr<Flight>& flight,
                       std::optional<Outcome> outcome) {
  {
    const std::lock_guard lock(mutex_);
    flying_.erase(flight.get());
    --flying_count_;
    const auto open = open_.find(key);
    // Another flight of this key may have begun after this one was closed.
    if (open != open_.end() && open->second == flight) open_.erase(open);
  }
  {
    const std::lock_guard lock(flight->mutex_);
    flight->end_ = {.landed = true, .outcome = std::move(outcome)};
  }
  flight->landed_.notify_all();
}

bool FlightTable::MayKeep(const Flight& flight, const Marks& marks) const {
  const std::lock_guard lock(mutex_);
  if (flight.stale_) return false;
  return std::none_of(marks.labels.begin(), marks.labels.end(), [&](const Label& label) {
    const std::vector<Label>& gone = flight.invalidated_;
    return std::find(gone.begin(), gone.end(), label) != gone.end();
  });
}

void FlightTable::Invalidate(const CacheKey& key) {
  // A flight that boards after this look reads what is there now.
  if (flying_count_.load() == 0) return;
  const std::lock_guard lock(mutex_);
  open_.erase(key);
  for (auto& [flight, of] : flying_) flight->stale_ |= of == key;
}

void FlightTable::InvalidateLabel(const Label& label, bool close) {
  const std::lock_guard lock(mutex_);
  if (close) open_.clear();
  for (auto& [flight, of] : flying_) flight->invalidated_.push_back(label);
}

void FlightTable::CloseOwner(std::uint64_t owner) {
  const std::lock_guard lock(mutex_);
  std::erase_if(open_, [owner](const auto& open) { return open.first.owner == owner; });
}

void FlightTable::InvalidateAll() {
  const std::lock_guard lock(mutex_);
  open_.clear();
  for (auto& [flight, of] : flying_) flight->stale_ = true;
}

}  // namespace levee::cache
