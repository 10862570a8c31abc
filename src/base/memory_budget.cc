#include "base/memory_budget.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/allocator.h"

namespace levee {
namespace {

constexpr std::array<std::string_view, kMemoryParts> kPartNames{"program", "caches", "answers", "summaries",
                                                                "imports", "syncs",  "checks",  "indexes"};
// Where the system does not say what the machine has.
constexpr std::uint64_t kUnknownMachineBytes = std::uint64_t{1} << 30;

std::size_t IndexOf(MemoryPart part) { return static_cast<std::size_t>(part); }

}  // namespace

std::string_view MemoryPartName(MemoryPart part) { return kPartNames[IndexOf(part)]; }

std::string MemoryText(std::uint64_t bytes) {
  constexpr std::array<const char*, 4> kUnits{" KB", " MB", " GB", " TB"};
  if (bytes < 1024) return std::to_string(bytes) + " bytes";
  std::uint64_t tenths = bytes * 10 / 1024;
  std::size_t unit = 0;
  for (; tenths >= 10 * 1024 && unit + 1 < kUnits.size(); ++unit) tenths /= 1024;
  // A tenth tells something only of small numbers.
  const bool whole = tenths >= 100 || tenths % 10 == 0;
  return std::to_string(tenths / 10) + (whole ? "" : "." + std::to_string(tenths % 10)) + kUnits[unit];
}

// --- a hold ---------------------------------------------------------------------------------------------
MemoryHold::MemoryHold(MemoryHold&& other) noexcept
    : budget_(other.budget_), part_(other.part_), bytes_(std::exchange(other.bytes_, 0)) {}

MemoryHold& MemoryHold::operator=(MemoryHold&& other) noexcept {
  if (this == &other) return *this;
  Release();
  budget_ = other.budget_;
  part_ = other.part_;
  bytes_ = std::exchange(other.bytes_, 0);
  return *this;
}

Status MemoryHold::Grow(std::uint64_t bytes) {
  if (budget_ == nullptr || bytes == 0) return {};
  if (!budget_->TakeOrEvict(part_, bytes)) return budget_->Refuse(bytes);
  bytes_ += bytes;
  return {};
}

bool MemoryHold::TryGrow(std::uint64_t bytes) {
  if (budget_ == nullptr || bytes == 0) return true;
  if (!budget_->TakeOrEvict(part_, bytes)) {
    ++budget_->spills_;
    return false;
  }
  bytes_ += bytes;
  return true;
}

bool MemoryHold::TryGrowIdle(std::uint64_t bytes) {
  if (budget_ == nullptr || bytes == 0) return true;
  if (!budget_->Take(part_, bytes)) return false;
  bytes_ += bytes;
  return true;
}

void MemoryHold::GrowAnyway(std::uint64_t bytes) {
  if (budget_ == nullptr || bytes == 0) return;
  budget_->TakeAnyway(part_, bytes);
  bytes_ += bytes;
}

void MemoryHold::Shrink(std::uint64_t bytes) {
  bytes = std::min(bytes, bytes_);
  if (budget_ == nullptr || bytes == 0) return;
  budget_->GiveBack(part_, bytes);
  bytes_ -= bytes;
}

Status MemoryHold::Resize(std::uint64_t bytes) {
  if (bytes > bytes_) return Grow(bytes - bytes_);
  Shrink(bytes_ - bytes);
  return {};
}

// --- the budget -----------------------------------------------------------------------------------------
MemoryBudget::MemoryBudget(std::uint64_t limit_bytes) : limit_(limit_bytes > 0 ? limit_bytes : DefaultLimit()) {}

MemoryBudget& MemoryBudget::Process() {
  static auto* const budget = new MemoryBudget(0);
  return *budget;
}

std::uint64_t MemoryBudget::DefaultLimit() {
  static const std::uint64_t limit = [] {
    const long pages = sysconf(_SC_PHYS_PAGES), page_bytes = sysconf(_SC_PAGESIZE);
    if (pages <= 0 || page_bytes <= 0) return kUnknownMachineBytes;
    return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes) / 4;
  }();
  return limit;
}

