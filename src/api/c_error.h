// How the C interface ends a call: a code, and an error object where the caller wants one.
#pragma once

#include <exception>
#include <new>
#include <string>
#include <utility>

#include "base/status.h"
#include "levee/levee_c.h"

namespace levee::api {

// Makes the error object, if `error` is not null. The code is the error's. Needs no memory where none is left.
levee_code Report(Error failure, levee_error** error) noexcept;
levee_code ReportOutOfMemory(levee_error** error) noexcept;
// What only a defect can throw.
levee_code ReportException(const char* what, levee_error** error) noexcept;

// kInvalidArgument, by name, when a thing that a call needs is null.
std::unexpected<Error> IsNull(const char* name);
template <typename Thing>
Status Need(const Thing* thing, const char* name) {
  if (thing == nullptr) return IsNull(name);
  return {};
}

// Runs the body of a function of the C interface; nothing that it throws passes.
template <typename Work>
levee_code RunForC(levee_error** error, Work&& work) noexcept {
  if (error != nullptr) *error = nullptr;
  try {
    Status status = std::forward<Work>(work)();
    return status ? LEVEE_OK : Report(std::move(status.error()), error);
  } catch (const std::bad_alloc&) {
    return ReportOutOfMemory(error);
  } catch (const std::exception& thrown) {
    return ReportException(thrown.what(), error);
  } catch (...) {
    return ReportException("of an unknown kind", error);
  }
}

}  // namespace levee::api
