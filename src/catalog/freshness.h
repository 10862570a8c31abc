// Asks a table's log whether the store still stands on it, and whether there is more.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "catalog/context.h"
#include "objectstore/object_store.h"
#include "store/store.h"

namespace levee::catalog {

enum class LogState : std::uint8_t {
  kCurrent,     // nothing newer than the head
  kAhead,       // commit head+1 is there
  kBeyondGap,   // the head's commit and the one after are gone, but newer versions can be read from a checkpoint
};

// Does commit V+1 exist, and is commit V the one that was synced: when all is well two requests, or one where a list
// begins at a name. A changed etag is no change when the content is the same. kDiverged when it is not.
Result<LogState> AskLog(Context& context, objectstore::ObjectStore& objects, const store::TableRecord& record,
                        const store::Head& head);

// What became of the head's commit.
enum class HeadCommit : std::uint8_t { kSame, kGone };

// kDiverged when a commit of that version is there with other content.
Result<HeadCommit> VerifyHeadCommit(Context& context, objectstore::ObjectStore& objects,
                                    const store::TableRecord& record, const store::Head& head);

// Whether the log must be asked before an answer, as the freshness option says.
bool MustAskLog(Context& context, const store::Head& head);

// For people: how old an answer that did not ask the log may be.
void NoteUnaskedAge(Context& context, const store::TableRecord& record, const store::Head& head);

}  // namespace levee::catalog
