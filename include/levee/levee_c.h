/* Levee for C, and for every language that can call C.
 *
 *   levee_store *store;
 *   levee_error *error;
 *   if (levee_store_open(NULL, &store, &error) != LEVEE_OK) { puts(levee_error_text(error)); ... }
 *
 * Outcomes: what may fail returns a code and takes, last, where to put an error object, which may be NULL. On failure it is
 * the caller's (levee_error_free) and what the call was to give is NULL or zero; on success the error is NULL.
 * NULL where a thing is needed is LEVEE_INVALID_ARGUMENT, never a crash. No C++ exception passes a function.
 * Texts are UTF-8 and end with a zero byte. Texts returned as `const char *` belong to the object that they were asked of and
 * live as long; `char *` is the caller's (levee_text_free).
 * Threads: a store and a table may be used by many threads at once, but closed by one, when no other is in a call with them.
 * An error object and a stream belong to one thread at a time. */
#ifndef LEVEE_LEVEE_C_H
#define LEVEE_LEVEE_C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "levee/arrow_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* NOLINTBEGIN(readability-identifier-naming): as C names things. */
typedef struct levee_store levee_store; /* an open store */
typedef struct levee_table levee_table; /* a table pinned at a version; never changes; may outlive its store */
typedef struct levee_error levee_error; /* why a call failed */
typedef struct levee_cancel_token levee_cancel_token; /* calls work off */
typedef struct levee_history levee_history;           /* commits of a table */
typedef struct levee_table_list levee_table_list;     /* tables of a store */

/* Kinds of failure; what exactly failed stands in the error. levee/status.h says more of each. */
typedef enum levee_code {
  LEVEE_OK = 0,
  LEVEE_INVALID_ARGUMENT = 1,
  LEVEE_NOT_FOUND = 2,
  LEVEE_ALREADY_EXISTS = 3,
  LEVEE_NOT_A_TABLE = 4,
  LEVEE_CORRUPT = 5,
  LEVEE_UNSUPPORTED = 6,
  LEVEE_DIVERGED = 7,
  LEVEE_UNAVAILABLE = 8,
  LEVEE_IO = 9,
  LEVEE_OUT_OF_RANGE = 10,
  LEVEE_CANCELLED = 11,
  LEVEE_RESOURCE_EXHAUSTED = 12,
  LEVEE_INTERNAL = 13
} levee_code;

/* "ok", "invalid-argument", ...; "unknown" for a number that is no code. */
const char *levee_code_name(levee_code code);
/* Of the library that is loaded: "0.1.0". */
const char *levee_library_version(void);

/* Of NULL: LEVEE_OK and empty texts. */
levee_code levee_error_code(const levee_error *error);
const char *levee_error_what(const levee_error *error); /* the thing that failed: a table, a file, "predicate" */
const char *levee_error_why(const levee_error *error);
const char *levee_error_hint(const levee_error *error); /* what to do; may be empty */
const char *levee_error_text(const levee_error *error); /* "WHAT: WHY (HINT)" */
void levee_error_free(levee_error *error);              /* NULL does nothing */
void levee_text_free(char *text);                       /* likewise */

typedef struct levee_setting {
  const char *key;   /* of docs/configuration.md: "freshness" */
  const char *value; /* as text: "cached" */
} levee_setting;

/* How a store is opened. Begin with LEVEE_STORE_OPTIONS: `size` tells which fields the caller knows. */
typedef struct levee_store_options {
  size_t size;
  const char *uri; /* "sqlite:PATH", a path, "deltasql://sqlite/PATH"; NULL or "": the user's own, as the program has it */
  const levee_setting *settings; /* they win over environment and file */
  size_t settings_count;
  const char *config_file; /* NULL or "": looked for as the program does */
  bool read_only;
  /* Hears what the program would write to standard error; from any thread, never two at once. May be NULL. */
  void (*on_note)(void *context, const char *note);
  void *note_context;
} levee_store_options;
#define LEVEE_STORE_OPTIONS {sizeof(levee_store_options), NULL, NULL, 0, NULL, false, NULL, NULL}

/* A store that is not there is made, unless read_only. `options` may be NULL. */
levee_code levee_store_open(const levee_store_options *options, levee_store **store, levee_error **error);
/* Tables and streams stay as they are. NULL does nothing. */
void levee_store_close(levee_store *store);
const char *levee_store_uri(const levee_store *store);
/* Reads what the table's log has that the store has not. `table`: a registered name, a path or a URI; imported when the
 * store does not know it. `version`: the store's newest after it; may be NULL. */
