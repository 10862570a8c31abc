/* Prints path and size of the files that a query must read, as CSV.
 *
 *   list_files STORE TABLE [PREDICATE] */
#include <inttypes.h>
#include <levee/levee_c.h>
#include <stdio.h>

static int fail(levee_error *error) {
  fprintf(stderr, "list_files: %s\n", levee_error_text(error));
  levee_error_free(error);
  return 1;
}

/* A batch is a struct array of the columns asked for: `path` (utf8) and `size` (int64). */
static void print_batch(const struct ArrowArray *batch) {
  const struct ArrowArray *path = batch->children[0], *size = batch->children[1];
  const int32_t *offsets = (const int32_t *)path->buffers[1] + path->offset;
  const char *bytes = path->buffers[2];
  const int64_t *sizes = (const int64_t *)size->buffers[1] + size->offset;
  for (int64_t i = 0; i < batch->length; ++i) {
    printf("%.*s,%" PRId64 "\n", (int)(offsets[i + 1] - offsets[i]), bytes + offsets[i], sizes[i]);
  }
}

static int print_files(struct ArrowArrayStream *files) {
  struct ArrowArray batch;
  puts("path,size");
  while (files->get_next(files, &batch) == 0) {
    if (batch.release == NULL) return 0; /* the end */
    print_batch(&batch);
    batch.release(&batch);
  }
  const char *reason = files->get_last_error(files);
  fprintf(stderr, "list_files: %s\n", reason == NULL ? "the stream broke off" : reason);
  return 1;
}

static int list_table(levee_store *store, const char *name, const char *where) {
  const char *const columns[] = {"path", "size"};
  levee_query query = LEVEE_QUERY;
  levee_table *table;
  levee_error *error;
  struct ArrowArrayStream files;
  if (levee_table_open(store, name, &table, &error) != LEVEE_OK) return fail(error);
  query.where = where;
  query.columns = columns;
  query.columns_count = 2;
  query.order = "path";
  const levee_code code = levee_table_files(table, &query, &files, &error);
  levee_table_close(table); /* the stream needs it no more */
  if (code != LEVEE_OK) return fail(error);
  const int result = print_files(&files);
  files.release(&files);
  return result;
}

int main(int argc, char **argv) {
  levee_store_options options = LEVEE_STORE_OPTIONS;
  levee_store *store;
  levee_error *error;
  if (argc < 3) {
    fputs("usage: list_files STORE TABLE [PREDICATE]\n", stderr);
    return 64;
  }
  options.uri = argv[1];
  if (levee_store_open(&options, &store, &error) != LEVEE_OK) return fail(error);
  const int result = list_table(store, argv[2], argc > 3 ? argv[3] : NULL);
  levee_store_close(store);
  return result;
}
