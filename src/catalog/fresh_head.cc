#include "catalog/fresh_head.h"

#include <string>
#include <utility>

#include "catalog/catch_up.h"
#include "catalog/first_import.h"
#include "catalog/freshness.h"

namespace levee::catalog {
namespace {

Result<FreshHead> ImportOnFirstUse(Context& context, const std::string& uri, const VersionChoice& choice) {
  auto imported = ImportNewTable(context, {.uri = uri});
  std::optional<Error> stopped_by;
  if (!imported) {
    const ErrorCode code = imported.error().code;
    const bool unreadable = code == ErrorCode::kUnsupported || code == ErrorCode::kCorrupt;
    if (!unreadable || !choice.version) return std::unexpected(std::move(imported).error());
    // An older version may still be readable.
    stopped_by = imported.error();
    imported = ImportNewTable(context, {.uri = uri, .to_version = choice.version});
    if (!imported) return std::unexpected(std::move(imported).error());
  }
  return FreshHead{.record = std::move(imported->record), .head = std::move(imported->head),
                   .stopped_by = std::move(stopped_by)};
}

// For `bounded`: the log was asked, whatever it said. A store that is busy does without.
void RememberAsked(Context& context, const store::TableRecord& record) {
  if (context.options().freshness.mode != Freshness::Mode::kBounded) return;
  if (Status touched = context.store().TouchSync(record.id, context.NowMs()); !touched) {
    context.Note(touched.error().ToString());
  }
}

}  // namespace

Result<FreshHead> ReachFreshHead(Context& context, std::string_view table, const VersionChoice& choice) {
  LEVEE_ASSIGN(LocatedTable located, Locate(context, table));
  if (!located.head) return ImportOnFirstUse(context, located.table.uri, choice);
  FreshHead fresh{.record = std::move(*located.table.record), .head = std::move(*located.head)};
  const bool old_version = choice.version && *choice.version <= fresh.head.version;
  if (!MustAskLog(context, fresh.head)) {
    if (!old_version) NoteUnaskedAge(context, fresh.record, fresh.head);
    return fresh;
  }
  if (old_version) {
    LEVEE_ASSIGN(const auto objects, context.Objects(fresh.record.uri));
    auto verified = VerifyHeadCommit(context, *objects, fresh.record, fresh.head);
    if (!verified) return std::unexpected(std::move(verified).error());
    return fresh;
  }
  LEVEE_ASSIGN(CatchUpOutcome caught_up, CatchUp(context, fresh.record, fresh.head, {}));
  if (caught_up.commits == 0 && !caught_up.stopped_by) RememberAsked(context, fresh.record);
  if (caught_up.imported) {
    LEVEE_ASSIGN(auto record, context.store().FindTableByUri(fresh.record.uri));
    if (record) fresh.record = std::move(*record);
  }
  fresh.head = std::move(caught_up.head);
  fresh.stopped_by = std::move(caught_up.stopped_by);
  return fresh;
}

}  // namespace levee::catalog
