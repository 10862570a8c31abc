// Equal questions that are asked at once are answered once.
#pragma once

#include <functional>
#include <memory>

#include "base/status.h"
#include "cache/cache_key.h"
#include "cache/flight_table.h"

namespace levee::query {

// Thread-safe. Whoever asks first answers in his own thread, without any lock; equal questions that come meanwhile wait
// for him. They look at their own deadline and cancellation, and answer by themselves where he fails, is called
// off or has nothing to share: what ends his question says nothing of theirs.
class SingleFlight {
 public:
  explicit SingleFlight(bool enabled) : enabled_(enabled) {}

  // False: everybody answers by himself.
  bool enabled() const { return enabled_; }

  // `answer` returns null where its answer can not be shared, and so does this: the caller of `answer` has it. T must be
  // the type of all answers under the key (KeyOf of result_cache.h).
  template <typename T>
  Result<std::shared_ptr<const T>> Ask(const cache::CacheKey& key,
                                       const std::function<Result<std::shared_ptr<const T>>()>& answer) {
    LEVEE_ASSIGN(auto shared, AskAny(key, [&answer]() -> AnyAnswer { return answer(); }));
    return std::static_pointer_cast<const T>(std::move(shared));
  }

 private:
  using AnyAnswer = Result<std::shared_ptr<const void>>;

  AnyAnswer AskAny(const cache::CacheKey& key, const std::function<AnyAnswer()>& answer);

  const bool enabled_;
  cache::FlightTable flights_;
};

}  // namespace levee::query
