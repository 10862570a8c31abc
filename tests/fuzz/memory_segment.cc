// Input: how many items, then what is broken of the segment that they make: which blob, where (2 bytes), and what is done to it
// (the envelope is made right again). The segment is read by all that reads segments, and saved: nothing may crash or reach
// beyond the bytes, and what is saved can be built anew and read.
#include <algorithm>
#include <map>
#include <numeric>

#include "base/clock.h"
#include "base/memory_budget.h"
#include "memory/bank/batch.h"
#include "memory/bank/salvaged_part.h"
#include "memory/bank/segment_builder.h"
#include "memory/bank/tail_run.h"
#include "store/sealed_blob.h"
#include "tests/fuzz/fuzz.h"

using namespace levee;
using namespace levee::memory;

namespace {

// Chunks in memory; nothing else of a store is asked for.
class Chunks final : public store::BankStore {
 public:
  std::map<std::int64_t, Bytes> chunks;

  std::optional<std::uint64_t> ChangeMark() override { return std::nullopt; }
  Result<store::BankNews> ReadNews(const store::BankState&) override { return None(); }
  Result<std::unique_ptr<store::BankWriter>> BeginWrite(bool) override { return None(); }
  Result<std::int64_t> BeginStaging() override { return 1; }
  Result<std::int64_t> StageChunks(std::int64_t, std::span<const Bytes> staged) override {
    const std::int64_t first = static_cast<std::int64_t>(chunks.size()) + 1;
    for (const Bytes& chunk : staged) chunks.emplace(static_cast<std::int64_t>(chunks.size()) + 1, chunk);
    return first;
  }
  Result<bool> PublishMerge(const store::BankMerge&) override { return None(); }
  Status CollectGarbage(std::int64_t, std::int64_t) override { return {}; }
  Status VisitChunk(std::int64_t chunk, const std::function<Status(ByteSpan)>& visit) override {
    const auto at = chunks.find(chunk);
    if (at == chunks.end()) return Fail(ErrorCode::kNotFound, "chunk", "it is gone");
    return visit(at->second);
  }
  Result<std::int64_t> SizeBytes() override { return 0; }
  Status CopyTo(const std::string&) override { return None(); }
  Status Checkpoint() override { return {}; }
  Status ShrinkFile() override { return {}; }
  Result<std::int64_t> ReleaseFreeBytes(std::int64_t) override { return 0; }
  Result<std::int64_t> FreeBytes() override { return 0; }
  const std::string& uri() const override { return uri_; }
  bool read_only() const override { return false; }

