// The loader of a build that has no Arrow module: it refuses by name.
#include "arrow/loader.h"

namespace levee::arrow {
namespace {

std::unexpected<Error> Absent() {
  return Fail(ErrorCode::kUnsupported, "Parquet", "the embedded build of Levee neither reads nor writes it",
              "install the full library; logs whose commits are all there as JSON need none");
}

}  // namespace

Result<objectstore::ParquetSource*> LoadParquetSource() { return Absent(); }
Result<objectstore::ParquetSink*> LoadParquetSink() { return Absent(); }

}  // namespace levee::arrow
