#include "memory/model/times.h"

#include "types/civil_date.h"
#include "types/value.h"

namespace levee::memory {

std::optional<std::int64_t> ParseTime(std::string_view text) {
  if (const auto timestamp = types::ParseTimestamp(text)) return timestamp->micros;
  const auto days = types::ParseDate(text);
  std::int64_t micros = 0;
  if (!days || __builtin_mul_overflow(*days, types::kMicrosPerDay, &micros)) return {};
  return micros;
}

std::string TimeText(std::int64_t micros) { return types::FormatTimestamp(micros, true); }

}  // namespace levee::memory
