// What a program says of the store it wants, as an engine takes it.
#pragma once

#include "engine/engine.h"
#include "levee/levee.h"

namespace levee::api {

// Takes what it needs out of `options`. Errors as OpenStore has them.
Result<engine::EngineOptions> EngineOptionsFrom(StoreOptions& options);

}  // namespace levee::api
