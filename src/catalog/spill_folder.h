// Where spilled runs stand.
#pragma once

#include <string>

#include "catalog/catalog.h"

namespace levee::catalog {

// The folder that is named, or else the system's for large files that go.
std::string SpillFolder(const CatalogOptions& options);

}  // namespace levee::catalog
