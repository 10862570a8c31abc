// The boundary of the engine: no std::bad_alloc passes it.
#pragma once

#include <memory>

#include "catalog/catalog.h"

namespace levee::catalog {

// The same, with kResourceExhausted for what would have thrown.
std::unique_ptr<View> GuardView(std::unique_ptr<View> view);
std::unique_ptr<UnionView> GuardUnion(std::unique_ptr<UnionView> view);
std::unique_ptr<columnar::BatchStream> GuardStream(std::unique_ptr<columnar::BatchStream> stream);

}  // namespace levee::catalog
