// `sparse`: one value that most rows have, a bitmap of the others, and those packed.
//
// Block: zigzag varint of the dominating value; varint number of others; if there are any, a bitmap of
// the block's rows (8 bytes a 64 rows) and the packed others in row order.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "columnar/encodings/makers.h"
#include "columnar/encodings/packed_integers.h"
#include "columnar/segment.h"

namespace levee::columnar {
namespace {

constexpr std::size_t kWords = kBlockRows / 64;

// The value of more than half of the rows, if there is one (Boyer and Moore's vote), else any.
std::int64_t Majority(std::span<const std::int64_t> values) {
  std::int64_t candidate = 0;
  std::size_t votes = 0;
  for (const std::int64_t value : values) {
    if (votes == 0) candidate = value;
    votes += value == candidate ? 1 : std::size_t(-1);
  }
  return candidate;
}

class Encoder : public IntegerEncoder {
 public:
  void EncodeBlock(std::span<const std::int64_t> values, ByteWriter& out) override {
    const std::int64_t dominating = Majority(values);
    std::array<std::uint64_t, kWords> present{};
    std::array<std::int64_t, kBlockRows> others;
    std::size_t count = 0;
    for (std::size_t row = 0; row < values.size(); ++row) {
      const bool is_other = values[row] != dominating;
      others[count] = values[row];
      count += is_other;
      present[row >> 6] |= std::uint64_t{is_other} << (row & 63);
    }
    out.PutVarint(ZigZag(dominating));
    out.PutVarint(count);
    if (count == 0) return;
    for (std::size_t word = 0; word < (values.size() + 63) / 64; ++word) out.Put(present[word]);
    PutPackedIntegers(std::span(others).first(count), out);
  }
};

struct View {
  std::int64_t dominating = 0;
  std::size_t others_count = 0;
  std::array<std::uint64_t, kWords> present{};
  std::optional<PackedIntegers> others;
};

Result<View> ParseBlock(ByteSpan block, std::size_t rows) {
  View view;
  ByteReader reader(block);
  view.dominating = UnZigZag(reader.GetVarint());
  view.others_count = reader.GetVarint();
  if (!reader.ok() || view.others_count > rows) return CorruptBlock("a sparse block with a wrong count");
  if (view.others_count == 0) return view;
  std::size_t set = 0;
  for (std::size_t word = 0; word < (rows + 63) / 64; ++word) {
    view.present[word] = reader.Get<std::uint64_t>();
    set += static_cast<std::size_t>(std::popcount(view.present[word]));
  }
  if (rows % 64 != 0 && (view.present[rows / 64] >> (rows % 64)) != 0) set = 0;
  view.others = PackedIntegers::Parse(reader, view.others_count);
  if (set != view.others_count || !view.others) return CorruptBlock("a sparse block that does not add up");
  return view;
}

class Decoder : public IntegerDecoder {
 public:
  Status DecodeBlock(ByteSpan block, std::span<std::int64_t> out) const override {
    LEVEE_ASSIGN(const View view, ParseBlock(block, out.size()));
    std::fill(out.begin(), out.end(), view.dominating);
    if (!view.others) return {};
    std::array<std::int64_t, kBlockRows> others;
    view.others->Unpack(others.data());
    std::size_t next = 0;
    for (std::size_t word = 0; word < (out.size() + 63) / 64; ++word) {
      for (std::uint64_t bits = view.present[word]; bits != 0; bits &= bits - 1) {
        out[word * 64 + static_cast<std::size_t>(std::countr_zero(bits))] = others[next++];
      }
    }
    return {};
  }

  Status DecodeRows(ByteSpan block, std::size_t block_rows, std::span<const std::uint32_t> rows,
                    std::int64_t* out) const override {
    LEVEE_ASSIGN(const View view, ParseBlock(block, block_rows));
    std::size_t word = 0;
    std::size_t before = 0;  // others in the words before `word`
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (; word < rows[i] / 64; ++word)
        before += static_cast<std::size_t>(std::popcount(view.present[word]));
      const std::uint64_t bit = std::uint64_t{1} << (rows[i] & 63);
      const bool is_other = (view.present[word] & bit) != 0;
      const auto rank = before + static_cast<std::size_t>(std::popcount(view.present[word] & (bit - 1)));
      out[i] = is_other ? (*view.others)[rank] : view.dominating;
    }
    return {};
  }

  // The dominating value is compared once, and each of the others.
  Result<bool> KeepWithin(ByteSpan block, std::size_t block_rows, const RangeFilter& filter,
                          std::span<std::uint64_t> kept) const override {
    LEVEE_ASSIGN(const View view, ParseBlock(block, block_rows));
    if (!filter.comparable.Has(view.dominating)) return false;
    std::array<std::int64_t, kBlockRows> others;
    if (view.others) view.others->Unpack(others.data());
    for (std::size_t i = 0; i < view.others_count; ++i) {
      if (!filter.comparable.Has(others[i])) return false;
    }
    const std::uint64_t dominating = filter.keep.Has(view.dominating) ? ~std::uint64_t{0} : 0;
    std::size_t next = 0;
    for (std::size_t word = 0; word < (block_rows + 63) / 64; ++word) {
      std::uint64_t passing = dominating & ~view.present[word];
      for (std::uint64_t bits = view.present[word]; bits != 0; bits &= bits - 1) {
        if (filter.keep.Has(others[next++])) passing |= bits & -bits;
      }
      kept[word] &= passing;
    }
    return true;
  }
};

}  // namespace

std::unique_ptr<IntegerEncoder> MakeSparseEncoder(std::span<const std::int64_t> values) {
  // Worth trying only where half of some rows are alike.
  const auto sample = values.first(std::min(values.size(), kBlockRows));
  const std::int64_t candidate = Majority(sample);
  const auto same = static_cast<std::size_t>(std::count(sample.begin(), sample.end(), candidate));
  if (same * 2 < sample.size()) return nullptr;
  return std::make_unique<Encoder>();
}

Result<std::unique_ptr<IntegerDecoder>> MakeSparseDecoder(ByteSpan) { return std::make_unique<Decoder>(); }

}  // namespace levee::columnar
