// Statistics of the memory bank, for programs and for people.
#pragma once

#include <string>

#include "levee/memory_reports.h"

namespace levee::cli {

std::string StatsJson(const MemoryStats& stats);
std::string StatsText(const MemoryStats& stats);
// {"from", "until", "operations", ..., "samples": [...], "slow": [...], "warnings": [...]}
std::string HistoryJson(const StatsHistory& history);
std::string HistoryText(const StatsHistory& history);

}  // namespace levee::cli
