#include "output/arrow_format.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "types/schema.h"

namespace levee::output {
namespace {

using columnar::ArrowColumn;
using columnar::ColumnRole;

struct DvPart {
  const char* name;
  ColumnRole role;
};
constexpr std::array kDvParts{DvPart{"storageType", ColumnRole::kDvStorageType},
                              DvPart{"pathOrInlineDv", ColumnRole::kDvPathOrInline},
                              DvPart{"offset", ColumnRole::kDvOffset},
                              DvPart{"sizeInBytes", ColumnRole::kDvSizeInBytes},
                              DvPart{"cardinality", ColumnRole::kDvCardinality}};

ArrowColumn PartitionMap(const FileField& field) {
  ArrowColumn column{.name = field.name, .kind = ArrowColumn::Kind::kPartitionMap};
  for (const std::string& path : field.partition_columns) {
    std::string name = path;
    std::replace(name.begin(), name.end(), types::kPathSeparator, '.');
    column.entries.push_back({std::move(name), PartitionKey(path)});
  }
  return column;
}

}  // namespace

std::vector<ArrowColumn> ArrowColumnsOf(const std::vector<FileField>& fields) {
  std::vector<ArrowColumn> columns;
  for (const FileField& field : fields) {
    if (field.kind == FileFieldKind::kPartitionValues) {
      columns.push_back(PartitionMap(field));
    } else if (field.kind == FileFieldKind::kDeletionVector) {
      for (const DvPart& part : kDvParts) {
        columns.push_back({.name = field.name + '.' + part.name, .key = columnar::PlainKey(part.role)});
      }
    } else if (const std::optional<columnar::ColumnKey> key = ColumnOf(field)) {
      columns.push_back({.name = field.name, .key = *key});
    }
  }
  return columns;
}

Status WriteArrow(std::unique_ptr<columnar::BatchStream> batches, const std::vector<FileField>& fields,
                  BufferedWriter& writer) {
  const columnar::ByteSink sink = [&writer](ByteSpan bytes) {
    writer.Append(AsText(bytes));
    return writer.status();
  };
  return columnar::WriteArrowIpc(std::move(batches), ArrowColumnsOf(fields), sink);
}

}  // namespace levee::output
