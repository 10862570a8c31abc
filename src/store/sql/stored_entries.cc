#include "store/sql/stored_entries.h"

#include "store/sql/micro_batch.h"
#include "store/sql/query.h"

namespace levee::store {

Result<columnar::Batch> ReadWholeSegment(SegmentReader& reader, ReadSession& session, const Dictionary& dictionary,
                                         const SegmentInfo& info) {
  LEVEE_ASSIGN(const auto directory, reader.Directory(session, info.id));
  columnar::Batch batch;
  batch.rows = static_cast<std::size_t>(info.rows);
  for (const std::uint32_t id : directory->Columns()) {
    if (id >= dictionary.size()) {
      return Fail(ErrorCode::kCorrupt, "segment " + std::to_string(info.id), "its directory names an unknown column");
    }
    // Indexes are made anew with each segment.
    if (columnar::IsIndexRole(dictionary.key(id).role)) continue;
    columnar::BatchColumn column;
    column.key = dictionary.key(id);
    column.values.physical = types::PhysicalTypeOf(column.key.type);
    LEVEE_RETURN_IF_ERROR(reader.AppendAll(session, {info.id, id, column.values.physical}, column.values));
    if (column.values.rows != batch.rows) {
      return Fail(ErrorCode::kCorrupt, "segment " + std::to_string(info.id),
                  "column " + std::to_string(id) + " has not all rows");
    }
    batch.columns.push_back(std::move(column));
  }
  return batch;
}

Result<columnar::Batch> ReadMicroSegment(ReadSession& session, const Dictionary& dictionary, std::int64_t segment_id) {
  static constexpr char kReadBody[] = "SELECT body FROM segments WHERE segment_id=?1";
  const std::string what = "segment " + std::to_string(segment_id);
  LEVEE_ASSIGN(Connection * connection, session.Connect());
  LEVEE_ASSIGN(Query query, Query::Make(*connection, kReadBody, segment_id));
  LEVEE_ASSIGN(const bool row, query.Step());
  if (!row) return Fail(ErrorCode::kNotFound, what, "it is gone");
  return DecodeMicroBatch(query.Blob(0), dictionary, what);
}

Result<columnar::Batch> ReadSegment(SegmentReader& reader, ReadSession& session, const Dictionary& dictionary,
                                    const SegmentInfo& info) {
  return info.format == SegmentFormat::kMicro ? ReadMicroSegment(session, dictionary, info.id)
                                              : ReadWholeSegment(reader, session, dictionary, info);
}

}  // namespace levee::store
