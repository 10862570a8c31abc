// Turns SQLite's result codes into errors that say what to do.
#pragma once

#include <sqlite3.h>

#include <string>

#include "base/status.h"

namespace levee::store {

inline std::unexpected<Error> SqliteFailure(int code, const std::string& path, const std::string& detail) {
  const std::string what = "store " + path;
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Fail(ErrorCode::kUnavailable, what, "another process holds its lock", "try again when it is done");
    case SQLITE_FULL:
      return Fail(ErrorCode::kIo, what, "the disk is full", "free some space; nothing that was there is lost");
    case SQLITE_READONLY:
      return Fail(ErrorCode::kIo, what, "it is read-only", "check the rights of the file and its folder");
    case SQLITE_CANTOPEN:
      return Fail(ErrorCode::kIo, what, "cannot be opened", "check that the folder exists and its rights");
    case SQLITE_CORRUPT:
      return Fail(ErrorCode::kCorrupt, what, "its database is damaged: " + detail, "restore it, or import again");
    case SQLITE_NOTADB:
      return Fail(ErrorCode::kCorrupt, what, "this file is no SQLite database", "name another file");
    case SQLITE_IOERR: return Fail(ErrorCode::kIo, what, "reading or writing failed: " + detail);
    case SQLITE_CONSTRAINT: return Fail(ErrorCode::kAlreadyExists, what, detail);
    case SQLITE_NOMEM: return Fail(ErrorCode::kResourceExhausted, what, "out of memory");
    case SQLITE_TOOBIG: return Fail(ErrorCode::kResourceExhausted, what, "a value is too large for SQLite");
    default: return Fail(ErrorCode::kInternal, what, "SQLite: " + detail + " (" + std::to_string(code) + ")");
  }
}

}  // namespace levee::store
