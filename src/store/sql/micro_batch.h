// A batch as one small blob: commits' tails, removals, tombstones, tiny tables. See docs/formats/store.md.
#pragma once

#include <functional>

#include "base/bytes.h"
#include "columnar/batch.h"
#include "store/sql/dictionary.h"

namespace levee::store {

using ColumnNumbering = std::function<std::uint32_t(const columnar::ColumnKey&)>;

// Appends the columns; those that are null in every row are left out.
void WriteBatch(const columnar::Batch& batch, const ColumnNumbering& id_of, ByteWriter& writer);
// Reads what WriteBatch wrote; kCorrupt names `what`.
Result<columnar::Batch> ReadBatch(ByteReader& reader, const Dictionary& dictionary, const std::string& what);

// The same as a blob of its own.
Bytes EncodeMicroBatch(const columnar::Batch& batch, const ColumnNumbering& id_of);
Result<columnar::Batch> DecodeMicroBatch(ByteSpan blob, const Dictionary& dictionary, const std::string& what);

}  // namespace levee::store
