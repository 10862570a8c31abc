// `delta`: the first value, then the packed differences of neighbours. For sorted keys.
#include <array>

#include "columnar/encodings/makers.h"
#include "columnar/encodings/packed_integers.h"
#include "columnar/segment.h"

namespace levee::columnar {
namespace {

// Differences wrap modulo 2^64, so that any pair of neighbours has one.
std::int64_t Difference(std::int64_t to, std::int64_t from) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from));
}

class Encoder : public IntegerEncoder {
 public:
  // The differences keep the block's number of rows (the first is the second's, a difference that is
  // there anyway), so that a full block gets the layout of a full block.
  void EncodeBlock(std::span<const std::int64_t> values, ByteWriter& out) override {
    if (values.empty()) return;
    std::array<std::int64_t, kBlockRows> differences;
    for (std::size_t i = 1; i < values.size(); ++i) differences[i] = Difference(values[i], values[i - 1]);
    differences[0] = values.size() > 1 ? differences[1] : 0;
    out.PutVarint(ZigZag(Difference(values[0], differences[0])));
    PutPackedIntegers(std::span(differences).first(values.size()), out);
  }
};

class Decoder : public IntegerDecoder {
 public:
  Status DecodeBlock(ByteSpan block, std::span<std::int64_t> out) const override {
    if (out.empty()) return {};
    ByteReader reader(block);
    auto value = static_cast<std::uint64_t>(UnZigZag(reader.GetVarint()));
    const auto differences = PackedIntegers::Parse(reader, out.size());
    if (!differences) return CorruptBlock("a delta block that is cut short");
    differences->Unpack(out.data());
    for (std::int64_t& row : out) {
      value += static_cast<std::uint64_t>(row);
      row = static_cast<std::int64_t>(value);
    }
    return {};
  }
};

}  // namespace

std::unique_ptr<IntegerEncoder> MakeDeltaEncoder(std::span<const std::int64_t>) {
  return std::make_unique<Encoder>();
}

Result<std::unique_ptr<IntegerDecoder>> MakeDeltaDecoder(ByteSpan) { return std::make_unique<Decoder>(); }

}  // namespace levee::columnar
