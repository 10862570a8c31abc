// Errors with the bank's codes in Error::detail (levee/memory.h lists them).
#pragma once

#include <string>
#include <utility>

#include "levee/status.h"

namespace levee::memory {

// What somebody wrote is no item, or no text of the form it claims.
inline std::unexpected<Error> InvalidItem(std::string what, std::string why, std::string hint = {}) {
  return std::unexpected<Error>(
      Error{ErrorCode::kInvalidArgument, std::move(what), std::move(why), std::move(hint), "VALIDATION_ERROR"});
}

// The disk, a file or a program that the bank needs failed.
inline std::unexpected<Error> StorageFailure(std::string what, std::string why, std::string hint = {}) {
  return std::unexpected<Error>(Error{ErrorCode::kIo, std::move(what), std::move(why), std::move(hint), "STORAGE_ERROR"});
}

// The same failure under one of the bank's codes: one that has a code keeps it.
inline std::unexpected<Error> WithCode(Error error, const char* code) {
  if (error.detail.empty()) error.detail = code;
  return std::unexpected<Error>(std::move(error));
}

// What a store says is told as STORAGE_ERROR, unless it has a code already. `Outcome`: a Status or a Result.
template <typename Outcome>
[[nodiscard]] Outcome AsStorageError(Outcome outcome) {
  if (!outcome && outcome.error().detail.empty()) outcome.error().detail = "STORAGE_ERROR";
  return outcome;
}

}  // namespace levee::memory
