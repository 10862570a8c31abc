#include "query/single_flight.h"

#include <limits>
#include <utility>

#include "metrics/metrics.h"

namespace levee::query {
namespace {

using cache::FlightTable;
using metrics::Metric;

// Those who wait obey their own deadlines, if they have any.
constexpr std::int64_t kAsLongAsItTakes = std::numeric_limits<std::int64_t>::max();

class Awaiting {
 public:
  Awaiting() { metrics::AddToGauge(Metric::kAnswersAwaited, 1); }
  ~Awaiting() { metrics::AddToGauge(Metric::kAnswersAwaited, -1); }
  Awaiting(const Awaiting&) = delete;
  Awaiting& operator=(const Awaiting&) = delete;
};

}  // namespace

SingleFlight::AnyAnswer SingleFlight::AskAny(const cache::CacheKey& key, const std::function<AnyAnswer()>& answer) {
  if (!enabled_) return answer();
  const FlightTable::Boarding boarding = flights_.Board(key);
  if (boarding.is_pilot) {
    FlightTable::Landing landing(flights_, key, boarding.flight);
    AnyAnswer answered = answer();
    if (answered && *answered != nullptr) landing.outcome = answered;
    return answered;
  }
  // A question within an equal one: it must not wait for itself.
  if (boarding.flight->IsOfThisThread()) return answer();
  FlightTable::Flight::Landed landed;
  {
    const Awaiting awaiting;
    LEVEE_ASSIGN(landed, boarding.flight->Await(kAsLongAsItTakes));
  }
  if (!landed.outcome) return answer();
  metrics::Count(Metric::kAnswersShared);
  return *std::move(landed.outcome);
}

}  // namespace levee::query
