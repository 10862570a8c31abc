/* Brings a store up to a table's log, then prints its latest commits and what the last one changed, as CSV. Gives up after
 * ten seconds, or when Ctrl-C is pressed.
 *
 *   follow_table STORE TABLE */
#include <inttypes.h>
#include <levee/levee_c.h>
#include <signal.h>
#include <stdio.h>

enum { TIMEOUT_MS = 10000, COMMITS = 3 };

static levee_cancel_token *token;

static void on_interrupt(int number) {
  (void)number;
  levee_cancel_token_cancel(token);
}

static int fail(levee_error *error) {
  fprintf(stderr, "follow_table: %s: %s\n", levee_code_name(levee_error_code(error)), levee_error_text(error));
  levee_error_free(error);
  return 1;
}

static int print_commits(levee_store *store, const char *table) {
  levee_history *history;
  levee_error *error;
  if (levee_store_history(store, table, COMMITS, &history, &error) != LEVEE_OK) return fail(error);
  puts("version,timestamp_ms,filesAdded,filesRemoved");
  for (size_t i = 0; i < levee_history_count(history); ++i) {
    const levee_commit *commit = levee_history_commit(history, i);
    printf("%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 "\n", commit->version, commit->timestamp_ms, commit->files_added,
           commit->files_removed);
  }
  levee_history_free(history);
  return 0;
}

/* The columns are "change", "version", "dataChange" and, as asked for, "path". */
static void print_batch(const struct ArrowArray *batch) {
  const struct ArrowArray *change = batch->children[0], *path = batch->children[3];
  const int32_t *changes = (const int32_t *)change->buffers[1] + change->offset;
  const int32_t *paths = (const int32_t *)path->buffers[1] + path->offset;
  const char *change_bytes = change->buffers[2], *path_bytes = path->buffers[2];
  for (int64_t i = 0; i < batch->length; ++i) {
    printf("%.*s,%.*s\n", (int)(changes[i + 1] - changes[i]), change_bytes + changes[i], (int)(paths[i + 1] - paths[i]),
           path_bytes + paths[i]);
  }
}

static int print_changes(levee_store *store, const char *table, int64_t version) {
  const char *const columns[] = {"path"};
  levee_changes_query query = LEVEE_CHANGES_QUERY;
  levee_error *error;
  struct ArrowArrayStream changes;
  struct ArrowArray batch;
  int result;
  query.from = version - 1;
  query.to = version;
  query.columns = columns;
  query.columns_count = 1;
  if (levee_store_changes(store, table, &query, &changes, &error) != LEVEE_OK) return fail(error);
  puts("change,path");
  while ((result = changes.get_next(&changes, &batch)) == 0 && batch.release != NULL) {
    print_batch(&batch);
    batch.release(&batch);
  }
  if (result != 0) fprintf(stderr, "follow_table: %s\n", changes.get_last_error(&changes));
  changes.release(&changes);
  return result == 0 ? 0 : 1;
}

static int follow(levee_store *store, const char *table) {
  levee_sync_report *report;
  levee_error *error;
  if (levee_store_sync_report(store, table, &report, &error) != LEVEE_OK) return fail(error);
  const int64_t version = report->to_version;
  fprintf(stderr, "follow_table: version %" PRId64 ", %" PRId64 " files\n", version, report->files);
  levee_sync_report_free(report);
  if (print_commits(store, table) != 0) return 1;
  return version < 1 ? 0 : print_changes(store, table, version);
}

int main(int argc, char **argv) {
  levee_store_options options = LEVEE_STORE_OPTIONS;
  levee_store *store;
  levee_error *error;
  if (argc != 3) {
    fputs("usage: follow_table STORE TABLE\n", stderr);
    return 64;
  }
  if (levee_cancel_token_new(TIMEOUT_MS, &token, &error) != LEVEE_OK) return fail(error);
  if (levee_cancel_token_use(token, &error) != LEVEE_OK) return fail(error);
  signal(SIGINT, on_interrupt);
  options.uri = argv[1];
  if (levee_store_open(&options, &store, &error) != LEVEE_OK) return fail(error);
  const int result = follow(store, argv[2]);
  levee_store_close(store);
  levee_cancel_token_use(NULL, NULL);
  signal(SIGINT, SIG_DFL);
  levee_cancel_token_free(token);
  return result;
}