 private:
  static std::unexpected<Error> None() { return Fail(ErrorCode::kUnsupported, "fuzz", "there is none"); }
  const std::string uri_ = "fuzz";
};

std::shared_ptr<TailRun> MakeRun(std::size_t items, Interner& names) {
  BatchBuilder batch(1'000);
  for (std::size_t i = 0; i < items; ++i) {
    Item item{.id = "item-" + std::to_string(i / 2), .content = "content of many words " + std::to_string(i * 7919)};
    item.content.append(i % 90, '.');
    ByteWriter cold;
    EncodeCold(item, {}, cold);
    const Bytes embedding = EncodeEmbedding({1, static_cast<float>(i)});
    RowView row{.version = 1 + static_cast<std::int64_t>(i % 2), .author = "ann", .name_space = i % 3 == 0 ? "a" : "b",
                .category = "note", .tags = {"t", i % 5 == 0 ? "u" : "v"}, .created = 5, .updated = static_cast<std::int64_t>(items - i),
                .content_bytes = static_cast<std::uint32_t>(item.content.size()), .cold = cold.bytes()};
    if (i % 4 == 0) row.embedding = embedding;
    if (i % 6 == 0) row.expires = 2'000 + static_cast<std::int64_t>(i);
    batch.Add(row);
  }
  auto opened = OpenBatch(1, batch.Finish());
  FUZZ_REQUIRE(opened.has_value());
  auto run = std::make_shared<TailRun>(1);
  FUZZ_REQUIRE(run->Append(1, std::move(*opened), names).has_value());
  return run;
}

BuiltSegment Build(const std::shared_ptr<Part>& part, Chunks& chunks, SegmentPages& pages, Interner& names) {
  const std::vector<SegmentSource> sources{{part, part->ended}};
  std::vector<SourceRow> rows(part->rows());
  for (std::uint32_t row = 0; row < part->rows(); ++row) rows[row].row = row;
  const PagePlan plan;
  const WritePostings no_postings;
  const MakeIndexWriter no_indexes;
  const BuildContext context{chunks, 1, names, sources, plan, no_postings, no_indexes, pages};
  auto built = BuildSegment(context, rows);
  FUZZ_REQUIRE(built.has_value());
  return std::move(*built);
}

// The inside of a sealed blob is changed and sealed again; columns, which are none, are changed as they stand.
void Break(Bytes& bytes, std::size_t at, std::uint8_t how) {
  constexpr std::size_t kEnvelopeBytes = 16;
  const auto change = [&](Bytes& inside) {
    at %= inside.size() + 1;
    if (how == 0xff) {
      inside.resize(at);
    } else if (at < inside.size()) {
      inside[at] = static_cast<std::uint8_t>(how % 2 == 0 ? inside[at] ^ how : how);
    }
  };
  const bool sealed = bytes.size() > kEnvelopeBytes && bytes[0] == 'L' && bytes[1] == 'V' && bytes[5] == 0;
  if (!sealed) return change(bytes);
  std::uint32_t magic = 0;
  for (int i = 3; i >= 0; --i) magic = magic << 8 | bytes[static_cast<std::size_t>(i)];
  Bytes inside(bytes.begin() + kEnvelopeBytes, bytes.end());
  change(inside);
  bytes = store::SealBlob(magic, inside, store::Compression::kNever);
}

void ReadAll(StoredSegment& segment, const BuiltSegment& built) {
  Totals totals;
  static_cast<void>(segment.TakeEnded(EncodeEnded(built.ended), totals));
  static_cast<void>(segment.LoadNames());
  const auto columns = segment.Columns();
  std::vector<std::uint32_t> found;
  for (std::uint32_t row = 0; row < segment.rows() && row < 1'000; ++row) {
    const auto record = segment.Cold(row);
    if (record) static_cast<void>(DecodeCold(record->bytes));
    static_cast<void>(segment.Embedding(row));
    found.clear();
    const auto keys = segment.Keys();
    if (!keys) continue;
    (*keys)->Find(row * 0x9e3779b97f4a7c15ULL, found);
    FUZZ_REQUIRE(std::ranges::all_of(found, [&](std::uint32_t each) { return each < segment.rows(); }));
  }
  std::span<const std::uint32_t> rows;
  if (!columns) return;
  FUZZ_REQUIRE((*columns)->rows() == segment.rows());
  for (const std::uint32_t tag : (*columns)->tags) {
    if (!segment.RowsOfTag(tag, rows)) continue;
    FUZZ_REQUIRE(std::ranges::is_sorted(rows) && !rows.empty() && rows.back() < segment.rows());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  Chunks chunks;
  Interner names;
  RecordCache records({.size_bytes = 0}, MemoryBudget::Process(), SystemClock());
  SegmentPages pages(chunks, records, {.name = "fuzz", .budget = 1 << 20});
  BuiltSegment built = Build(MakeRun(1 + input.Below(120), names), chunks, pages, names);
  SegmentPages fresh(chunks, records, {.name = "fuzz", .budget = 1 << 20});
  while (!input.empty()) {
    const std::size_t which = input.Below(std::min<std::size_t>(256, chunks.chunks.size()));
    const std::size_t at = input.Number(2);
    Break(chunks.chunks[static_cast<std::int64_t>(which) + 1], at, input.Byte());
  }
  const Bytes directory = EncodeSegmentDirectory(built.directory);
  auto segment = StoredSegment::Open(1, directory, chunks, fresh, names);
  FUZZ_REQUIRE(segment.has_value());
  ReadAll(**segment, built);
  Findings findings;
  const auto saved = SalvagedPart::Make(*segment, names, findings);
  if (saved == nullptr || saved->rows() == 0) return 0;
  const BuiltSegment again = Build(saved, chunks, fresh, names);
  auto rebuilt = StoredSegment::Open(2, EncodeSegmentDirectory(again.directory), chunks, fresh, names);
  FUZZ_REQUIRE(rebuilt.has_value() && (*rebuilt)->rows() == saved->rows());
  Findings none;
  FUZZ_REQUIRE(SalvagedPart::Make(*rebuilt, names, none) != nullptr);
  FUZZ_REQUIRE(none.empty());
  ReadAll(**rebuilt, again);
  return 0;
}
