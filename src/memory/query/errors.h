// Errors of queries.
#pragma once

#include <string>
#include <utility>

#include "levee/status.h"

namespace levee::memory {

inline std::unexpected<Error> InvalidQuery(std::string what, std::string why, std::string hint = {}) {
  return std::unexpected<Error>(
      Error{ErrorCode::kInvalidArgument, std::move(what), std::move(why), std::move(hint), "INVALID_QUERY"});
}

}  // namespace levee::memory
