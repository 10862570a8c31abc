#include "delta/actions.h"
#include "types/file_key.h"

namespace levee::delta {

std::string DeletionVectorDescriptor::UniqueId() const {
  return types::DvUniqueId(storage_type, path_or_inline, offset);
}

}  // namespace levee::delta
