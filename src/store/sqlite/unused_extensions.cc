// SQLite's full-text and R-tree modules, which Levee does not use, left out of the embedded library: Debian's libsqlite3.a has
// an object for each of them, and an object is linked only where nothing else has its functions.
#ifdef LEVEE_EMBEDDED
#include <sqlite3.h>

extern "C" {

// What SQLite calls when it opens a database, by the names that its own modules have.
int sqlite3Fts3Init(sqlite3*) { return SQLITE_OK; }
int sqlite3Fts5Init(sqlite3*) { return SQLITE_OK; }
int sqlite3RtreeInit(sqlite3*) { return SQLITE_OK; }

}  // extern "C"
#endif
