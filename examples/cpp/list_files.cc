// Prints path and size of the files that a query must read, as CSV.
//
//   list_files STORE TABLE [PREDICATE]
#include <cinttypes>
#include <cstdio>
#include <levee/levee.h>
#include <string_view>

namespace {

int Fail(const levee::Error& error) {
  std::fprintf(stderr, "list_files: %s\n", error.ToString().c_str());
  return 1;
}

// A batch is a struct array of the columns asked for: `path` (utf8) and `size` (int64).
void PrintBatch(const ArrowArray& batch) {
  const ArrowArray& path = *batch.children[0];
  const ArrowArray& size = *batch.children[1];
  const auto* const offsets = static_cast<const std::int32_t*>(path.buffers[1]) + path.offset;
  const auto* const bytes = static_cast<const char*>(path.buffers[2]);
  const auto* const sizes = static_cast<const std::int64_t*>(size.buffers[1]) + size.offset;
  for (std::int64_t i = 0; i < batch.length; ++i) {
    std::printf("%.*s,%" PRId64 "\n", offsets[i + 1] - offsets[i], bytes + offsets[i], sizes[i]);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fputs("usage: list_files STORE TABLE [PREDICATE]\n", stderr), 64;
  auto store = levee::OpenStore({.uri = argv[1]});
  if (!store) return Fail(store.error());
  auto table = (*store)->OpenTable(argv[2], {});
  if (!table) return Fail(table.error());
  auto files = (*table)->Files({.where = argc > 3 ? argv[3] : "", .columns = {{"path", "size"}}, .order = "path"});
  if (!files) return Fail(files.error());

  std::puts("path,size");
  ArrowArrayStream* const stream = files->get();
  ArrowArray batch{};
  while (stream->get_next(stream, &batch) == 0) {
    if (batch.release == nullptr) return 0;  // the end
    PrintBatch(batch);
    batch.release(&batch);
  }
  std::fprintf(stderr, "list_files: %s\n", stream->get_last_error(stream));
  return 1;
}
