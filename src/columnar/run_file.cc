#include "columnar/run_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>

#include "base/hash.h"
#include "columnar/run_block.h"

namespace levee::columnar {
namespace {



std::unexpected<Error> SpillError(const char* step) {
  return Fail(ErrorCode::kIo, "spilling", std::string(step) + " the spill file: " + std::strerror(errno),
              "free disk space, or name a folder with room by --spill-folder");
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

Bitmap GatherValidity(const ColumnVector& values, const std::vector<std::uint32_t>& rows) {
  if (!values.has_nulls()) return {};
  Bitmap gathered(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (values.validity.Get(rows[i])) gathered.Set(i);
  }
  return gathered.All() ? Bitmap() : gathered;
}

// The bits of doubles are packed like whole numbers.
void PackBlock(const ColumnVector& values, std::span<const std::uint32_t> rows, Bytes& out) {
  if (values.physical == types::PhysicalType::kString) {
    StringPacker packer(out);
    for (const std::uint32_t row : rows) packer.Add(values.strings[row]);
    return;
  }
  std::array<std::int64_t, kRunBlockRows> numbers;
  if (values.physical == types::PhysicalType::kInt64) {
    for (std::size_t i = 0; i < rows.size(); ++i) numbers[i] = values.ints[rows[i]];
  } else {
    for (std::size_t i = 0; i < rows.size(); ++i) numbers[i] = std::bit_cast<std::int64_t>(values.doubles[rows[i]]);
  }
  PackIntegers(std::span(numbers).first(rows.size()), out);
}

void UnpackBlock(const std::uint8_t* block, std::size_t first, std::size_t count, std::size_t at,
                 ColumnVector& values) {
  switch (values.physical) {
    case types::PhysicalType::kString: return UnpackStrings(block, first, count, values.strings);
    case types::PhysicalType::kInt64: return UnpackIntegers(block, first, count, values.ints.data() + at);
    case types::PhysicalType::kDouble: {
      std::array<std::int64_t, kRunBlockRows> numbers;
      UnpackIntegers(block, first, count, numbers.data());
      std::memcpy(values.doubles.data() + at, numbers.data(), count * sizeof(double));
    }
  }
}

}  // namespace

Result<std::unique_ptr<RunFile>> RunFile::Create(const std::string& folder) {
  std::string name = folder + "/levee-import-XXXXXX";
  const int descriptor = mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) {
    return Fail(ErrorCode::kIo, folder, std::string("cannot make a spill file: ") + std::strerror(errno));
  }
  unlink(name.c_str());
  return std::make_unique<RunFile>(descriptor, 0);
}

RunFile::~RunFile() { close(descriptor_); }

Result<Run> RunFile::Append(const Batch& batch, const std::vector<std::uint32_t>& rows) {
  Run run;
  run.rows = rows.size();
  Bytes bytes;
  for (const BatchColumn& column : batch.columns) {
    Bitmap validity = GatherValidity(column.values, rows);
    if (validity.size() != 0 && validity.None()) continue;
    RunColumn& out = run.columns.emplace_back();
    out.key = column.key;
    out.physical = column.values.physical;
    out.validity = std::move(validity);
    bytes.clear();
    for (std::size_t first = 0; first < rows.size(); first += kRunBlockRows) {
      const std::size_t count = std::min(kRunBlockRows, rows.size() - first);
      PackBlock(column.values, std::span(rows).subspan(first, count), bytes);
      out.ends.push_back(bytes.size());
    }
    out.content_hash = Hash64(AsText(bytes));
    out.offset = Reserve(bytes.size());
    LEVEE_RETURN_IF_ERROR(WriteAt(bytes, out.offset));
  }
  return run;
}

Result<ColumnVector> RunFile::Read(const RunColumn& column, std::size_t first, std::size_t count) const {
  ColumnVector values;
  values.physical = column.physical;
  values.rows = count;
  values.validity = SliceOf(column.validity, first, count);
  if (column.physical == types::PhysicalType::kInt64) values.ints.resize(count);
  if (column.physical == types::PhysicalType::kDouble) values.doubles.resize(count);
  if (count == 0) return values;

  const auto begin_of = [&](std::size_t block) { return block == 0 ? 0 : column.ends[block - 1]; };
  const std::size_t first_block = first / kRunBlockRows;
  const std::size_t last_block = (first + count - 1) / kRunBlockRows;
  const std::uint64_t begin = begin_of(first_block);
  const std::size_t size = column.ends[last_block] - begin;
  Bytes bytes(size + kRunBlockSlack);
  LEVEE_RETURN_IF_ERROR(ReadAt(std::span(bytes).first(size), column.offset + begin));
  for (std::size_t block = first_block, at = 0; block <= last_block; ++block) {
    const std::size_t skip = first + at - block * kRunBlockRows;
    const std::size_t take = std::min(kRunBlockRows - skip, count - at);
    UnpackBlock(bytes.data() + (begin_of(block) - begin), skip, take, at, values);
    at += take;
  }
  return values;
}

Result<Batch> RunFile::ReadColumns(const Run& run, const std::vector<ColumnKey>& keys) const {
  Batch batch;
  batch.rows = run.rows;
  for (const RunColumn& column : run.columns) {
    if (std::find(keys.begin(), keys.end(), column.key) == keys.end()) continue;
    LEVEE_ASSIGN(ColumnVector values, Read(column, 0, run.rows));
    batch.columns.push_back({column.key, std::move(values)});
  }
  return batch;
}

Result<bool> RunFile::Verify(const Run& run) const {
  struct stat status = {};
  if (fstat(descriptor_, &status) != 0) return SpillError("cannot read");
  if (EndOf(run) > static_cast<std::uint64_t>(status.st_size)) return false;
  Bytes bytes;
  for (const RunColumn& column : run.columns) {
    bytes.resize(column.ends.back());
    LEVEE_RETURN_IF_ERROR(ReadAt(bytes, column.offset));
    if (Hash64(AsText(bytes)) != column.content_hash) return false;
  }
  return true;
}

Status RunFile::WriteAt(ByteSpan bytes, std::uint64_t offset) const {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return SpillError("cannot write");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

Status RunFile::ReadAt(std::span<std::uint8_t> bytes, std::uint64_t offset) const {
  while (!bytes.empty()) {
    const ssize_t got = pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return SpillError("cannot read");
    bytes = bytes.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return {};
}

std::uint64_t RunFile::Reserve(std::uint64_t size) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t offset = end_;
  end_ += size;
  return offset;
}

std::uint64_t EndOf(const Run& run) {
  std::uint64_t end = 0;
  for (const RunColumn& column : run.columns) end = std::max(end, column.offset + column.ends.back());
  return end;
}

}  // namespace levee::columnar
