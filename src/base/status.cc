#include "base/status.h"

namespace levee {

const char* ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return "invalid-argument";
    case ErrorCode::kNotFound: return "not-found";
    case ErrorCode::kAlreadyExists: return "already-exists";
    case ErrorCode::kNotATable: return "not-a-table";
    case ErrorCode::kCorrupt: return "corrupt";
    case ErrorCode::kUnsupported: return "unsupported";
    case ErrorCode::kDiverged: return "diverged";
    case ErrorCode::kUnavailable: return "unavailable";
    case ErrorCode::kIo: return "io";
    case ErrorCode::kOutOfRange: return "out-of-range";
    case ErrorCode::kCancelled: return "cancelled";
    case ErrorCode::kResourceExhausted: return "resource-exhausted";
    case ErrorCode::kInternal: return "internal";
  }
  return "unknown";
}

std::string Error::ToString() const {
  std::string text = what;
  for (const std::string* part : {&detail, &why}) {
    if (part->empty()) continue;
    if (!text.empty()) text += ": ";
    text += *part;
  }
  if (!hint.empty()) text += " (" + hint + ")";
  return text;
}

std::unexpected<Error> Fail(ErrorCode code, std::string_view what, std::string_view why, std::string_view hint) {
  return std::unexpected<Error>(
      Error{.code = code, .what = std::string(what), .why = std::string(why), .hint = std::string(hint)});
}

}  // namespace levee
