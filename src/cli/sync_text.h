// The report of `add` and `sync`.
#pragma once

#include <string>

#include "catalog/catalog.h"

namespace levee::cli {

// "orders: imported version 100, 1,000,500 files, in 2.3 s".
std::string SyncText(const catalog::SyncReport& report, bool dry_run);
// {name, uri, fromVersion, toVersion, commits, files, base, imported, dryRun, seconds}.
std::string SyncJson(const catalog::SyncReport& report, bool dry_run);

}  // namespace levee::cli
