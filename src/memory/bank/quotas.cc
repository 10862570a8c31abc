#include "memory/bank/quotas.h"

#include <charconv>

namespace levee::memory {
namespace {

std::string NumberText(const std::optional<std::int64_t>& number) { return number ? std::to_string(*number) : "-"; }

bool ParseNumber(std::string_view text, std::optional<std::int64_t>& number) {
  if (text == "-") return true;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  number = value;
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string QuotaText(const Quota& quota) { return NumberText(quota.max_items) + " " + NumberText(quota.max_bytes); }

Result<Quota> ParseQuota(std::string_view text) {
  Quota quota;
  const std::size_t space = text.find(' ');
  if (space != text.npos && ParseNumber(text.substr(0, space), quota.max_items) &&
      ParseNumber(text.substr(space + 1), quota.max_bytes)) {
    return quota;
  }
  return std::unexpected<Error>(
      Error{ErrorCode::kCorrupt, "quota", "'" + std::string(text) + "' is none", "set it again", "STORAGE_ERROR"});
}

Result<Quotas> QuotasOf(const std::map<std::string, std::string>& notes) {
  Quotas quotas;
  for (auto note = notes.lower_bound(std::string(kQuotaNote)); note != notes.end() && note->first.starts_with(kQuotaNote);
       ++note) {
    LEVEE_ASSIGN(quotas[note->first.substr(kQuotaNote.size())], ParseQuota(note->second));
  }
  return quotas;
}

}  // namespace levee::memory
