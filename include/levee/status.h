// The outcome of every fallible call of Levee.
//
// An outcome that a caller must expect (a conflict, a cache miss, a file that
// is already there) is a value of the call, never an Error.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace levee {

// Generic kinds of failure; what exactly failed stands in the Error's text.
enum class ErrorCode : std::uint8_t {
  kInvalidArgument,   // the caller's input is wrong (predicate, option, path)
  kNotFound,          // a table, file, version or column is not there
  kAlreadyExists,     // something of that name is there
  kNotATable,         // the path holds no Delta table
  kCorrupt,           // bytes that do not follow their format
  kUnsupported,       // valid, but this program refuses it by name
  kDiverged,          // the log was rewritten below the store's head
  kUnavailable,       // busy, locked, full, unreachable: may pass
  kIo,                // the operating system refused
  kOutOfRange,        // a version or time outside the range that is there
  kCancelled,         // by the caller, or past its deadline
  kResourceExhausted, // the memory budget or another limit is used up
  kInternal,          // a defect of Levee
};

// The code's name in lower case with dashes, e.g. "not-found".
const char* ErrorCodeName(ErrorCode code);

// What failed, why, and what the user may do about it. Printed as one line:
// `levee: WHAT: WHY (what to do)`.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string what;  // the thing that failed: a table, a file, "predicate"
  std::string why;   // the reason, without a final stop
  std::string hint;  // what to do; may be empty
  // The code of the part that failed, for who tells errors apart more finely, as "ITEM_NOT_FOUND"; may be empty.
  std::string detail = {};

  // "WHAT: WHY (HINT)", with a detail "WHAT: DETAIL: WHY (HINT)".
  std::string ToString() const;
};

// A value or an Error. Must be looked at.
template <typename T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
};

// Success or an Error. Must be looked at.
template <>
class [[nodiscard]] Result<void> : public std::expected<void, Error> {
 public:
  using std::expected<void, Error>::expected;
};

using Status = Result<void>;

}  // namespace levee