std::unique_ptr<MemoryBudget::Evictor> MemoryBudget::AddEvictor(Evict evict, int order) {
  const std::lock_guard lock(mutex_);
  const auto after = std::ranges::find_if(evictors_, [order](const Registered& each) { return each.order > order; });
  return std::make_unique<Evictor>(*this, evictors_.insert(after, {std::move(evict), order}));
}

MemoryBudget::Evictor::~Evictor() {
  const std::lock_guard lock(budget_.mutex_);
  budget_.evictors_.erase(place_);
}

void MemoryBudget::SetLimit(std::uint64_t limit_bytes) {
  limit_.store(limit_bytes > 0 ? limit_bytes : DefaultLimit(), std::memory_order_relaxed);
  EvictFor(0);
}

std::uint64_t MemoryBudget::left_bytes() const {
  const std::uint64_t limit = limit_bytes(), used = used_bytes();
  return limit > used ? limit - used : 0;
}

MemoryBudget::Use MemoryBudget::UseOf(MemoryPart part) const {
  const Part& its = parts_[IndexOf(part)];
  return {.bytes = its.bytes.load(std::memory_order_relaxed),
          .peak_bytes = its.peak_bytes.load(std::memory_order_relaxed)};
}

MemoryBudget::Counters MemoryBudget::counters() const {
  return {.evictions = evictions_, .spills = spills_, .refusals = refusals_, .overdrafts = overdrafts_};
}

bool MemoryBudget::TakeOrEvict(MemoryPart part, std::uint64_t bytes) {
  if (Take(part, bytes)) return true;
  // What others take meanwhile may need another round; each round frees something, or is the last.
  while (EvictFor(bytes)) {
    if (Take(part, bytes)) return true;
  }
  return Take(part, bytes);
}

bool MemoryBudget::Take(MemoryPart part, std::uint64_t bytes) {
  std::uint64_t used = used_.load(std::memory_order_relaxed);
  do {
    const std::uint64_t limit = limit_bytes();
    if (used > limit || bytes > limit - used) return false;
  } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
  CountIn(part, bytes);
  return true;
}

void MemoryBudget::TakeAnyway(MemoryPart part, std::uint64_t bytes) {
  if (TakeOrEvict(part, bytes)) return;
  ++overdrafts_;
  used_.fetch_add(bytes, std::memory_order_relaxed);
  CountIn(part, bytes);
}

void MemoryBudget::CountIn(MemoryPart part, std::uint64_t bytes) {
  Part& its = parts_[IndexOf(part)];
  const std::uint64_t now = its.bytes.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  std::uint64_t peak = its.peak_bytes.load(std::memory_order_relaxed);
  while (now > peak && !its.peak_bytes.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
  }
}

void MemoryBudget::GiveBack(MemoryPart part, std::uint64_t bytes) {
  parts_[IndexOf(part)].bytes.fetch_sub(bytes, std::memory_order_relaxed);
  used_.fetch_sub(bytes, std::memory_order_relaxed);
  NoteFreed(bytes);
}

bool MemoryBudget::EvictFor(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  bool freed = false;
  for (const Registered& each : evictors_) {
    const std::uint64_t used = used_bytes(), limit = limit_bytes();
    // Somebody gave back while this waited for the lock: that is as good as freed.
    if (used <= limit && bytes <= limit - used) {
      freed = true;
      break;
    }
    freed = each.evict(used + bytes - limit) > 0 || freed;
  }
  if (freed) ++evictions_;
  return freed;
}

std::unexpected<Error> MemoryBudget::Refuse(std::uint64_t wanted_bytes) const {
  ++refusals_;
  return Fail(ErrorCode::kResourceExhausted, "memory",
              MemoryText(wanted_bytes) + " wanted, " + MemoryText(left_bytes()) + " left of " +
                  MemoryText(limit_bytes()),
              "raise --memory-limit, or ask for less at once: fewer columns, fewer threads");
}

}  // namespace levee
