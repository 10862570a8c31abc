#include "text/stored/part_directory.h"

#include <algorithm>
#include <bit>

#include "text/stored/block_codec.h"

namespace levee::text {
namespace {

constexpr std::uint8_t kVersion = 1;

std::unexpected<Error> Corrupt(std::string_view why) { return Fail(ErrorCode::kCorrupt, "text index", why); }

void PutNumbers(const std::vector<std::uint64_t>& numbers, ByteWriter& out) {
  out.PutVarint(numbers.size());
  for (const std::uint64_t number : numbers) out.PutVarint(number);
}

bool GetNumbers(ByteReader& reader, std::vector<std::uint64_t>& out) {
  const std::uint64_t count = reader.GetVarint();
  if (count > reader.remaining()) return false;
  out.resize(count);
  for (std::uint64_t& number : out) number = reader.GetVarint();
  return reader.ok();
}

void PutField(const FieldDirectory& field, std::uint32_t rows, ByteWriter& out) {
  out.PutVarint(field.tokens);
  std::uint32_t all = 0;
  for (std::uint32_t row = 0; row < rows; ++row) all |= field.lengths[row];
  const auto width = static_cast<unsigned>(std::bit_width(all));
  out.Put(static_cast<std::uint8_t>(width));
  const std::size_t at = out.size();
  out.bytes().resize(at + PackedRunBytes(rows, width));
  PackRun(field.lengths.data(), rows, width, out.bytes().data() + at);
  out.PutVarint(field.chunks.size());
  for (const DictionaryChunk& chunk : field.chunks) {
    out.PutVarint(chunk.number);
    out.PutText(chunk.first_token);
  }
}

bool GetField(ByteReader& reader, std::uint32_t rows, FieldDirectory& out) {
  out.tokens = reader.GetVarint();
  const auto width = reader.Get<std::uint8_t>();
  if (width > 32) return false;
  const ByteSpan packed = reader.GetBytes(PackedRunBytes(rows, width));
  if (!reader.ok()) return false;
  out.ResizeLengths(rows);
  UnpackRun(packed.data(), rows, width, out.lengths.data());
  std::uint64_t sum = 0;
  for (std::uint32_t row = 0; row < rows; ++row) sum += out.lengths[row];
  const std::uint64_t chunks = reader.GetVarint();
  if (sum != out.tokens || chunks > reader.remaining()) return false;
  out.chunks.resize(chunks);
  for (DictionaryChunk& chunk : out.chunks) {
    chunk.number = reader.GetVarint();
    chunk.first_token = reader.GetText();
  }
  return reader.ok() && std::ranges::is_sorted(out.chunks, {}, &DictionaryChunk::first_token);
}

}  // namespace

void FieldDirectory::ResizeLengths(std::uint32_t rows) {
  const std::size_t page_count = (rows + Lengths::kPageRows - 1) / Lengths::kPageRows;
  lengths.assign(page_count * Lengths::kPageRows, 0);
  for (std::size_t page = 0; page < page_count; ++page) pages[page] = lengths.data() + page * Lengths::kPageRows;
}

Bytes PartDirectory::Encode() const {
  ByteWriter out;
  out.Put(kVersion);
  out.PutVarint(rows);
  std::uint8_t mask = 0;
  for (std::size_t field = 0; field < kFields; ++field) mask |= has[field] ? 1U << field : 0U;
  out.Put(mask);
  PutNumbers(posting_chunks, out);
  PutNumbers(position_chunks, out);
  for (std::size_t field = 0; field < kFields; ++field) {
    if (has[field]) PutField(fields[field], rows, out);
  }
  return out.Take();
}

Status PartDirectory::Decode(ByteSpan bytes, PartDirectory& out) {
  ByteReader reader(bytes);
  const auto version = reader.Get<std::uint8_t>();
  if (version != kVersion) {
    return Fail(ErrorCode::kUnsupported, "text index", "its version is " + std::to_string(version), "use a newer levee");
  }
  const std::uint64_t rows = reader.GetVarint();
  const auto mask = reader.Get<std::uint8_t>();
  if (!reader.ok() || rows > kPartRowsMax || mask >> kFields != 0) {
    return Corrupt("its directory has no such rows or fields");
  }
  out.rows = static_cast<std::uint32_t>(rows);
  if (!GetNumbers(reader, out.posting_chunks) || !GetNumbers(reader, out.position_chunks)) {
    return Corrupt("its directory ends in the list of chunks");
  }
  for (std::size_t field = 0; field < kFields; ++field) {
    out.has[field] = (mask >> field & 1) != 0;
    if (out.has[field] && !GetField(reader, out.rows, out.fields[field])) {
      return Corrupt("its directory cannot be read at the field " + std::string(kFieldNames[field]));
    }
  }
  if (reader.remaining() > 0) return Corrupt("its directory goes on after its end");
  return {};
}

}  // namespace levee::text
