#include "store/sqlite/sqlite_error.h"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "metrics/metrics.h"

namespace levee::store {
namespace {

namespace fs = std::filesystem;

std::string TextOf(int system_error) { return std::generic_category().message(system_error); }

bool MeansNoRoom(int system_error) {
  return system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG;
}

// Where a file of the store would grow next: in its folder, behind the longer of database and log.
bool CanGrow(const std::string& path) {
  constexpr char kProbe[64 * 1024] = {};
  std::uintmax_t end = 0;
  for (const char* suffix : {"", "-wal"}) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(path + suffix, error);
    if (!error) end = std::max(end, size);
  }
  std::string name = path + "-probe-XXXXXX";
  const int file = ::mkstemp(name.data());
  if (file < 0) return !MeansNoRoom(errno);
  ::unlink(name.c_str());
  std::size_t done = 0;
  ssize_t written = 1;
  while (done < sizeof(kProbe) && written > 0) {
    written = ::pwrite(file, kProbe, sizeof(kProbe) - done, static_cast<off_t>(end + done));
    if (written > 0) done += static_cast<std::size_t>(written);
  }
  const bool no_room = written < 0 && MeansNoRoom(errno);
  ::close(file);
  return !no_room;
}

// SQLite calls only ENOSPC a full disk. A quota and a limit on file sizes end the same way, and memory that
// is shared beside the file can only fail to grow for want of room. After a failed write it cleans up, and
// errno is that of the cleaning: then a write of our own tells.
bool IsNoRoom(const SqliteProblem& problem, const std::string& path) {
  if (problem.code == SQLITE_IOERR_SHMSIZE || MeansNoRoom(problem.system_error)) return true;
  return problem.code == SQLITE_IOERR_WRITE && !CanGrow(path);
}

std::unexpected<Error> NoRoom(std::string what) {
  return Fail(ErrorCode::kIo, std::move(what), "no room on the disk",
              "free some space, or choose another --store; nothing that was there is lost");
}

bool IsFolder(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

std::unexpected<Error> NoFile(std::string what, const std::string& path) {
  return Fail(ErrorCode::kIo, std::move(what), "it is a folder",
              "name a file, for example " + (fs::path(path) / "levee.db").string());
}

// Why a file cannot be opened is not always in errno: SQLite tries a second time, to read only.
std::unexpected<Error> CannotOpen(std::string what, const SqliteProblem& problem, const std::string& path) {
  std::error_code ignored;
  const fs::path parent = fs::path(path).parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  if (!fs::exists(folder, ignored)) {
    return Fail(ErrorCode::kIo, std::move(what), "its folder " + folder + " does not exist",
                "make the folder, or choose another --store");
  }
  if (!fs::exists(path, ignored) && ::access(folder.c_str(), W_OK) != 0) {
    return Fail(ErrorCode::kIo, std::move(what),
                "its folder " + folder + " may not be written: " + TextOf(errno),
                "check its rights, or choose another --store");
  }
  const std::string why = problem.system_error == 0 ? problem.detail : TextOf(problem.system_error);
  return Fail(ErrorCode::kIo, std::move(what), "cannot be opened: " + why,
              "check the rights of the file and its folder");
}

}  // namespace

std::unexpected<Error> SqliteFailure(const SqliteProblem& problem, const std::string& path) {
  std::string what = "store " + path;
  switch (problem.code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      metrics::Count(metrics::Metric::kStoreBusy);
      return Fail(ErrorCode::kUnavailable, what, "another process holds its lock",
                  "try again when it is done");
    case SQLITE_FULL: return NoRoom(std::move(what));
    case SQLITE_READONLY:
      return Fail(ErrorCode::kIo, what, "it is read-only", "check the rights of the file and its folder");
    case SQLITE_CANTOPEN:
      if (IsFolder(path)) return NoFile(std::move(what), path);
      if (MeansNoRoom(problem.system_error)) return NoRoom(std::move(what));
      return CannotOpen(std::move(what), problem, path);
    case SQLITE_CORRUPT:
      return Fail(ErrorCode::kCorrupt, what, "its database is damaged: " + problem.detail,
                  "restore it, or import again");
    case SQLITE_NOTADB:
      return Fail(ErrorCode::kCorrupt, what, "this file is no SQLite database", "name another file");
    case SQLITE_IOERR: {
      // Without the right to write, a folder can be opened; only reading it fails.
      if (IsFolder(path)) return NoFile(std::move(what), path);
      if (IsNoRoom(problem, path)) return NoRoom(std::move(what));
      const std::string cause = problem.system_error == 0 ? "" : " (" + TextOf(problem.system_error) + ")";
      return Fail(ErrorCode::kIo, what, "reading or writing failed: " + problem.detail + cause);
    }
    case SQLITE_CONSTRAINT: return Fail(ErrorCode::kAlreadyExists, what, problem.detail);
    case SQLITE_NOMEM: return Fail(ErrorCode::kResourceExhausted, what, "out of memory");
    case SQLITE_TOOBIG: return Fail(ErrorCode::kResourceExhausted, what, "a value is too large for SQLite");
    default:
      return Fail(ErrorCode::kInternal, what,
                  "SQLite: " + problem.detail + " (" + std::to_string(problem.code) + ")");
  }
}

}  // namespace levee::store
