#include "columnar/arrow_array.h"

#include <array>
#include <cstring>
#include <limits>

namespace levee::columnar {
namespace {

// What an exported array's private_data holds; children are released by their own callbacks.
struct ArrayHolder {
  ArrowNode node;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> child_pointers;
};

struct SchemaHolder {
  ArrowSchemaNode node;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> child_pointers;
};

template <typename Holder, typename Exported>
void Release(Exported* exported) {
  auto* const holder = static_cast<Holder*>(exported->private_data);
  // A consumer may have moved a child out: then its callback is gone.
  for (auto& child : holder->children) {
    if (child.release != nullptr) child.release(&child);
  }
  exported->release = nullptr;
  delete holder;
}

// The vector as it is.
template <typename T>
void AddBuffer(std::vector<T> values, ArrowNode& node) {
  node.buffers.push_back(Keep(std::move(values), node).data());
}

template <typename To, typename From>
void AddConverted(const std::vector<From>& values, ArrowNode& node) {
  AddBuffer(std::vector<To>(values.begin(), values.end()), node);
}

void AddBooleans(const std::vector<std::int64_t>& values, ArrowNode& node) {
  Bitmap bits(values.size());
  for (std::size_t row = 0; row < values.size(); ++row) {
    bits.words()[row / 64] |= static_cast<std::uint64_t>(values[row] != 0) << (row % 64);
  }
  AddBuffer(std::move(bits.words()), node);
}

using Decimal128 = std::array<std::int64_t, 2>;  // low, high

void AddDecimals(const ColumnVector& values, ArrowNode& node) {
  std::vector<Decimal128> decimals(values.rows);
  for (std::size_t row = 0; row < values.rows; ++row) {
    if (values.physical == types::PhysicalType::kInt64) {
      decimals[row] = {values.ints[row], values.ints[row] >> 63};
    } else if (values.IsValid(row)) {
      const types::Int128 unscaled = types::DecodeWideDecimal(values.strings[row]);
      decimals[row] = {static_cast<std::int64_t>(unscaled), static_cast<std::int64_t>(unscaled >> 64)};
    }
  }
  AddBuffer(std::move(decimals), node);
}

void AddStrings(StringValues strings, ArrowNode& node) {
  // Unsigned below 2^31 has the same bits as Arrow's signed offsets.
  AddBuffer(std::move(strings.offsets), node);
  node.buffers.push_back(Keep(std::move(strings.bytes), node).data());
}

Status AddValues(types::PrimitiveType type, ColumnVector values, ArrowNode& node) {
  using types::TypeKind;
  switch (type.kind) {
    case TypeKind::kBoolean: AddBooleans(values.ints, node); return {};
    case TypeKind::kByte: AddConverted<std::int8_t>(values.ints, node); return {};
    case TypeKind::kShort: AddConverted<std::int16_t>(values.ints, node); return {};
    case TypeKind::kInteger:
    case TypeKind::kDate: AddConverted<std::int32_t>(values.ints, node); return {};
    case TypeKind::kLong:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: AddBuffer(std::move(values.ints), node); return {};
    case TypeKind::kFloat: AddConverted<float>(values.doubles, node); return {};
    case TypeKind::kDouble: AddBuffer(std::move(values.doubles), node); return {};
    case TypeKind::kDecimal: AddDecimals(values, node); return {};
    default: break;
  }
  if (values.strings.bytes.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    return Fail(ErrorCode::kResourceExhausted, "Arrow export",
                "more than 2 GB of text in one column of a batch", "ask for smaller batches");
  }
  AddStrings(std::move(values.strings), node);
  return {};
}

}  // namespace

void MoveToArrowArray(ArrowNode node, ArrowArray* out) {
  auto* const holder = new ArrayHolder{std::move(node), {}, {}};
  holder->children.resize(holder->node.children.size());
  for (std::size_t i = 0; i < holder->children.size(); ++i) {
    MoveToArrowArray(std::move(holder->node.children[i]), &holder->children[i]);
    holder->child_pointers.push_back(&holder->children[i]);
  }
  *out = ArrowArray{};
  out->length = holder->node.length;
  out->null_count = holder->node.null_count;
  out->n_buffers = static_cast<std::int64_t>(holder->node.buffers.size());
  out->buffers = holder->node.buffers.data();
  out->n_children = static_cast<std::int64_t>(holder->child_pointers.size());
  out->children = holder->child_pointers.data();
  out->release = Release<ArrayHolder, ArrowArray>;
  out->private_data = holder;
}

void MoveToArrowSchema(ArrowSchemaNode node, ArrowSchema* out) {
  auto* const holder = new SchemaHolder{std::move(node), {}, {}};
  holder->children.resize(holder->node.children.size());
  for (std::size_t i = 0; i < holder->children.size(); ++i) {
    MoveToArrowSchema(std::move(holder->node.children[i]), &holder->children[i]);
    holder->child_pointers.push_back(&holder->children[i]);
  }
  *out = ArrowSchema{};
  out->format = holder->node.format.c_str();
  out->name = holder->node.name.c_str();
  out->flags = holder->node.flags;
  out->n_children = static_cast<std::int64_t>(holder->child_pointers.size());
  out->children = holder->child_pointers.data();
  out->release = Release<SchemaHolder, ArrowSchema>;
  out->private_data = holder;
}

std::string ArrowFormatOf(types::PrimitiveType type) {
  using types::TypeKind;
  switch (type.kind) {
    case TypeKind::kBoolean: return "b";
    case TypeKind::kByte: return "c";
    case TypeKind::kShort: return "s";
    case TypeKind::kInteger: return "i";
    case TypeKind::kLong: return "l";
    case TypeKind::kFloat: return "f";
    case TypeKind::kDouble: return "g";
    case TypeKind::kDecimal: return "d:" + std::to_string(type.precision) + "," + std::to_string(type.scale);
    case TypeKind::kDate: return "tdD";
    case TypeKind::kTimestamp: return "tsu:UTC";
    case TypeKind::kTimestampNtz: return "tsu:";
    case TypeKind::kString: return "u";
    default: return "z";
  }
}

void AddValidity(Bitmap validity, ArrowNode& node) {
  const std::size_t there = validity.Count();
  node.null_count = node.length - static_cast<std::int64_t>(there);
  const bool has_nulls = validity.size() != 0 && node.null_count != 0;
  if (!has_nulls) node.null_count = 0;
  node.buffers.insert(node.buffers.begin(),
                      has_nulls ? Keep(std::move(validity.words()), node).data() : nullptr);
}

Result<ArrowNode> MakeArrowNode(types::PrimitiveType type, ColumnVector values) {
  if (values.physical != types::PhysicalTypeOf(type)) {
    return Fail(ErrorCode::kInternal, "Arrow export", "a column of another type than its key says");
  }
  ArrowNode node;
  node.length = static_cast<std::int64_t>(values.rows);
  Bitmap validity = values.validity;
  LEVEE_RETURN_IF_ERROR(AddValues(type, std::move(values), node));
  AddValidity(std::move(validity), node);
  return node;
}

ArrowNode MakeNullNode(types::PrimitiveType type, std::size_t rows) {
  ColumnVector nulls;
  nulls.physical = types::PhysicalTypeOf(type);
  nulls.rows = rows;
  nulls.validity = Bitmap(rows);
  switch (nulls.physical) {
    case types::PhysicalType::kInt64: nulls.ints.resize(rows); break;
    case types::PhysicalType::kDouble: nulls.doubles.resize(rows); break;
    case types::PhysicalType::kString: nulls.strings.offsets.resize(rows + 1); break;
  }
  // Of the right physical type and without text: it can't fail.
  return *MakeArrowNode(type, std::move(nulls));
}

}  // namespace levee::columnar
