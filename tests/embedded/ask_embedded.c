/* Opens a table under a memory limit, as a device would: prints how many files there are, those that a predicate leaves, and its
 * path and size, each as a line; then, to standard error, the process's largest resident memory in KB.
 *
 *   ask_embedded STORE TABLE MEMORY_LIMIT PREDICATE */
#include <inttypes.h>
#include <levee/levee_c.h>
#include <stdio.h>
#include <string.h>

static int fail(levee_error *error) {
  fprintf(stderr, "ask_embedded: %s: %s\n", levee_code_name(levee_error_code(error)), levee_error_text(error));
  levee_error_free(error);
  return 1;
}

static int print_files(struct ArrowArrayStream *files) {
  struct ArrowArray batch;
  while (files->get_next(files, &batch) == 0) {
    if (batch.release == NULL) return 0;
    const struct ArrowArray *path = batch.children[0], *size = batch.children[1];
    const int32_t *offsets = (const int32_t *)path->buffers[1] + path->offset;
    const int64_t *sizes = (const int64_t *)size->buffers[1] + size->offset;
    for (int64_t i = 0; i < batch.length; ++i) {
      printf("%.*s,%" PRId64 "\n", (int)(offsets[i + 1] - offsets[i]), (const char *)path->buffers[2] + offsets[i], sizes[i]);
    }
    batch.release(&batch);
  }
  fprintf(stderr, "ask_embedded: %s\n", files->get_last_error(files));
  return 1;
}

static int ask(levee_table *table, const char *where) {
  const char *const columns[] = {"path", "size"};
  levee_query query = LEVEE_QUERY;
  levee_error *error;
  struct ArrowArrayStream files;
  int64_t all = 0, chosen = 0;
  query.columns = columns;
  query.columns_count = 2;
  if (levee_table_count(table, &query, &all, &error) != LEVEE_OK) return fail(error);
  query.where = where;
  if (levee_table_count(table, &query, &chosen, &error) != LEVEE_OK) return fail(error);
  printf("%" PRId64 " of %" PRId64 " files\n", chosen, all);
  /* Those of the predicate, then all of them: the list that takes most memory. */
  for (int round = 0; round < 2; ++round) {
    if (levee_table_files(table, &query, &files, &error) != LEVEE_OK) return fail(error);
    const int result = print_files(&files);
    files.release(&files);
    if (result != 0) return result;
    query.where = NULL;
  }
  return 0;
}

static void print_peak(void) {
  char line[256];
  FILE *status = fopen("/proc/self/status", "r");
  if (status == NULL) return;
  while (fgets(line, sizeof line, status) != NULL) {
    long kilobytes;
    if (sscanf(line, "VmHWM: %ld", &kilobytes) == 1) fprintf(stderr, "peak %ld KB\n", kilobytes);
  }
  fclose(status);
}

int main(int argc, char **argv) {
  levee_store_options options = LEVEE_STORE_OPTIONS;
  levee_store *store;
  levee_table *table;
  levee_error *error;
  if (argc != 5) return 64;
  const levee_setting settings[] = {{"memory_limit", argv[3]}, {"profile", "constrained"}};
  options.uri = argv[1];
  options.settings = settings;
  options.settings_count = 2;
  if (levee_store_open(&options, &store, &error) != LEVEE_OK) return fail(error);
  int result = levee_table_open(store, argv[2], &table, &error) == LEVEE_OK ? ask(table, argv[4]) : fail(error);
  if (result == 0) levee_table_close(table);
  levee_store_close(store);
  print_peak();
  return result;
}
