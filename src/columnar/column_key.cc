#include "columnar/column_key.h"

#include <string_view>
#include <tuple>

namespace levee::columnar {
namespace {

types::TypeKind PlainKind(ColumnRole role) {
  switch (role) {
    case ColumnRole::kPath:
    case ColumnRole::kPartition:
    case ColumnRole::kStatsResidual:
    case ColumnRole::kTags:
    case ColumnRole::kClusteringProvider:
    case ColumnRole::kActionResidual:
    case ColumnRole::kDvStorageType:
    case ColumnRole::kDvPathOrInline:
    case ColumnRole::kRemoveResidual: return types::TypeKind::kString;
    case ColumnRole::kDataChange:
    case ColumnRole::kTightBounds:
    case ColumnRole::kRemoveDataChange:
    case ColumnRole::kExtendedFileMetadata: return types::TypeKind::kBoolean;
    default: return types::TypeKind::kLong;
  }
}

auto OrderOf(const ColumnKey& key) {
  return std::tuple(key.role, std::string_view(key.path), key.type.kind, key.type.precision, key.type.scale);
}

}  // namespace

ColumnKey PlainKey(ColumnRole role) { return {role, {}, {PlainKind(role), 0, 0}}; }

bool KeyLess(const ColumnKey& a, const ColumnKey& b) { return OrderOf(a) < OrderOf(b); }

}  // namespace levee::columnar
