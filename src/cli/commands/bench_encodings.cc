// `bench encodings`: what each encoding makes of the columns of a table of the user's own.
#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands/bench_modes.h"
#include "cli/option_values.h"
#include "cli/record_rows.h"
#include "cli/table_view.h"
#include "columnar/encoding_trial.h"
#include "columnar/segment.h"
#include "output/human_text.h"
#include "types/schema.h"

namespace levee::cli {
namespace {

using columnar::ColumnRole;
using output::Cell;

constexpr std::array<std::string_view, 4> kOptionNames{"version", "timestamp", "limit", "format"};

std::string_view RoleName(ColumnRole role) {
  switch (role) {
    case ColumnRole::kPath: return "path";
    case ColumnRole::kSize: return "size";
    case ColumnRole::kModificationTime: return "modificationTime";
    case ColumnRole::kDataChange: return "dataChange";
    case ColumnRole::kPartition: return "partitionValues";
    case ColumnRole::kPartitionValue: return "typed partitionValues";
    case ColumnRole::kNumRecords: return "numRecords";
    case ColumnRole::kTightBounds: return "tightBounds";
    case ColumnRole::kMin: return "min";
    case ColumnRole::kMax: return "max";
    case ColumnRole::kNullCount: return "nulls";
    case ColumnRole::kStatsForm: return "form of stats";
    case ColumnRole::kStatsResidual: return "other stats";
    case ColumnRole::kTags: return "tags";
    case ColumnRole::kBaseRowId: return "baseRowId";
    case ColumnRole::kDefaultRowCommitVersion: return "defaultRowCommitVersion";
    case ColumnRole::kClusteringProvider: return "clusteringProvider";
    case ColumnRole::kActionResidual: return "other fields";
    case ColumnRole::kDvStorageType: return "deletionVector.storageType";
    case ColumnRole::kDvPathOrInline: return "deletionVector.pathOrInlineDv";
    case ColumnRole::kDvOffset: return "deletionVector.offset";
    case ColumnRole::kDvSizeInBytes: return "deletionVector.sizeInBytes";
    case ColumnRole::kDvCardinality: return "deletionVector.cardinality";
    case ColumnRole::kAddedVersion: return "addedVersion";
    default: return "";  // not of entries that are alive
  }
}

std::string ColumnName(const columnar::ColumnKey& key) {
  std::string name(RoleName(key.role));
  if (key.path.empty()) return name;
  name += '.';
  for (const char c : key.path) name += c == types::kPathSeparator ? '.' : c;
  return name;
}

std::vector<columnar::ColumnKey> EntryColumns(const std::vector<columnar::ColumnKey>& stored) {
  std::vector<columnar::ColumnKey> columns;
  for (const columnar::ColumnKey& key : stored) {
    if (!RoleName(key.role).empty()) columns.push_back(key);
  }
  return columns;
}

// The files of the first segment's worth, in the order in which the store keeps them.
Result<columnar::Batch> ReadFiles(const catalog::View& view, std::vector<columnar::ColumnKey> columns,
                                  std::int64_t limit) {
  catalog::FilesRequest request;
  request.columns = std::move(columns);
  request.limit = limit;
  LEVEE_ASSIGN(const auto stream, view.Files(request, nullptr));
  columnar::Batch all;
  for (;;) {
    LEVEE_ASSIGN(const auto batch, stream->Next());
    if (batch == nullptr) return all;
    if (all.columns.empty()) {
      all = std::move(*batch);
      continue;
    }
    for (std::size_t i = 0; i < all.columns.size(); ++i) {
      all.columns[i].values.AppendRange(batch->columns[i].values, 0, batch->rows);
    }
    all.rows += batch->rows;
  }
}

Cell Decimal(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return Cell::Json(text.data());
}

// Megabytes (10^6) of plain values a second.
Cell Speed(std::size_t bytes, std::int64_t time_ns) {
  if (time_ns <= 0) return {};
  return Decimal(static_cast<double>(bytes) * 1e3 / static_cast<double>(time_ns));
}

}  // namespace

Outcome RunBenchEncodings(Context& context) {
  LEVEE_RETURN_IF_ERROR(AllowOnly(context.line, "bench encodings", kOptionNames));
  LEVEE_ASSIGN(const auto limit, IntegerOption(context.line, "limit", 1));
  LEVEE_ASSIGN(const auto rows, MakeRecordRows(context, {{"column"}, {"encoding"}, {"chosen"}, {"plainBytes", true},
                                                         {"encodedBytes", true}, {"ratio", true},
                                                         {"encodeMBps", true}, {"decodeMBps", true},
                                                         {"randomAccess"}}));
  LEVEE_ASSIGN(const std::unique_ptr<catalog::View> view, OpenChosenView(context, context.line.arguments[1]));
  LEVEE_ASSIGN(const auto stored, view->StoredColumns());
  constexpr auto kMost = static_cast<std::int64_t>(columnar::kSegmentRowsMax);
  LEVEE_ASSIGN(const columnar::Batch files,
               ReadFiles(*view, EntryColumns(stored), std::min(limit.value_or(kMost), kMost)));
  std::size_t plain_total = 0, encoded_total = 0;
  for (const columnar::BatchColumn& column : files.columns) {
    if (column.values.has_nulls() && column.values.validity.None()) continue;  // nothing of it is kept
    const std::size_t plain = columnar::PlainBytes(column.values, 0, files.rows);
    LEVEE_ASSIGN(const auto trials, columnar::TryEncodings(column.values, 0, files.rows, context.clock));
    for (const columnar::EncodingTrial& trial : trials) {
      if (trial.chosen) {
        plain_total += plain;
        encoded_total += trial.encoded_bytes;
      }
      LEVEE_RETURN_IF_ERROR(rows->Write(
          {Cell::Text(ColumnName(column.key)), Cell::Text(std::string(trial.encoding)), Cell::Bool(trial.chosen),
           Cell::Size(static_cast<std::int64_t>(plain)), Cell::Size(static_cast<std::int64_t>(trial.encoded_bytes)),
           Decimal(static_cast<double>(plain) / static_cast<double>(std::max<std::size_t>(trial.encoded_bytes, 1))),
           Speed(plain, trial.encode_ns), Speed(plain, trial.decode_ns), Cell::Bool(trial.random_access)}));
    }
  }
  LEVEE_RETURN_IF_ERROR(rows->Finish());
  LEVEE_RETURN_IF_ERROR(context.out.Flush());
  context.console.Note(output::GroupedNumber(static_cast<std::int64_t>(files.rows)) + " files: " +
                       output::HumanSize(static_cast<std::int64_t>(plain_total)) + " plain, " +
                       output::HumanSize(static_cast<std::int64_t>(encoded_total)) + " as a segment keeps them");
  return kExitDone;
}

}  // namespace levee::cli
