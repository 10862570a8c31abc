#include "catalog/spill_folder.h"

#include <cstdlib>

namespace levee::catalog {

std::string SpillFolder(const CatalogOptions& options) {
  if (!options.spill_folder.empty()) return options.spill_folder;
  const char* folder = std::getenv("TMPDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/var/tmp";
}

}  // namespace levee::catalog