levee_code levee_store_sync(levee_store *store, const char *table, int64_t *version, levee_error **error);

/* What a sync or an import did. Further fields come at the end. */
typedef struct levee_sync_report {
  const char *name;     /* as registered; empty: none */
  const char *uri;
  int64_t from_version; /* the store's newest before; -1: the table was not in the store */
  int64_t to_version;   /* the store's newest after it */
  int64_t commits;      /* that were applied */
  int64_t files;        /* active after it */
  const char *base;     /* the checkpoint that an import started from, or empty */
  bool imported;
  double seconds;
} levee_sync_report;
/* As levee_store_sync, and says what was done. */
levee_code levee_store_sync_report(levee_store *store, const char *table, levee_sync_report **report, levee_error **error);
/* Registers a table under a name, which is LEVEE_ALREADY_EXISTS when another table has it; imports what is not known. `name`: NULL
 * or "" for none. `report` may be NULL. */
levee_code levee_store_add(levee_store *store, const char *table, const char *name, levee_sync_report **report,
                           levee_error **error);
void levee_sync_report_free(levee_sync_report *report); /* NULL does nothing */
/* Removes a table from the store; its log and its data stay. */
levee_code levee_store_forget(levee_store *store, const char *table, levee_error **error);

/* A table that the store has. Further fields come at the end. */
typedef struct levee_table_info {
  const char *name;     /* empty: none */
  const char *uri;
  int64_t version;      /* the store's newest; -1: not imported yet */
  int64_t files, bytes; /* of that version */
  int64_t records;      /* -1: a file does not say */
  int64_t last_sync_ms; /* since the epoch */
} levee_table_info;
levee_code levee_store_tables(levee_store *store, levee_table_list **tables, levee_error **error);
size_t levee_table_list_count(const levee_table_list *tables); /* of NULL: 0 */
/* Lives as long as the list; NULL beyond its end. */
const levee_table_info *levee_table_list_table(const levee_table_list *tables, size_t index);
void levee_table_list_free(levee_table_list *tables); /* NULL does nothing */

/* A commit as the store remembers it. Further fields come at the end. */
typedef struct levee_commit {
  int64_t version;
  int64_t timestamp_ms;         /* since the epoch; what levee_table_open_at_time goes by */
  const char *commit_info_json; /* the action's body as the log has it; empty: none */
  /* -1 for the base of an import, which stands for commits that nobody counted; rows also when a file does not say. */
  int64_t files_added, files_removed, bytes_added, rows_added;
} levee_commit;
/* Newest first; `limit` commits at most, negative: all. */
levee_code levee_store_history(levee_store *store, const char *table, int64_t limit, levee_history **history,
                               levee_error **error);
size_t levee_history_count(const levee_history *history); /* of NULL: 0 */
/* Lives as long as the history; NULL beyond its end. */
const levee_commit *levee_history_commit(const levee_history *history, size_t index);
void levee_history_free(levee_history *history); /* NULL does nothing */

/* Which changes are asked for: those of the commits from+1 to `to`. Begin with LEVEE_CHANGES_QUERY. */
typedef struct levee_changes_query {
  size_t size;
  int64_t from;               /* must be set */
  int64_t to;                 /* negative: the newest version */
  const char *const *columns; /* as in levee_query; NULL: every field */
  size_t columns_count;
} levee_changes_query;
#define LEVEE_CHANGES_QUERY {sizeof(levee_changes_query), -1, -1, NULL, 0}
/* A stream of struct arrays: "change" ("add" or "remove"), "version", "dataChange", then the columns. The caller's to release. */
levee_code levee_store_changes(levee_store *store, const char *table, const levee_changes_query *query,
                               struct ArrowArrayStream *changes, levee_error **error);

typedef enum levee_check_status {
  LEVEE_CHECK_EQUAL = 0,
  LEVEE_CHECK_DRIFT = 1,   /* the store is wrong */
  LEVEE_CHECK_LAGGING = 2, /* the log has newer commits; what the store has is right */
  LEVEE_CHECK_DIVERGED = 3 /* the log was rewritten below the store's newest version */
} levee_check_status;
typedef struct levee_texts {
  const char *const *texts;
  size_t count;
} levee_texts;
/* The store against a fresh replay of the log. Further fields come at the end. */
typedef struct levee_check_report {
  levee_check_status status;
  int64_t store_version, log_version;
  int64_t missing_count, unexpected_count, differing_count; /* files, compared at store_version */
  levee_texts missing, unexpected, differing;               /* paths of at most 100 of each */
  levee_texts notes;                                        /* mismatches of .crc files and the like */
} levee_check_report;
levee_code levee_store_check(levee_store *store, const char *table, levee_check_report **report, levee_error **error);
void levee_check_report_free(levee_check_report *report); /* NULL does nothing */

