// What namespaces may hold, kept as notes of the store.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "levee/memory_reports.h"

namespace levee::memory {

inline constexpr std::string_view kQuotaNote = "quota:";  // and the namespace's name

// By namespace.
using Quotas = std::map<std::string, Quota, std::less<>>;

std::string QuotaText(const Quota& quota);
// kCorrupt where it is none.
Result<Quota> ParseQuota(std::string_view text);
Result<Quotas> QuotasOf(const std::map<std::string, std::string>& notes);

}  // namespace levee::memory
