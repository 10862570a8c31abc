#include "memory/statistics/record.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/hash.h"

namespace levee::memory {
namespace {

constexpr std::uint32_t kMagic = 0x534d564c;  // "LVMS"
constexpr std::size_t kHeadBytes = 12;        // magic, size, checksum
constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kSlowMax = 20, kTextBytesMax = 500;

void Put(ByteWriter& writer, std::int64_t value) { writer.PutVarint(static_cast<std::uint64_t>(value)); }
std::int64_t Get(ByteReader& reader) { return static_cast<std::int64_t>(reader.GetVarint()); }

// The figures of a record that are plain numbers, in the order of the format.
template <typename Record>
auto NumbersOf(Record& record) {
  return std::array{&record.from, &record.until, &record.process, &record.items, &record.content_bytes, &record.store_bytes,
                    &record.index_bytes, &record.cache_bytes, &record.process_bytes, &record.activity.lock_waits,
                    &record.activity.lock_wait_ns, &record.activity.lock_wait_max_ns, &record.activity.cache_hits,
                    &record.activity.cache_misses, &record.activity.cache_evictions};
}

void PutFigures(ByteWriter& writer, const OperationFigures& figures) {
  Put(writer, figures.errors);
  Put(writer, figures.items);
  Put(writer, figures.max_ns);
  Put(writer, figures.durations.sum_ns);
  const auto& counts = figures.durations.counts;
  writer.PutVarint(static_cast<std::uint64_t>(std::ranges::count_if(counts, [](std::int64_t count) { return count != 0; })));
  for (std::size_t bucket = 0; bucket < counts.size(); ++bucket) {
    if (counts[bucket] == 0) continue;
    writer.PutVarint(bucket);
    Put(writer, counts[bucket]);
  }
}

// False: that is no histogram of this program.
bool GetFigures(ByteReader& reader, OperationFigures& figures) {
  figures.errors = Get(reader);
  figures.items = Get(reader);
  figures.max_ns = Get(reader);
  figures.durations.sum_ns = Get(reader);
  for (std::uint64_t left = reader.GetVarint(); left > 0 && reader.ok(); --left) {
    const std::uint64_t bucket = reader.GetVarint();
    const std::int64_t count = Get(reader);
    if (bucket >= figures.durations.counts.size()) return false;
    figures.durations.counts[bucket] = count;
    figures.durations.count += count;
  }
  return reader.ok();
}

// Cut where a character ends.
std::string_view Cut(std::string_view text) {
  if (text.size() <= kTextBytesMax) return text;
  std::size_t end = kTextBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

std::optional<StatisticsRecord> DecodePayload(ByteSpan payload) {
  ByteReader reader(payload);
  if (reader.GetVarint() != kVersion) return std::nullopt;
  StatisticsRecord record;
  for (std::int64_t* number : NumbersOf(record)) *number = Get(reader);
  for (std::uint64_t left = reader.GetVarint(); left > 0 && reader.ok(); --left) {
    const std::uint64_t kind = reader.GetVarint();
    OperationFigures figures;
    if (!GetFigures(reader, figures)) return std::nullopt;
    if (kind < kOperationNames.size()) record.activity.operations[kind] = figures;  // of a later program otherwise
  }
  for (std::uint64_t left = reader.GetVarint(); left > 0 && reader.ok(); --left) {
    SlowOperation& slow = record.slow.emplace_back();
    slow.at = Get(reader);
    slow.operation = reader.GetText();
    slow.text = reader.GetText();
    slow.duration_us = static_cast<double>(Get(reader)) / 1000;
    slow.rows_examined = Get(reader);
    slow.plan = reader.GetText();
  }
  if (!reader.ok()) return std::nullopt;
  return record;
}

}  // namespace

Bytes EncodeRecord(const StatisticsRecord& record) {
  ByteWriter payload;
  payload.PutVarint(kVersion);
  for (const std::int64_t* number : NumbersOf(record)) Put(payload, *number);
  const auto& operations = record.activity.operations;
  const auto called = [](const OperationFigures& figures) { return figures.durations.count > 0; };
  payload.PutVarint(static_cast<std::uint64_t>(std::ranges::count_if(operations, called)));
  for (std::size_t kind = 0; kind < operations.size(); ++kind) {
    if (!called(operations[kind])) continue;
    payload.PutVarint(kind);
    PutFigures(payload, operations[kind]);
  }
  const std::size_t kept = std::min(record.slow.size(), kSlowMax);
  payload.PutVarint(kept);
  for (std::size_t i = record.slow.size() - kept; i < record.slow.size(); ++i) {
    const SlowOperation& slow = record.slow[i];
    Put(payload, slow.at);
    payload.PutText(slow.operation);
    payload.PutText(Cut(slow.text));
    Put(payload, static_cast<std::int64_t>(slow.duration_us * 1000));
    Put(payload, slow.rows_examined);
    payload.PutText(Cut(slow.plan));
  }
  ByteWriter frame;
  frame.Put(kMagic);
  frame.Put(static_cast<std::uint32_t>(payload.size()));
  frame.Put(Checksum32(payload.bytes()));
  frame.PutBytes(payload.bytes());
  return frame.Take();
}

std::vector<StatisticsRecord> DecodeRecords(ByteSpan frames) {
  std::vector<StatisticsRecord> records;
  for (std::size_t at = 0; at + kHeadBytes <= frames.size();) {
    ByteReader reader(frames.subspan(at));
    const auto magic = reader.Get<std::uint32_t>();
    const auto size = reader.Get<std::uint32_t>();
    const auto checksum = reader.Get<std::uint32_t>();
    const ByteSpan payload = reader.GetBytes(size);
    if (magic != kMagic || !reader.ok() || Checksum32(payload) != checksum) {
      ++at;  // what follows damage is found again by its magic number
      continue;
    }
    if (auto record = DecodePayload(payload)) records.push_back(std::move(*record));
    at += kHeadBytes + size;
  }
  return records;
}

}  // namespace levee::memory
