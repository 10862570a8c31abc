#include "api/c_error.h"

#include "base/out_of_memory.h"

struct levee_error {
  levee::Error error;
  std::string text;
};

namespace levee::api {
namespace {

constexpr levee_code CodeOf(ErrorCode code) { return static_cast<levee_code>(static_cast<int>(code) + 1); }
static_assert(CodeOf(ErrorCode::kInvalidArgument) == LEVEE_INVALID_ARGUMENT);
static_assert(CodeOf(ErrorCode::kDiverged) == LEVEE_DIVERGED);
static_assert(CodeOf(ErrorCode::kInternal) == LEVEE_INTERNAL);

// Made when the library is loaded, since later there may be no memory for it. Belongs to nobody.
levee_error& OutOfMemoryError() {
  static levee_error error{OutOfMemory().error(), OutOfMemory().error().ToString()};
  return error;
}
[[maybe_unused]] const levee_error& made_at_load = OutOfMemoryError();

}  // namespace

levee_code Report(Error failure, levee_error** error) noexcept {
  const levee_code code = CodeOf(failure.code);
  if (error == nullptr) return code;
  try {
    std::string text = failure.ToString();
    *error = new levee_error{std::move(failure), std::move(text)};
    return code;
  } catch (const std::bad_alloc&) {
    return ReportOutOfMemory(error);
  }
}

levee_code ReportOutOfMemory(levee_error** error) noexcept {
  if (error != nullptr) *error = &OutOfMemoryError();
  return LEVEE_RESOURCE_EXHAUSTED;
}

levee_code ReportException(const char* what, levee_error** error) noexcept {
  try {
    return Report(Error{ErrorCode::kInternal, "levee", std::string("an exception: ") + what, "please report it"}, error);
  } catch (const std::bad_alloc&) {
    return ReportOutOfMemory(error);
  }
}

std::unexpected<Error> IsNull(const char* name) {
  return Fail(ErrorCode::kInvalidArgument, std::string("argument ") + name, "it is NULL");
}

}  // namespace levee::api

extern "C" {

const char* levee_code_name(levee_code code) {
  if (code == LEVEE_OK) return "ok";
  const bool known = code > LEVEE_OK && code <= LEVEE_INTERNAL;
  return known ? levee::ErrorCodeName(static_cast<levee::ErrorCode>(code - 1)) : "unknown";
}

levee_code levee_error_code(const levee_error* error) {
  return error == nullptr ? LEVEE_OK : levee::api::CodeOf(error->error.code);
}
const char* levee_error_what(const levee_error* error) { return error == nullptr ? "" : error->error.what.c_str(); }
const char* levee_error_why(const levee_error* error) { return error == nullptr ? "" : error->error.why.c_str(); }
const char* levee_error_hint(const levee_error* error) { return error == nullptr ? "" : error->error.hint.c_str(); }
const char* levee_error_text(const levee_error* error) { return error == nullptr ? "" : error->text.c_str(); }

void levee_error_free(levee_error* error) {
  if (error != &levee::api::OutOfMemoryError()) delete error;
}

}  // extern "C"
