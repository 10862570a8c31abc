// Input: one byte says what the rest is: a bitmap, Z85 text, or a descriptor with the file that it points into.
#include "delta/deleted_rows.h"
#include "delta/z85.h"
#include "tests/fakes/memory_object_store.h"
#include "tests/fuzz/fuzz.h"

using namespace levee;
using namespace levee::delta;

static void Check(const DeletedRows& deleted) {
  std::uint64_t count = 0, next = 0;
  bool first = true;
  for (const DeletedRows::Range& range : deleted.ranges()) {
    FUZZ_REQUIRE(range.first <= range.last);
    FUZZ_REQUIRE(first || range.first > next);  // apart: what touches is one range
    next = range.last + 1;
    first = false;
    count += range.last - range.first + 1;
  }
  FUZZ_REQUIRE(count == deleted.count());
  // Each of the first rows is kept or deleted, as the ranges say.
  constexpr std::uint64_t kRows = 4'099;
  const Bytes kept = deleted.KeptRows(kRows);
  FUZZ_REQUIRE(kept.size() == (kRows + 7) / 8);
  std::size_t at = 0;
  for (std::uint64_t row = 0; row < kRows; ++row) {
    while (at < deleted.ranges().size() && deleted.ranges()[at].last < row) ++at;
    const bool is_deleted = at < deleted.ranges().size() && deleted.ranges()[at].first <= row;
    FUZZ_REQUIRE(((kept[row / 8] >> (row % 8) & 1) != 0) != is_deleted);
  }
}

static void ReadDescribed(fuzz::Input& input) {
  DeletionVectorDescriptor descriptor;
  descriptor.storage_type = std::string(1, "uip?"[input.Below(4)]);
  if (input.Below(2) != 0) descriptor.offset = static_cast<std::int32_t>(input.Number(4));
  descriptor.size_bytes = static_cast<std::int32_t>(input.Number(4));
  descriptor.cardinality = static_cast<std::int64_t>(input.Number(4));
  descriptor.path_or_inline = input.Text('\0');
  fakes::MemoryObjectStore table;
  const std::string content = input.Rest();
  // Where a vector "u" without a random prefix and a relative "p" point.
  table.Put("deletion_vector_00000000-0000-0000-0000-000000000000.bin", content);
  table.Put(descriptor.path_or_inline, content);
  const OtherStoreOpener none = [](std::string_view path) -> Result<std::unique_ptr<objectstore::ObjectStore>> {
    return Fail(ErrorCode::kNotFound, std::string(path), "it is not there");
  };
  const auto rows = ReadDeletionVector(table, none, descriptor);
  if (!rows) return;
  Check(*rows);
  FUZZ_REQUIRE(rows->count() == static_cast<std::uint64_t>(descriptor.cardinality));
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  switch (input.Below(3)) {
    case 0:
      if (const auto rows = DecodeDeletionVector(input.rest())) Check(*rows);
      break;
    case 1: {
      const std::string text = input.Rest();
      const auto bytes = DecodeZ85(text);
      if (bytes) FUZZ_REQUIRE(bytes->size() == text.size() / 5 * 4);
      break;
    }
    default: ReadDescribed(input);
  }
  return 0;
}
