#include "text/stored/short_list.h"

namespace levee::text {

void EncodeShortList(const Postings& postings, ByteWriter& out) {
  std::uint32_t last = 0;
  for (std::size_t i = 0; i < postings.rows.size(); ++i) {
    const bool several = postings.counts[i] > 1;
    out.PutVarint(std::uint64_t{postings.rows[i] - last} << 1 | (several ? 1 : 0));
    if (several) out.PutVarint(postings.counts[i] - 2);
    last = postings.rows[i];
  }
  const std::uint32_t* position = postings.positions.data();
  for (const std::uint32_t count : postings.counts) {
    std::uint32_t next = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      out.PutVarint(*position - next);
      next = *position++ + 1;
    }
  }
}

bool DecodeShortList(ByteSpan bytes, std::uint32_t documents, std::uint32_t rows_end, Postings& out) {
  out.Clear();
  ByteReader reader(bytes);
  std::uint64_t row = 0, occurrences = 0;
  for (std::uint32_t i = 0; i < documents; ++i) {
    const std::uint64_t head = reader.GetVarint();
    if (i > 0 && head >> 1 == 0) return false;
    row += head >> 1;
    const std::uint64_t count = (head & 1) != 0 ? reader.GetVarint() + 2 : 1;
    if (!reader.ok() || row >= rows_end || count > bytes.size()) return false;
    occurrences += count;
    out.rows.push_back(static_cast<std::uint32_t>(row));
    out.counts.push_back(static_cast<std::uint32_t>(count));
  }
  if (occurrences > reader.remaining()) return false;
  for (const std::uint32_t count : out.counts) {
    std::uint32_t position = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      position += static_cast<std::uint32_t>(reader.GetVarint());
      out.positions.push_back(position++);
    }
  }
  return reader.ok();
}

}  // namespace levee::text
