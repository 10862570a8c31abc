// Input: a byte that says which of the memory bank's blobs this is, and its inside; the envelope, whose checksum no mutation
// would survive, is made here. 0: a batch, 1: a segment's directory, 2: which of its rows are ended, 3: a page of
// records, 4: a record, 5: a vector clock, 6: a custom index of one key behind two bytes, how many rows it has.
#include <algorithm>

#include "memory/bank/batch.h"
#include "memory/bank/pages.h"
#include "memory/bank/segment_directory.h"
#include "memory/query/part_index_format.h"
#include "store/sealed_blob.h"
#include "tests/fuzz/fuzz.h"

using namespace levee;
using namespace levee::memory;

namespace {

Bytes Seal(const char (&letters)[5], ByteSpan inside) {
  return store::SealBlob(store::BlobMagic(letters), inside, store::Compression::kNever);
}

void ReadRecord(ByteSpan bytes) {
  const auto cold = DecodeCold(bytes);
  const auto id = DecodeColdId(bytes);
  if (!cold) return;
  FUZZ_REQUIRE(id.has_value() && *id == cold->id);
  // What it lends lies within it.
  FUZZ_REQUIRE(cold->content.size() <= bytes.size());
  FUZZ_REQUIRE(cold->content.empty() || cold->content.data() + cold->content.size() ==
                                            reinterpret_cast<const char*>(bytes.data()) + bytes.size());
  static_cast<void>(DecodeClock(cold->clock));
}

// Rows that can be read come out again as they are when they are written anew.
void ReadBatch(ByteSpan inside) {
  const auto batch = OpenBatch(7, Seal("LVbb", inside));
  if (!batch) return;
  BatchBuilder again(batch->written);
  const Status read = ForEachRow(*batch, 7, [&](const RowView& row) -> Status {
    ReadRecord(row.cold);
    FUZZ_REQUIRE(DecodeEmbedding(row.embedding).size() == row.embedding.size() / sizeof(float));
    again.Add(row);
    return {};
  });
  if (!read) return;
  FUZZ_REQUIRE(again.rows() == batch->rows);
  const auto reopened = OpenBatch(7, again.Finish());
  FUZZ_REQUIRE(reopened.has_value() && reopened->written == batch->written);
  FUZZ_REQUIRE(reopened->payload.size() <= batch->payload.size() + 16);
  const Status reread = ForEachRow(*reopened, 7, [](const RowView&) -> Status { return {}; });
  FUZZ_REQUIRE(reread.has_value());
}

void ReadDirectory(ByteSpan inside) {
  const auto directory = DecodeSegmentDirectory(Seal("LVbd", inside), "fuzz");
  if (!directory) return;
  const auto again = DecodeSegmentDirectory(EncodeSegmentDirectory(*directory), "fuzz");
  FUZZ_REQUIRE(again.has_value());
  FUZZ_REQUIRE(again->rows == directory->rows && again->pages == directory->pages && again->text == directory->text);
  FUZZ_REQUIRE(again->OwnChunks() == directory->OwnChunks());
}

void ReadEnded(ByteSpan inside) {
  const auto ended = DecodeEnded(Seal("LVbe", inside), "fuzz");
  if (!ended) return;
  FUZZ_REQUIRE(ended->rows.size() == ended->times.size());
  const auto again = DecodeEnded(EncodeEnded(*ended), "fuzz");
  FUZZ_REQUIRE(again.has_value() && again->rows == ended->rows && again->times == ended->times);
  FUZZ_REQUIRE(again->totals.size() == ended->totals.size());
}

void ReadPage(ByteSpan inside) {
  static const Bytes words(2'000, 'w');
  static const std::shared_ptr<const RecordCodec> codec = *RecordCodec::Make(words);
  const Bytes sealed = Seal("LVbp", inside);
  const auto page = Page::Open(7, sealed);
  if (!page) return;
  for (std::size_t slot = 0; slot < page->slots(); ++slot) {
    const auto record = page->Record(static_cast<std::uint32_t>(slot));
    if (!record) continue;
    ReadRecord(*record);
    // A mutated record may claim any length: what it takes is bounded by what was given.
    if (slot < 4 && record->size() < 1'000) static_cast<void>(codec->Decompress(*record));
  }
  FUZZ_REQUIRE(!page->Record(static_cast<std::uint32_t>(page->slots())));
}

// What is read can be asked anything, and comes out again as it is.
void ReadIndex(ByteSpan bytes) {
  ByteReader reader(bytes);
  const auto rows = reader.Get<std::uint16_t>();
  const PartIndexShape shape{.keys = 1, .rows = rows};
  const auto index = DecodePartIndex(reader.GetBytes(reader.remaining()), shape, "fuzz");
  if (!index) return;
  FUZZ_REQUIRE((*index)->rows().size() == rows);
  const ValueRange all = Existing();
  const std::vector<KeyDemand> demands{{std::span(&all, 1)}};
  const PartIndex::Looked looked = (*index)->Look(demands);
  FUZZ_REQUIRE(looked.rows <= rows);
  for (std::uint32_t at = 0; at < rows; at = (*index)->GroupEnd(at, 1)) {
    FUZZ_REQUIRE((*index)->LowerBound((*index)->FirstKeyAt(at)) == at);
  }
  const auto again = DecodePartIndex(EncodePartIndex(**index).value(), shape, "fuzz");
  FUZZ_REQUIRE(again.has_value() && (*again)->columns()[0].ordinals == (*index)->columns()[0].ordinals);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t kind = input.Below(7);
  const Bytes inside(input.rest().begin(), input.rest().end());  // of its own, so that a sanitizer sees its end
  if (kind == 0) ReadBatch(inside);
  if (kind == 1) ReadDirectory(inside);
  if (kind == 2) ReadEnded(inside);
  if (kind == 3) ReadPage(inside);
  if (kind == 4) ReadRecord(inside);
  if (kind == 5) static_cast<void>(DecodeClock(inside));
  if (kind == 6) ReadIndex(inside);
  return 0;
}
