// Credentials that expire, and the places where they may be.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/status.h"

namespace levee::objectstore {

// One place where credentials may be. Used under its chain's lock.
template <typename T>
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  // "the environment", "the profile 'x'": for messages.
  virtual std::string name() const = 0;
  // Empty when this place has none; an error when it should have some and they cannot be had.
  virtual Result<std::optional<T>> Fetch() = 0;
  // Whether fetching again may bring others.
  virtual bool may_change() const { return true; }
};

// The first source that has credentials is asked; they are kept until five minutes before they expire (`T::expires_ms`,
// an optional time in milliseconds since the epoch). Thread-safe.
template <typename T>
class CredentialChain {
 public:
  using Sources = std::vector<std::unique_ptr<CredentialSource<T>>>;

  // `hint` says what to set when no source has any; `what` they are.
  CredentialChain(Sources sources, Clock& clock, std::string what, std::string hint)
      : sources_(std::move(sources)), clock_(clock), what_(std::move(what)), hint_(std::move(hint)) {}

  // kInvalidArgument when no source has any.
  Result<T> Get() {
    const std::lock_guard lock(mutex_);
    const std::int64_t now_ms = clock_.NowMicros() / 1000;
    if (kept_ && (!kept_->expires_ms || now_ms < *kept_->expires_ms - kAheadMs)) return *kept_;
    std::string looked;
    for (const auto& source : sources_) {
      if (chosen_ != nullptr && chosen_ != source.get()) continue;
      auto fetched = source->Fetch();
      // What is still good for a while does while its source is out of order.
      if (!fetched && kept_ && now_ms < *kept_->expires_ms) return *kept_;
      LEVEE_ASSIGN(auto credentials, std::move(fetched));
      if (credentials) {
        chosen_ = source.get();
        kept_ = std::move(credentials);
        fetched_ms_ = now_ms;
        return *kept_;
      }
      looked += (looked.empty() ? "" : ", ") + source->name();
    }
    return Fail(ErrorCode::kInvalidArgument, what_, "none were found in " + looked, hint_);
  }

  // The server refused them: drops them if newer ones may be had. False when it makes no sense to try again.
  bool Renew() {
    const std::lock_guard lock(mutex_);
    if (chosen_ == nullptr || !chosen_->may_change()) return false;
    if (clock_.NowMicros() / 1000 - fetched_ms_ < kRenewMs) return false;
    kept_.reset();
    return true;
  }

  // Where they are from, for messages; empty before they were fetched.
  std::string source() const {
    const std::lock_guard lock(mutex_);
    return chosen_ == nullptr ? std::string() : chosen_->name();
  }

 private:
  // A request must not outlive its credentials on its way.
  static constexpr std::int64_t kAheadMs = 5 * 60'000;
  // Credentials that are refused are fetched again at most so often.
  static constexpr std::int64_t kRenewMs = 10'000;

  const Sources sources_;
  Clock& clock_;
  const std::string what_, hint_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  CredentialSource<T>* chosen_ = nullptr;
  std::optional<T> kept_;
  std::int64_t fetched_ms_ = 0;
};

// Chains by everything that their sources read, so that object stores with equal inputs fetch credentials once.
// Thread-safe.
template <typename T>
class SharedChains {
 public:
  std::shared_ptr<CredentialChain<T>> Get(const std::string& inputs,
                                          const std::function<std::shared_ptr<CredentialChain<T>>()>& make) {
    constexpr std::size_t kChainsMax = 64;
    const std::lock_guard lock(mutex_);
    if (chains_.size() >= kChainsMax) chains_.clear();
    auto& found = chains_[inputs];
    if (found == nullptr) found = make();
    return found;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<CredentialChain<T>>> chains_;  // guarded by mutex_
};

}  // namespace levee::objectstore
