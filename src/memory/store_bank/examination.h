// Looks at all that the store has of a segment or batch, each time from the disk.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/memory_budget.h"
#include "memory/bank/salvaged_part.h"
#include "memory/store_bank/text_index.h"
#include "store/bank.h"

namespace levee::memory {

// What is read with, apart from what the bank itself has in memory. Outlives what was examined with it.
struct FreshReading {
  FreshReading(store::BankStore& store, const TextIndex& like)
      : store(store), pages(store, records, {.name = "memory examination", .budget = 8u << 20}), text(like, pages) {}

  store::BankStore& store;
  RecordCache records{{.size_bytes = 0}, MemoryBudget::Process(), SystemClock()};
  SegmentPages pages;
  Interner names;
  TextIndex text;
};

struct ExaminedSegment {
  std::string name;
  Findings findings;
  std::shared_ptr<StoredSegment> segment;  // null: its directory cannot be read
  std::shared_ptr<SalvagedPart> part;      // null: nor can its rows
  std::optional<EndedRecord> ended;        // by rows of the segment; nothing: it cannot be read
};

// Records against their checksums; columns, keys, sums and posting lists against the records. Costs reading all of it and
// indexing its texts.
ExaminedSegment ExamineSegment(const store::BankSegment& record, FreshReading& reading);

// kCorrupt names the batch.
Status ExamineBatch(const store::BankBatch& batch);

}  // namespace levee::memory
