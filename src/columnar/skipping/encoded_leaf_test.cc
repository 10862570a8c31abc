// Leaves over bounds as they are stored keep the rows that they keep over the same bounds decoded.
#include "columnar/skipping/encoded_leaf.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "columnar/skipping_evaluator.h"

namespace levee::columnar {
namespace {

using expr::CompareOp;
using expr::NodeKind;
using expr::SkippingNode;
using types::PhysicalType;
using types::TypeKind;
using Random = std::mt19937_64;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Reads the chunks of an encoded column; keeps what it decodes from in one place, as a store's cursor does.
class ChunkCursor final : public ColumnCursor {
 public:
  ChunkCursor(const std::vector<EncodedChunk>& chunks, std::set<std::string>& encodings)
      : chunks_(chunks), encodings_(encodings) {}
  Result<Place> Find(std::size_t block) override {
    std::size_t piece = 0;
    while (block * kBlockRows >= chunks_[piece].first_row + chunks_[piece].rows) ++piece;
    if (!reader_ || piece != piece_) {
      bytes_ = chunks_[piece].bytes;
      LEVEE_ASSIGN(auto reader, ChunkReader::Open(MemorySource(bytes_)));
      reader_.emplace(std::move(reader));
      encodings_.insert(reader_->encoding_name());
      piece_ = piece;
    }
    return Place{&*reader_, block - chunks_[piece].first_row / kBlockRows, piece};
  }
  Error Named(Error error) const override { return error; }

 private:
  const std::vector<EncodedChunk>& chunks_;
  std::set<std::string>& encodings_;
  Bytes bytes_;
  std::size_t piece_ = 0;
  std::optional<ChunkReader> reader_;
};

// Bounds of one column, decoded or as they are stored.
class Bounds final : public BoundsSource {
 public:
  Bounds(const ColumnVector& lower, const ColumnVector& upper, std::optional<Bitmap> may_be_non_null, TypeKind type)
      : lower_(lower), upper_(upper), marked_lower_(lower), marked_upper_(upper),
        may_be_non_null_(std::move(may_be_non_null)) {
    marked_lower_.MarkWords();
    marked_upper_.MarkWords();
    const auto encode = [&](ColumnRole role, const ColumnVector& values) {
      return std::move(*EncodeColumn({role, "c", {type, 0, 0}}, values, 0, values.rows)).chunks;
    };
    lower_chunks_ = encode(ColumnRole::kMin, lower);
    upper_chunks_ = encode(ColumnRole::kMax, upper);
  }

  std::size_t rows() const override { return lower_.rows; }
  Result<const ColumnVector*> Lower(const expr::ColumnRef&) override {
    return Decoded(marked ? &marked_lower_ : &lower_);
  }
  Result<const ColumnVector*> Upper(const expr::ColumnRef& column) override {
    if (column.is_partition) return Lower(column);
    return Decoded(marked ? &marked_upper_ : &upper_);
  }
  Result<const Bitmap*> MayBeNull(const expr::ColumnRef&) override { return nullptr; }
  Result<const Bitmap*> MayBeNonNull(const expr::ColumnRef&) override {
    return may_be_non_null_ ? &*may_be_non_null_ : nullptr;
  }
  bool MayBeEncoded() const override { return encoded; }
  Result<std::optional<EncodedBounds>> Encoded(const expr::ColumnRef& column, Sides needed) override {
    EncodedBounds bounds;
    if (needed.lower || column.is_partition) bounds.lower = std::make_unique<ChunkCursor>(lower_chunks_, encodings);
    if (needed.upper && !column.is_partition) bounds.upper = std::make_unique<ChunkCursor>(upper_chunks_, encodings);
    return bounds;
  }

  bool encoded = false;
  bool marked = false;
  int decoded_asked = 0;
  std::set<std::string> encodings;

 private:
  const ColumnVector* Decoded(const ColumnVector* values) {
    ++decoded_asked;
    return values;
  }