/* Calls off what threads ask of Levee. `timeout_ms`: from now on; negative: no bound in time. */
levee_code levee_cancel_token_new(int64_t timeout_ms, levee_cancel_token **token, levee_error **error);
/* For ever. From any thread, and from a signal handler. NULL does nothing. */
void levee_cancel_token_cancel(const levee_cancel_token *token);
/* From now on what the calling thread asks - streams that it reads among it - ends with LEVEE_CANCELLED (get_next: ECANCELED) within
 * 50 ms of processor time once the token is cancelled or its time is over; nothing is left behind. NULL: nothing calls it off. The
 * token may be freed while it is in use. */
levee_code levee_cancel_token_use(const levee_cancel_token *token, levee_error **error);
void levee_cancel_token_free(levee_cancel_token *token); /* NULL does nothing */

/* The newest version, as fresh as the setting `freshness` demands. A table not known yet is imported. */
levee_code levee_table_open(levee_store *store, const char *table, levee_table **opened, levee_error **error);
levee_code levee_table_open_at_version(levee_store *store, const char *table, int64_t version, levee_table **opened,
                                       levee_error **error);
/* The newest commit at or before a time in milliseconds since the epoch. */
levee_code levee_table_open_at_time(levee_store *store, const char *table, int64_t timestamp_ms, levee_table **opened,
                                    levee_error **error);
void levee_table_close(levee_table *table); /* NULL does nothing */

/* Of NULL: -1, and empty texts. */
int64_t levee_table_version(const levee_table *table);
int64_t levee_table_timestamp_ms(const levee_table *table); /* of that version's commit, since the epoch */
const char *levee_table_uri(const levee_table *table);
const char *levee_table_name(const levee_table *table);        /* as registered; empty: none */
const char *levee_table_schema_json(const levee_table *table); /* a Delta struct, as the log has it */
size_t levee_table_partition_columns_count(const levee_table *table); /* of NULL: 0 */
const char *levee_table_partition_column(const levee_table *table, size_t index); /* NULL beyond the end */
/* What `levee show --format json` prints: protocol, metadata, properties, counts, transactions, domains. The text is the caller's
 * (levee_text_free). */
levee_code levee_table_describe(const levee_table *table, char **json, levee_error **error);

/* Which files are asked for. Begin with LEVEE_QUERY, which asks for all. */
typedef struct levee_query {
  size_t size;
  const char *where;          /* SQL: leaves out files that hold no row for which it is TRUE; NULL or "": none */
  const char *const *columns; /* "path", "size", "min.C", ... as levee.h lists them; NULL: every field */
  size_t columns_count;
  const char *order;        /* "size desc, path"; NULL or "": any */
  int64_t limit;            /* files; negative: all */
  int64_t rows;             /* stop when the files surely hold that many matching rows; negative: all */
  const char *const *paths; /* only files of these paths; NULL: any path */
  size_t paths_count;
  const char *const *except; /* no file of these paths */
  size_t except_count;
} levee_query;
#define LEVEE_QUERY {sizeof(levee_query), NULL, NULL, 0, NULL, -1, -1, NULL, 0, NULL, 0}

typedef enum levee_explain_format { LEVEE_EXPLAIN_TEXT = 0, LEVEE_EXPLAIN_JSON = 1, LEVEE_EXPLAIN_SVG = 2 } levee_explain_format;

/* `query` may be NULL: all files. The stream (a struct array a batch, a column a field; types as levee.h says) is the caller's
 * to release; it may outlive table and store. On failure its `release` is NULL. */
levee_code levee_table_files(const levee_table *table, const levee_query *query, struct ArrowArrayStream *files,
                             levee_error **error);
levee_code levee_table_count(const levee_table *table, const levee_query *query, int64_t *files, levee_error **error);
/* How the answer is found; with `analyze` with times. The text is the caller's (levee_text_free). */
levee_code levee_table_explain(const levee_table *table, const levee_query *query, levee_explain_format format,
                               bool analyze, char **text, levee_error **error);
/* NOLINTEND(readability-identifier-naming) */

#ifdef __cplusplus
}
#endif

#endif
