// `dictionary` of strings: the distinct ones in the chunk's header, packed codes in the blocks.
//
// Header: varint number of texts, their packed lengths, their bytes; in byte order, so that codes compare as
// texts.
#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "columnar/encodings/makers.h"
#include "columnar/encodings/packed_integers.h"
#include "columnar/encodings/string_block.h"
#include "columnar/encodings/text_table.h"

namespace levee::columnar {
namespace {

constexpr std::size_t kEntriesMax = 4096;
// The dictionary stands in each chunk's header and is read whole to open the chunk.
constexpr std::size_t kTextBytesMax = 64 * 1024;

class Encoder : public StringEncoder {
 public:
  explicit Encoder(TextTable table) : table_(std::move(table)) {
    order_.resize(table_.size());
    std::iota(order_.begin(), order_.end(), 0);
    std::sort(order_.begin(), order_.end(),
              [this](std::uint32_t a, std::uint32_t b) { return table_.texts()[a] < table_.texts()[b]; });
    ranks_.resize(table_.size());
    for (std::uint32_t rank = 0; rank < order_.size(); ++rank) ranks_[order_[rank]] = rank;
  }

  void EncodeBlock(const StringSlice& values, ByteWriter& out) override {
    std::array<std::int64_t, kBlockRows> codes;
    for (std::size_t i = 0; i < values.rows; ++i) codes[i] = ranks_[table_.CodeOf(values[i])];
    PutPackedIntegers(std::span(codes).first(values.rows), out);
  }

  Bytes Header() const override {
    std::vector<std::int64_t> lengths;
    for (const std::uint32_t code : order_)
      lengths.push_back(static_cast<std::int64_t>(table_.texts()[code].size()));
    ByteWriter out;
    out.PutVarint(lengths.size());
    PutPackedIntegers(lengths, out);
    for (const std::uint32_t code : order_) out.PutBytes(AsBytes(table_.texts()[code]));
    return out.Take();
  }

 private:
  TextTable table_;
  std::vector<std::uint32_t> order_;  // rank -> code
  std::vector<std::uint32_t> ranks_;  // code -> rank
};

class Decoder : public StringDecoder {
 public:
  // The texts' bytes are followed by kSlack, so that a short text is copied in one go.
  static constexpr std::size_t kSlack = 32;

  Decoder(std::vector<std::uint32_t> offsets, std::string bytes)
      : offsets_(std::move(offsets)), bytes_(std::move(bytes)) {}

  Status DecodeBlock(ByteSpan block, std::size_t block_rows, StringValues& out) const override {
    if (block_rows > kBlockRows) return CorruptBlock("codes that are cut short");
    std::array<std::int64_t, kBlockRows> codes;
    LEVEE_RETURN_IF_ERROR(DecodeCodes(block, std::span(codes).first(block_rows)));
    return Expand(std::span(codes).first(block_rows), out);
  }

  bool AppendDictionary(StringValues& out) const override {
    for (std::size_t i = 0; i + 1 < offsets_.size(); ++i) {
      out.PushBack(std::string_view(bytes_).substr(offsets_[i], offsets_[i + 1] - offsets_[i]));
    }
    return true;
  }

  Status DecodeCodes(ByteSpan block, std::span<std::int64_t> codes) const override {
    ByteReader reader(block);
    const auto packed = PackedIntegers::Parse(reader, codes.size());
    if (!packed) return CorruptBlock("codes that are cut short");
    packed->Unpack(codes.data());
    std::uint64_t highest = 0;
    for (const std::int64_t code : codes) highest = std::max(highest, static_cast<std::uint64_t>(code));
    if (!codes.empty() && highest >= offsets_.size() - 1) return CorruptBlock("a code beyond its dictionary");
    return {};
  }

  Status DecodeRows(ByteSpan block, std::size_t block_rows, std::span<const std::uint32_t> rows,
                    StringValues& out) const override {
    ByteReader reader(block);
    const auto codes = PackedIntegers::Parse(reader, block_rows);
    if (!codes) return CorruptBlock("codes that are cut short");
    for (const std::uint32_t row : rows) {
      const auto code = static_cast<std::uint64_t>((*codes)[row]);
      if (code >= offsets_.size() - 1) return CorruptBlock("a code beyond its dictionary");
      out.PushBack(std::string_view(bytes_).substr(offsets_[code], offsets_[code + 1] - offsets_[code]));
    }
    return {};
  }

 private:
  Status Expand(std::span<const std::int64_t> codes, StringValues& out) const {
    const std::size_t at = out.offsets.size();
    const std::uint32_t begin = out.offsets.back();
    std::uint64_t total = 0;
    for (const std::int64_t code : codes) total += offsets_[code + 1] - offsets_[code];
    LEVEE_ASSIGN(char* text, GrowText(out, total + kSlack));
    out.offsets.resize(at + codes.size());
    std::uint32_t end = 0;
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const std::uint32_t from = offsets_[codes[i]];
      const std::uint32_t size = offsets_[codes[i] + 1] - from;
      std::memcpy(text + end, bytes_.data() + from, kSlack);
      if (size > kSlack) [[unlikely]]
        std::memcpy(text + end, bytes_.data() + from, size);
      end += size;
      out.offsets[at + i] = begin + end;
    }
    out.bytes.resize(begin + end);
    return {};
  }

  std::vector<std::uint32_t> offsets_;
  std::string bytes_;
};

}  // namespace

std::unique_ptr<StringEncoder> MakeStringDictionaryEncoder(const StringSlice& values) {
  TextTable table;
  for (std::size_t row = 0; row < values.rows; ++row) {
    table.CodeOf(values[row]);
    if (table.size() > kEntriesMax || table.total_bytes() > kTextBytesMax) return nullptr;
    // Nearly all distinct so far: a dictionary would only repeat them.
    if (row == kBlockRows && table.size() > kBlockRows / 2) return nullptr;
  }
  return std::make_unique<Encoder>(std::move(table));
}

Result<std::unique_ptr<StringDecoder>> MakeStringDictionaryDecoder(ByteSpan header) {
  ByteReader reader(header);
  const std::uint64_t count = reader.GetVarint();
  if (!reader.ok() || count > kEntriesMax) return CorruptBlock("a dictionary of a wrong size");
  const auto packed = PackedIntegers::Parse(reader, count);
  if (!packed) return CorruptBlock("a dictionary that is cut short");
  std::vector<std::uint32_t> offsets{0};
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto length = static_cast<std::uint64_t>((*packed)[i]);
    if (length > kTextBytesMax) return CorruptBlock("a dictionary text that is too long");
    offsets.push_back(static_cast<std::uint32_t>(total += length));
  }
  std::string bytes(AsText(reader.GetBytes(total)));
  if (!reader.ok()) return CorruptBlock("a dictionary that is cut short");
  bytes.resize(bytes.size() + Decoder::kSlack);
  return std::make_unique<Decoder>(std::move(offsets), std::move(bytes));
}

}  // namespace levee::columnar