  const ColumnVector& lower_;
  const ColumnVector& upper_;
  ColumnVector marked_lower_, marked_upper_;
  std::optional<Bitmap> may_be_non_null_;
  std::vector<EncodedChunk> lower_chunks_, upper_chunks_;
};

// Shapes of values, so that each encoding is the best for one of them.
enum Shape { kAscending, kSmall, kWide, kConstant, kFewValues, kMostlyOne, kRuns, kShapes };

std::int64_t Number(Shape shape, std::size_t row, Random& random) {
  switch (shape) {
    case kAscending: return static_cast<std::int64_t>(row * row);
    case kSmall: return static_cast<std::int64_t>(random() % 100'000) * 7 - 300'000;
    case kWide: return static_cast<std::int64_t>(random());
    case kConstant: return 42;
    case kFewValues: return static_cast<std::int64_t>(random() % 37 * 1'000'003) - 5'000'000'000;
    case kMostlyOne: return random() % 20 == 0 ? static_cast<std::int64_t>(random() % 1'000'000'000) : -1;
    default: return static_cast<std::int64_t>(row / 3'000) * 1'000;
  }
}

void PushNumber(PhysicalType physical, Shape shape, std::int64_t number, Random& random, ColumnVector& column) {
  static constexpr double kOdd[] = {kNan, -kNan, kInfinity, -kInfinity, 0.0, -0.0};
  switch (physical) {
    case PhysicalType::kInt64: return column.PushInt(number);
    case PhysicalType::kDouble:
      if (shape == kWide && random() % 50 == 0) return column.PushDouble(kOdd[random() % 6]);
      return column.PushDouble(shape == kWide ? std::bit_cast<double>(number) : static_cast<double>(number) / 100);
    case PhysicalType::kString:
      if (shape == kSmall) return column.PushString(std::string(40, 'x') + std::to_string(number % 50));
      if (shape == kConstant && random() % 3 == 0) return column.PushString("");
      return column.PushString("v" + std::to_string(number));
  }
}

ColumnVector Values(PhysicalType physical, Shape shape, std::size_t rows, unsigned null_percent, Random& random) {
  ColumnVector column{.physical = physical};
  for (std::size_t row = 0; row < rows; ++row) {
    if (random() % 100 < null_percent || (null_percent > 0 && row < kBlockRows && rows > 3 * kBlockRows)) {
      column.PushNull();
    } else {
      PushNumber(physical, shape, Number(shape, row, random), random, column);
    }
  }
  return column;
}

// At or above the lower bound, as a file's greatest value is.
ColumnVector Above(const ColumnVector& lower, unsigned null_percent, Random& random) {
  ColumnVector upper{.physical = lower.physical};
  for (std::size_t row = 0; row < lower.rows; ++row) {
    if (random() % 100 < null_percent) {
      upper.PushNull();
    } else if (lower.physical == PhysicalType::kInt64) {
      const std::int64_t add = static_cast<std::int64_t>(random() % 3) * 500;
      upper.PushInt(lower.ints[row] > std::numeric_limits<std::int64_t>::max() - add ? lower.ints[row]
                                                                                    : lower.ints[row] + add);
    } else if (lower.physical == PhysicalType::kDouble) {
      upper.PushDouble(lower.doubles[row] + static_cast<double>(random() % 3));
    } else {
      upper.PushString(std::string(lower.strings[row]) + (random() % 2 == 0 ? "" : "~"));
    }
  }
  return upper;
}

types::PhysicalValue LiteralNear(const ColumnVector& values, Random& random) {
  const std::size_t row = random() % values.rows;
  switch (values.physical) {
    case PhysicalType::kInt64: {
      static constexpr std::int64_t kEdges[] = {std::numeric_limits<std::int64_t>::min(),
                                                std::numeric_limits<std::int64_t>::max(), 0, -1};
      if (random() % 6 == 0) return kEdges[random() % 4];
      const auto move = static_cast<std::uint64_t>(random() % 5) - 2;
      return static_cast<std::int64_t>(static_cast<std::uint64_t>(values.ints[row]) + move);
    }
    case PhysicalType::kDouble: {
      static constexpr double kEdges[] = {kInfinity, -kInfinity, 0.0, -0.0, kNan, 5e-324};
      if (random() % 6 == 0) return kEdges[random() % 6];
      const double value = values.doubles[row];
      return random() % 3 == 0 ? std::nextafter(value, random() % 2 == 0 ? -kInfinity : kInfinity) : value;
    }
    case PhysicalType::kString: break;
  }
  std::string text(values.strings[row]);
  if (random() % 3 == 0) text.resize(text.size() / 2);
  return text;
}

SkippingNode RandomLeaf(const expr::ColumnRef& column, const ColumnVector& values, Random& random) {
  SkippingNode leaf;
  leaf.column = column;
  const bool text = values.physical == PhysicalType::kString;
  static constexpr NodeKind kKinds[] = {NodeKind::kCompare, NodeKind::kCompare, NodeKind::kCompare, NodeKind::kIn,
                                        NodeKind::kNotIn,   NodeKind::kLike,    NodeKind::kNotLike};
  leaf.kind = kKinds[random() % (text ? 7 : 5)];
  leaf.op = static_cast<CompareOp>(random() % 6);
  const std::size_t count = leaf.kind == NodeKind::kIn || leaf.kind == NodeKind::kNotIn ? 1 + random() % 4 : 1;
  for (std::size_t i = 0; i < count; ++i) leaf.literals.push_back({column.type, LiteralNear(values, random)});
  const auto less = [](const types::Value& a, const types::Value& b) {
    if (const double* const left = std::get_if<double>(&a.physical)) {
      const double right = std::get<double>(b.physical);
      return std::isnan(right) ? !std::isnan(*left) : *left < right;
    }
    return a.physical < b.physical;
  };
  std::sort(leaf.literals.begin(), leaf.literals.end(), less);
  const auto same = [&](const types::Value& a, const types::Value& b) { return !less(a, b) && !less(b, a); };
  leaf.literals.erase(std::unique(leaf.literals.begin(), leaf.literals.end(), same), leaf.literals.end());
  if (leaf.kind == NodeKind::kLike || leaf.kind == NodeKind::kNotLike) {
    std::get<std::string>(leaf.literals[0].physical) += "%";
  }
  return leaf;
}

TypeKind TypeOf(PhysicalType physical, Random& random) {
  if (physical == PhysicalType::kInt64) return random() % 2 == 0 ? TypeKind::kLong : TypeKind::kTimestamp;
  return physical == PhysicalType::kDouble ? TypeKind::kDouble : TypeKind::kString;
}

TEST(EncodedLeaf, KeepsWhatTheDecodedOneKeeps) {
  Random random(20);
  std::set<std::string> encodings;
  int narrowed = 0;
  int evaluated_as_stored = 0;
  for (const PhysicalType physical : {PhysicalType::kInt64, PhysicalType::kDouble, PhysicalType::kString}) {
    for (int shape = 0; shape < kShapes; ++shape) {
      for (const std::size_t rows : {1ul, 63ul, 1'024ul, 5'000ul, 9'216ul}) {
        for (const unsigned null_percent : {0u, 10u, 90u}) {
          const ColumnVector lower = Values(physical, static_cast<Shape>(shape), rows, null_percent, random);
          const ColumnVector upper = Above(lower, null_percent, random);
          std::optional<Bitmap> counts;
          if (random() % 2 == 0) {
            counts = Bitmap(rows);
            for (std::size_t row = 0; row < rows; ++row) counts->Assign(row, random() % 2 == 0);
          }
          expr::ColumnRef column{"c", "c", {TypeOf(physical, random), 0, 0}, random() % 3 == 0};
          Bounds bounds(lower, upper, counts, column.type.kind);
          for (int question = 0; question < 25; ++question) {
            const SkippingNode leaf = RandomLeaf(column, random() % 2 == 0 ? lower : upper, random);
            Bitmap candidates(rows, true);
            if (random() % 3 == 0) {
              for (std::size_t row = 0; row < rows; ++row) candidates.Assign(row, row / 700 % 2 == random() % 3);
            }
            bounds.encoded = false;
            const Bitmap wanted = *EvaluateSkipping(leaf, bounds, &candidates);
            bounds.encoded = true;
            bounds.decoded_asked = 0;
            const Bitmap kept = *EvaluateSkipping(leaf, bounds, &candidates);
            evaluated_as_stored += bounds.decoded_asked == 0;
            ASSERT_TRUE(kept == wanted) << "physical " << static_cast<int>(physical) << ", shape " << shape << ", "
                                        << rows << " rows, kind " << static_cast<int>(leaf.kind) << ", operator "
                                        << static_cast<int>(leaf.op) << ", partition " << column.is_partition;
            bounds.encoded = false;
            bounds.marked = true;
            ASSERT_TRUE(*EvaluateSkipping(leaf, bounds, &candidates) == wanted);
            bounds.marked = false;
            narrowed += !(wanted == candidates);
          }
          encodings.insert(bounds.encodings.begin(), bounds.encodings.end());
        }
      }
    }
  }
  EXPECT_GT(narrowed, 2'000);
  EXPECT_GT(evaluated_as_stored, 6'000);
  for (const char* name : {"plain", "for", "delta", "sparse", "dictionary"}) EXPECT_TRUE(encodings.contains(name)) << name;
}

// A flipped bit is found as it is when the block is decoded.
TEST(EncodedLeaf, DamageIsAnError) {
  ColumnVector values{.physical = PhysicalType::kInt64};
  for (int row = 0; row < 3'000; ++row) values.PushInt(row * 31 % 977);
  EncodedColumn encoded = *EncodeColumn({ColumnRole::kMin, "c", {TypeKind::kLong, 0, 0}}, values, 0, values.rows);
  encoded.chunks[0].bytes.back() ^= 1;
  std::set<std::string> encodings;
  EncodedBounds bounds;
  bounds.lower = std::make_unique<ChunkCursor>(encoded.chunks, encodings);
  SkippingNode leaf;
  leaf.kind = NodeKind::kCompare;
  leaf.op = CompareOp::kLess;
  leaf.column = {"c", "c", {TypeKind::kLong, 0, 0}};
  leaf.literals.push_back({leaf.column.type, std::int64_t{500}});
  const auto steps = skipping::EncodedSteps(leaf, {.lower = true, .upper = false});
  ASSERT_TRUE(steps);
  Bitmap candidates(values.rows, true);
  Bitmap unknown(values.rows, true);
  const Status status = skipping::FilterEncoded(*steps, bounds, candidates, unknown);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace levee::columnar
