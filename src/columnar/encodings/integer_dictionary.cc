// `dictionary` of integers: the distinct values in the chunk's header, packed codes in the blocks.
//
// Header: varint number of values, then the values in ascending order, packed.
#include <algorithm>
#include <array>
#include <vector>

#include "columnar/encodings/makers.h"
#include "columnar/encodings/packed_integers.h"
#include "columnar/segment.h"

namespace levee::columnar {
namespace {

// A dictionary beyond this many values would not save bits over a frame of reference often enough.
constexpr std::size_t kEntriesMax = 512;
constexpr std::size_t kSlots = 2048;  // a power of two, above twice kEntriesMax

// The distinct values of a column, in order of first appearance, found by hashing.
class DistinctValues {
 public:
  DistinctValues() { slots_.fill(kFree); }

  // False when there are too many.
  bool Add(std::span<const std::int64_t> values) {
    std::int64_t last = 0;
    bool have_last = false;
    for (const std::int64_t value : values) {
      if (have_last && value == last) continue;
      last = value;
      have_last = true;
      std::uint16_t& slot = Find(value);
      if (slot != kFree) continue;
      if (values_.size() == kEntriesMax) return false;
      slot = static_cast<std::uint16_t>(values_.size());
      values_.push_back(value);
    }
    return true;
  }

  // Orders the values; codes are their ranks from now on.
  void Sort() {
    std::sort(values_.begin(), values_.end());
    slots_.fill(kFree);
    for (std::size_t code = 0; code < values_.size(); ++code)
      Find(values_[code]) = static_cast<std::uint16_t>(code);
  }

  std::int64_t CodeOf(std::int64_t value) { return Find(value); }
  const std::vector<std::int64_t>& values() const { return values_; }

 private:
  static constexpr std::uint16_t kFree = 0xffff;

  std::uint16_t& Find(std::int64_t value) {
    std::size_t at = (static_cast<std::uint64_t>(value) * 0x9e3779b97f4a7c15u) >> 53;
    while (slots_[at] != kFree && values_[slots_[at]] != value) at = (at + 1) % kSlots;
    return slots_[at];
  }

  std::array<std::uint16_t, kSlots> slots_;
  std::vector<std::int64_t> values_;
};

class Encoder : public IntegerEncoder {
 public:
  explicit Encoder(std::unique_ptr<DistinctValues> distinct) : distinct_(std::move(distinct)) {
    distinct_->Sort();
  }

  void EncodeBlock(std::span<const std::int64_t> values, ByteWriter& out) override {
    std::array<std::int64_t, kBlockRows> codes;
    for (std::size_t i = 0; i < values.size(); ++i) codes[i] = distinct_->CodeOf(values[i]);
    PutPackedIntegers(std::span(codes).first(values.size()), out);
  }

  Bytes Header() const override {
    ByteWriter out;
    out.PutVarint(distinct_->values().size());
    PutPackedIntegers(distinct_->values(), out);
    return out.Take();
  }

 private:
  std::unique_ptr<DistinctValues> distinct_;
};

class Decoder : public IntegerDecoder {
 public:
  explicit Decoder(std::vector<std::int64_t> values)
      : values_(std::move(values)), ascending_(std::is_sorted(values_.begin(), values_.end())) {}

  Status DecodeBlock(ByteSpan block, std::span<std::int64_t> out) const override {
    ByteReader reader(block);
    const auto codes = PackedIntegers::Parse(reader, out.size());
    if (!codes) return CorruptBlock("codes that are cut short");
    if (codes->is_constant() && !out.empty()) {
      const auto code = static_cast<std::uint64_t>((*codes)[0]);
      if (code >= values_.size()) return CorruptBlock("a code beyond its dictionary");
      std::fill(out.begin(), out.end(), values_[code]);
      return {};
    }
    codes->Unpack(out.data());
    std::uint64_t highest = 0;
    for (const std::int64_t code : out) highest = std::max(highest, static_cast<std::uint64_t>(code));
    if (!out.empty() && highest >= values_.size()) return CorruptBlock("a code beyond its dictionary");
    for (std::int64_t& value : out) value = values_[static_cast<std::size_t>(value)];
    return {};
  }

  Status DecodeRows(ByteSpan block, std::size_t block_rows, std::span<const std::uint32_t> rows,
                    std::int64_t* out) const override {
    ByteReader reader(block);
    const auto codes = PackedIntegers::Parse(reader, block_rows);
    if (!codes) return CorruptBlock("codes that are cut short");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto code = static_cast<std::uint64_t>((*codes)[rows[i]]);
      if (code >= values_.size()) return CorruptBlock("a code beyond its dictionary");
      out[i] = values_[code];
    }
    return {};
  }

  // Codes ascend as the values do: a range of values is a range of codes.
  Result<bool> KeepWithin(ByteSpan block, std::size_t block_rows, const RangeFilter& filter,
                          std::span<std::uint64_t> kept) const override {
    if (!ascending_ || values_.empty()) return false;
    if (!filter.comparable.Covers({values_.front(), values_.back()})) return false;
    ByteReader reader(block);
    const auto codes = PackedIntegers::Parse(reader, block_rows);
    if (!codes) return CorruptBlock("codes that are cut short");
    const auto first = std::lower_bound(values_.begin(), values_.end(), filter.keep.low);
    const auto last = std::upper_bound(values_.begin(), values_.end(), filter.keep.high);
    const IntegerRange keep{first - values_.begin(), last - values_.begin() - 1};
    return codes->KeepWithin({.keep = keep, .comparable = {.low = 0}}, kept);
  }

 private:
  std::vector<std::int64_t> values_;
  bool ascending_;
};

}  // namespace

std::unique_ptr<IntegerEncoder> MakeIntegerDictionaryEncoder(std::span<const std::int64_t> values) {
  auto distinct = std::make_unique<DistinctValues>();
  if (!distinct->Add(values)) return nullptr;
  return std::make_unique<Encoder>(std::move(distinct));
}

Result<std::unique_ptr<IntegerDecoder>> MakeIntegerDictionaryDecoder(ByteSpan header) {
  ByteReader reader(header);
  const std::uint64_t count = reader.GetVarint();
  if (!reader.ok() || count > kEntriesMax) return CorruptBlock("a dictionary of a wrong size");
  const auto packed = PackedIntegers::Parse(reader, count);
  if (!packed) return CorruptBlock("a dictionary that is cut short");
  std::vector<std::int64_t> values(count);
  packed->Unpack(values.data());
  return std::make_unique<Decoder>(std::move(values));
}

}  // namespace levee::columnar
