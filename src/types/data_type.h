// The types of the Delta protocol ("Schema Serialization Format").
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace levee::types {

// The numbers reach the disk: append, never renumber.
enum class TypeKind : std::uint8_t {
  kBoolean = 1,
  kByte = 2,
  kShort = 3,
  kInteger = 4,
  kLong = 5,
  kFloat = 6,
  kDouble = 7,
  kDecimal = 8,
  kString = 9,
  kBinary = 10,
  kDate = 11,          // days since 1970-01-01
  kTimestamp = 12,     // microseconds since 1970-01-01T00:00:00Z
  kTimestampNtz = 13,  // microseconds since 1970-01-01T00:00:00, no zone
  kVariant = 14,
  kStruct = 15,
  kArray = 16,
  kMap = 17,
  kUnknown = 18,  // a type name this program does not know (e.g. "void"); its columns have no statistics
};

// A type without children.
struct PrimitiveType {
  TypeKind kind = TypeKind::kUnknown;
  std::uint8_t precision = 0;  // decimals only, 1 to 38
  std::uint8_t scale = 0;      // decimals only, 0 to precision

  friend bool operator==(const PrimitiveType&, const PrimitiveType&) = default;
};

// How values of a primitive type stand in memory and on disk.
enum class PhysicalType : std::uint8_t {
  kInt64 = 1,   // boolean (0, 1), integers, date, timestamps, decimals up to 18 digits (unscaled)
  kDouble = 2,  // float and double
  kString = 3,  // string, binary; decimals beyond 18 digits as 16 bytes, big-endian two's
                // complement of the unscaled value with the sign bit flipped, so that byte
                // order is the order of values
};

PhysicalType PhysicalTypeOf(PrimitiveType type);

// The protocol's name: "long", "decimal(10,2)", "timestamp_ntz".
std::string TypeName(PrimitiveType type);

// The reverse of TypeName; kUnknown for any other text.
PrimitiveType ParsePrimitiveType(std::string_view name);

// True if each value of `from` is also one of `to` under type widening (table feature
// `typeWidening`), so that statistics kept as `from` may be read as `to`. True if equal.
bool CanWiden(PrimitiveType from, PrimitiveType to);

struct Field;

// A type with its children. Immutable once built; cheap to copy.
struct DataType {
  PrimitiveType primitive;                           // kind alone for struct, array, map
  std::shared_ptr<const std::vector<Field>> fields;  // struct: its fields; array: one, "element";
                                                     // map: two, "key" and "value"
  TypeKind kind() const { return primitive.kind; }
};

struct Field {
  std::string name;
  DataType type;
  bool nullable = true;
  std::string physical_name;            // delta.columnMapping.physicalName, else the name
  std::int64_t column_mapping_id = -1;  // delta.columnMapping.id, else -1
  bool was_float = false;               // delta.typeChanges has a change from float
  std::string metadata_json = "{}";     // the field's metadata as the log has it
};

}  // namespace levee::types
