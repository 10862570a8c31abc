#include "store/sql/remove_action.h"

#include "base/hex.h"
#include "columnar/entry_order.h"
#include "store/sql/batch_append.h"
#include "store/sql/removals.h"

namespace levee::store {
namespace {

using columnar::Batch;
using columnar::ColumnRole;
using columnar::ColumnVector;

std::string QuoteJson(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += {'\\', c};
    } else if (byte < 0x20) {
      quoted += "\\u00";
      AppendHex(quoted, byte);
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

// Puts "path" in front of the residual object's fields.
std::string WithPath(std::string_view residual, std::string_view path) {
  std::string json = "{\"path\":" + QuoteJson(path);
  const std::size_t open = residual.find('{');
  const std::size_t first = open == std::string_view::npos ? open : residual.find_first_not_of(" \t\n\r", open + 1);
  if (first == std::string_view::npos || residual[first] == '}') return json + "}";
  return json + "," + std::string(residual.substr(first));
}

// What extendedFileMetadata says that a remove action has.
bool IsExtended(ColumnRole role) {
  switch (role) {
    case ColumnRole::kSize:
    case ColumnRole::kPartition:
    case ColumnRole::kTags:
    case ColumnRole::kBaseRowId:
    case ColumnRole::kDefaultRowCommitVersion: return true;
    default: return false;
  }
}

void ClearRow(ColumnVector& values, std::size_t row) {
  if (!values.has_nulls()) values.validity = Bitmap(values.rows, true);
  values.validity.Clear(row);
}

}  // namespace

Batch RemoveActionColumns(const Batch& removes, const std::vector<std::uint32_t>& rows,
                          const std::vector<std::string_view>& entry_paths) {
  Batch kept;
  kept.rows = removes.rows;
  for (const columnar::BatchColumn& column : removes.columns) {
    if (IsRemoveRole(column.key.role)) kept.columns.push_back(column);
  }
  kept = columnar::GatherRows(kept, rows);
  kept.rows = rows.size();
  const ColumnVector* path = removes.Find(ColumnRole::kPath);
  const auto differs = [&](std::size_t i) { return path->strings[rows[i]] != entry_paths[i]; };
  bool any = false;
  for (std::size_t i = 0; i < rows.size() && !any; ++i) any = differs(i);
  if (!any) return kept;
  ColumnVector& residual = kept.FindOrAdd(columnar::PlainKey(ColumnRole::kRemoveResidual));
  ColumnVector changed;
  changed.physical = types::PhysicalType::kString;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string_view old = residual.IsValid(i) ? residual.strings[i] : std::string_view();
    if (differs(i)) {
      changed.PushString(WithPath(old, path->strings[rows[i]]));
    } else {
      residual.IsValid(i) ? changed.PushString(old) : changed.PushNull();
    }
  }
  residual = std::move(changed);
  return kept;
}

void MakeRemoveActions(Batch& entries) {
  const ColumnVector* extended = entries.Find(ColumnRole::kExtendedFileMetadata);
  for (columnar::BatchColumn& column : entries.columns) {
    if (!IsExtended(column.key.role)) continue;
    for (std::size_t row = 0; row < entries.rows; ++row) {
      const bool has = extended != nullptr && extended->IsValid(row) && extended->ints[row] != 0;
      if (!has) ClearRow(column.values, row);
    }
  }
}

}  // namespace levee::store
