#include "columnar/partition_map.h"

#include <cstring>
#include <limits>

namespace levee::columnar {
namespace {

constexpr std::size_t kTextBytesMax = std::numeric_limits<std::int32_t>::max();

std::unexpected<Error> TooLarge() {
  return Fail(ErrorCode::kResourceExhausted, "Arrow export",
              "more than 2 GB of partition values in one batch", "ask for smaller batches");
}

template <typename Word>
inline void CopyEnds(const char* from, std::size_t size, char* to) {
  Word head, tail;
  std::memcpy(&head, from, sizeof(Word));
  std::memcpy(&tail, from + size - sizeof(Word), sizeof(Word));
  std::memcpy(to, &head, sizeof(Word));
  std::memcpy(to + size - sizeof(Word), &tail, sizeof(Word));
}

// Copies a text, a short one with two overlapping moves instead of a call.
inline void CopyText(const char* from, std::size_t size, char* to) {
  if (size > 16) {
    std::memcpy(to, from, size);
  } else if (size >= 8) {
    CopyEnds<std::uint64_t>(from, size, to);
  } else if (size >= 4) {
    CopyEnds<std::uint32_t>(from, size, to);
  } else if (size >= 2) {
    CopyEnds<std::uint16_t>(from, size, to);
  } else if (size == 1) {
    *to = *from;
  }
}

// The columns' texts row by row.
StringValues Interleave(const std::vector<const ColumnVector*>& columns, std::size_t rows,
                        std::size_t bytes) {
  StringValues out;
  out.offsets.resize(rows * columns.size() + 1);
  out.bytes.resize_and_overwrite(bytes, [bytes](char*, std::size_t) { return bytes; });
  char* const begin = out.bytes.data();
  std::uint32_t end = 0;
  std::uint32_t* to = out.offsets.data() + 1;
  for (std::size_t row = 0; row < rows; ++row) {
    for (const ColumnVector* column : columns) {
      if (column != nullptr) {
        const std::uint32_t from = column->strings.offsets[row];
        const std::uint32_t size = column->strings.offsets[row + 1] - from;
        CopyText(column->strings.bytes.data() + from, size, begin + end);
        end += size;
      }
      *to++ = end;
    }
  }
  return out;
}

Bitmap InterleaveValidity(const std::vector<const ColumnVector*>& columns, std::size_t rows) {
  bool has_nulls = false;
  for (const ColumnVector* column : columns) has_nulls |= column == nullptr || column->has_nulls();
  if (!has_nulls) return {};
  Bitmap validity(rows * columns.size());
  std::size_t entry = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    for (const ColumnVector* column : columns) {
      if (column != nullptr && column->IsValid(row)) validity.Set(entry);
      ++entry;
    }
  }
  return validity;
}

}  // namespace

ArrowSchemaNode PartitionMapMaker::Schema(std::string name) {
  ArrowSchemaNode entries{"+s", "entries", 0, {{"u", "key", 0, {}}, {"u", "value", ARROW_FLAG_NULLABLE, {}}}};
  ArrowSchemaNode map{"+m", std::move(name), ARROW_FLAG_NULLABLE, {}};
  map.children.push_back(std::move(entries));
  return map;
}

ArrowNode PartitionMapMaker::MakeKeys(std::size_t rows) {
  if (keys_ == nullptr || keys_->rows < rows) {
    Keys keys;
    keys.rows = rows;
    keys.offsets.push_back(0);
    for (std::size_t row = 0; row < rows; ++row) {
      for (const ArrowColumn::MapEntry& entry : entries_) {
        keys.bytes.append(entry.name);
        keys.offsets.push_back(static_cast<std::int32_t>(keys.bytes.size()));
      }
    }
    keys_ = std::make_shared<const Keys>(std::move(keys));
  }
  ArrowNode node;
  node.length = static_cast<std::int64_t>(rows * entries_.size());
  node.buffers = {nullptr, keys_->offsets.data(), keys_->bytes.data()};
  node.owners.push_back(keys_);
  return node;
}

Result<ArrowNode> PartitionMapMaker::MakeValues(Batch& batch, bool may_take) const {
  const types::PrimitiveType text{types::TypeKind::kString, 0, 0};
  std::vector<const ColumnVector*> columns;
  std::size_t bytes = 0;
  for (const ArrowColumn::MapEntry& entry : entries_) {
    const ColumnVector* column = std::as_const(batch).Find(entry.key);
    if (column != nullptr && column->physical != types::PhysicalType::kString) {
      return Fail(ErrorCode::kInternal, "Arrow export", "a partition value that is no text");
    }
    columns.push_back(column);
    if (column != nullptr) bytes += column->strings.bytes.size();
  }
  if (bytes > kTextBytesMax) return TooLarge();
  if (columns.size() == 1 && columns[0] != nullptr && may_take) {
    return MakeArrowNode(text, std::move(*batch.Find(entries_[0].key)));
  }
  ColumnVector values;
  values.physical = types::PhysicalType::kString;
  values.rows = batch.rows * columns.size();
  values.strings = Interleave(columns, batch.rows, bytes);
  values.validity = InterleaveValidity(columns, batch.rows);
  return MakeArrowNode(text, std::move(values));
}

Result<ArrowNode> PartitionMapMaker::Make(Batch& batch, bool may_take) {
  std::size_t key_bytes = 0;
  for (const ArrowColumn::MapEntry& entry : entries_) key_bytes += entry.name.size();
  if (key_bytes * batch.rows > kTextBytesMax) return TooLarge();
  ArrowNode entries;
  entries.length = static_cast<std::int64_t>(batch.rows * entries_.size());
  entries.buffers = {nullptr};
  entries.children.push_back(MakeKeys(batch.rows));
  LEVEE_ASSIGN(ArrowNode values, MakeValues(batch, may_take));
  entries.children.push_back(std::move(values));

  ArrowNode map;
  map.length = static_cast<std::int64_t>(batch.rows);
  std::vector<std::int32_t> offsets(batch.rows + 1);
  for (std::size_t row = 0; row <= batch.rows; ++row) {
    offsets[row] = static_cast<std::int32_t>(row * entries_.size());
  }
  map.buffers = {nullptr, Keep(std::move(offsets), map).data()};
  map.children.push_back(std::move(entries));
  return map;
}

}  // namespace levee::columnar
