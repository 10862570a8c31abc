#include "catalog/run_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace levee::catalog {
namespace {

std::unexpected<Error> SpillError(const char* step) {
  return Fail(ErrorCode::kIo, "import", std::string(step) + " the spill file: " + std::strerror(errno),
              "free disk space, or set TMPDIR to a folder with room");
}

Bitmap SliceOf(const Bitmap& bitmap, std::size_t first, std::size_t count) {
  if (bitmap.size() == 0) return {};
  Bitmap slice(count);
  bool all = true;
  for (std::size_t i = 0; i < count; ++i) {
    const bool valid = bitmap.Get(first + i);
    if (valid) slice.Set(i);
    all &= valid;
  }
  return all ? Bitmap() : slice;
}

}  // namespace

Result<std::unique_ptr<RunFile>> RunFile::Create(const std::string& folder) {
  std::string name = folder + "/levee-import-XXXXXX";
  const int descriptor = mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) {
    return Fail(ErrorCode::kIo, folder, std::string("cannot make a spill file: ") + std::strerror(errno));
  }
  unlink(name.c_str());
  return std::unique_ptr<RunFile>(new RunFile(descriptor));
}

RunFile::~RunFile() { close(descriptor_); }

Result<Run> RunFile::Append(const columnar::Batch& batch) {
  Run run;
  run.rows = batch.rows;
  for (const columnar::BatchColumn& column : batch.columns) {
    const columnar::ColumnVector& values = column.values;
    RunColumn& out = run.columns.emplace_back();
    out.key = column.key;
    out.physical = values.physical;
    out.validity = values.validity;
    if (values.physical == types::PhysicalType::kString) {
      const auto& strings = values.strings;
      out.values_offset = Reserve(strings.bytes.size());
      out.ends_offset = Reserve(strings.offsets.size() * sizeof(std::uint32_t));
      LEVEE_RETURN_IF_ERROR(WriteAt(strings.bytes.data(), strings.bytes.size(), out.values_offset));
      LEVEE_RETURN_IF_ERROR(
          WriteAt(strings.offsets.data(), strings.offsets.size() * sizeof(std::uint32_t), out.ends_offset));
      continue;
    }
    const void* data = values.physical == types::PhysicalType::kInt64
                           ? static_cast<const void*>(values.ints.data())
                           : values.doubles.data();
    out.values_offset = Reserve(batch.rows * 8);
    LEVEE_RETURN_IF_ERROR(WriteAt(data, batch.rows * 8, out.values_offset));
  }
  return run;
}

Result<columnar::ColumnVector> RunFile::Read(const RunColumn& column, std::size_t first,
                                             std::size_t count) const {
  columnar::ColumnVector values;
  values.physical = column.physical;
  values.rows = count;
  values.validity = SliceOf(column.validity, first, count);
  if (column.physical == types::PhysicalType::kInt64) {
    values.ints.resize(count);
    LEVEE_RETURN_IF_ERROR(ReadAt(values.ints.data(), count * 8, column.values_offset + first * 8));
    return values;
  }
  if (column.physical == types::PhysicalType::kDouble) {
    values.doubles.resize(count);
    LEVEE_RETURN_IF_ERROR(ReadAt(values.doubles.data(), count * 8, column.values_offset + first * 8));
    return values;
  }
  auto& offsets = values.strings.offsets;
  offsets.resize(count + 1);
  LEVEE_RETURN_IF_ERROR(ReadAt(offsets.data(), (count + 1) * 4, column.ends_offset + first * 4));
  const std::uint32_t base = offsets.front();
  values.strings.bytes.resize(offsets.back() - base);
  LEVEE_RETURN_IF_ERROR(
      ReadAt(values.strings.bytes.data(), values.strings.bytes.size(), column.values_offset + base));
  for (std::uint32_t& offset : offsets) offset -= base;
  return values;
}

Status RunFile::WriteAt(const void* data, std::size_t size, std::uint64_t offset) const {
  const char* from = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written = pwrite(descriptor_, from, size, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return SpillError("cannot write");
    from += written;
    offset += static_cast<std::uint64_t>(written);
    size -= static_cast<std::size_t>(written);
  }
  return {};
}

Status RunFile::ReadAt(void* data, std::size_t size, std::uint64_t offset) const {
  char* to = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t got = pread(descriptor_, to, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return SpillError("cannot read");
    to += got;
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return {};
}

std::uint64_t RunFile::Reserve(std::uint64_t size) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t offset = end_;
  end_ += size;
  return offset;
}

}  // namespace levee::catalog
