#include "catalog/freshness.h"

#include <optional>
#include <string>
#include <utility>

#include "base/hash.h"
#include "delta/log_listing.h"
#include "metrics/metrics.h"

namespace levee::catalog {
namespace {

std::unexpected<Error> Diverged(const store::TableRecord& record, std::int64_t version) {
  const std::string& name = record.name.empty() ? record.uri : record.name;
  return Fail(ErrorCode::kDiverged, name, "the log was rewritten below version " + std::to_string(version + 1),
              "levee forget " + name + ", then levee add " + name);
}

// The head's commit and the next are gone: clean-up may have taken them, with a checkpoint further on.
Result<LogState> AskListing(objectstore::ObjectStore& objects, const store::TableRecord& record,
                            const store::Head& head) {
  LEVEE_ASSIGN(const delta::LogListing listing, delta::ListLog(objects, head.version));
  if (!listing.folder_exists) {
    const std::string& name = record.name.empty() ? record.uri : record.name;
    return Fail(ErrorCode::kNotATable, name,
                "its log is gone: there is no " + std::string(delta::kLogFolder) + " at " + record.uri + " any more",
                "levee forget " + name + " takes it out of the store; --freshness cached still answers");
  }
  // A commit may have landed since the first request.
  if (!listing.commits.empty() && listing.commits.front().version == head.version + 1) return LogState::kAhead;
  bool at_head = false;
  for (const delta::CheckpointFiles& checkpoint : listing.checkpoints) {
    if (checkpoint.version > head.version) return LogState::kBeyondGap;
    at_head = at_head || checkpoint.version == head.version;
  }
  for (const delta::CompactedFile& compacted : listing.compacted) {
    at_head = at_head || compacted.last_version == head.version;
  }
  if (at_head && listing.commits.empty()) return LogState::kCurrent;
  return Diverged(record, head.version);
}

// Looks at the head's commit as it is now in the log.
Result<HeadCommit> JudgeHeadCommit(Context& context, objectstore::ObjectStore& objects,
                                   const store::TableRecord& record, const store::Head& head,
                                   const std::optional<objectstore::ObjectInfo>& info) {
  const std::string path = delta::CommitPath(head.version);
  if (!info) return HeadCommit::kGone;
  // The base of an import from a checkpoint without its commit has nothing to compare with.
  const bool unknown = head.fingerprint.etag.empty() && head.fingerprint.content_hash == 0;
  if (unknown || info->etag == head.fingerprint.etag) return HeadCommit::kSame;
  LEVEE_ASSIGN(const std::string content, objects.Read(path));
  if (Hash64(content) != head.fingerprint.content_hash) return Diverged(record, head.version);
  // A copied log. When the store is busy or read-only the next reader compares again.
  const store::CommitFingerprint fingerprint{info->etag, head.fingerprint.content_hash};
  if (Status set = context.store().SetFingerprint(record.id, head.version, fingerprint); !set) {
    context.Note(set.error().ToString());
  }
  return HeadCommit::kSame;
}

struct Neighbours {
  std::optional<objectstore::ObjectInfo> head, next;
};

// What is in the log of the head's commit and of the one after.
Result<Neighbours> FindNeighbours(objectstore::ObjectStore& objects, std::int64_t version) {
  Neighbours found;
  if (!objects.lists_from_name()) {
    LEVEE_ASSIGN(found.next, objects.Stat(delta::CommitPath(version + 1)));
    LEVEE_ASSIGN(found.head, objects.Stat(delta::CommitPath(version)));
    return found;
  }
  const std::string head = delta::CommitName(version), next = delta::CommitName(version + 1);
  // The head's name without its last letter is the greatest text below it that is no name in a log.
  LEVEE_ASSIGN(objectstore::ObjectPage page, objects.ListPage(delta::kLogFolder, head.substr(0, head.size() - 1)));
  for (objectstore::ObjectInfo& object : page.objects) {
    if (object.name == head) found.head = std::move(object);
    else if (object.name == next) found.next = std::move(object);
  }
  if (page.complete) return found;
  // The parts of a checkpoint stand before the commit of their version, and may fill a page. A server that begins its lists
  // anywhere fills it, too.
  if (!found.next) {
    LEVEE_ASSIGN(found.next, objects.Stat(delta::CommitPath(version + 1)));
  }
  if (!found.head) {
    LEVEE_ASSIGN(found.head, objects.Stat(delta::CommitPath(version)));
  }
  return found;
}

}  // namespace

Result<HeadCommit> VerifyHeadCommit(Context& context, objectstore::ObjectStore& objects,
                                    const store::TableRecord& record, const store::Head& head) {
  LEVEE_ASSIGN(const auto info, objects.Stat(delta::CommitPath(head.version)));
  return JudgeHeadCommit(context, objects, record, head, info);
}

Result<LogState> AskLog(Context& context, objectstore::ObjectStore& objects, const store::TableRecord& record,
                        const store::Head& head) {
  const metrics::Span span(metrics::Metric::kLookAtLogSpan);
  LEVEE_ASSIGN(const Neighbours found, FindNeighbours(objects, head.version));
  LEVEE_ASSIGN(const HeadCommit commit, JudgeHeadCommit(context, objects, record, head, found.head));
  if (found.next) return LogState::kAhead;
  if (commit == HeadCommit::kSame) return LogState::kCurrent;
  return AskListing(objects, record, head);
}

bool MustAskLog(Context& context, const store::Head& head) {
  const Freshness& freshness = context.options().freshness;
  switch (freshness.mode) {
    case Freshness::Mode::kCached: return false;
    case Freshness::Mode::kFresh: return true;
    case Freshness::Mode::kBounded: {
      const std::int64_t age_ms = context.NowMs() - head.last_sync_ms;
      return age_ms < 0 || age_ms >= freshness.bound_ms;  // a clock that went back proves nothing
    }
  }
  return true;
}

void NoteUnaskedAge(Context& context, const store::TableRecord& record, const store::Head& head) {
  const std::int64_t age_ms = context.NowMs() - head.last_sync_ms;
  std::string age = std::to_string(age_ms / 1000) + "." + std::to_string(age_ms % 1000 / 100) + " s";
  const std::string& name = record.name.empty() ? record.uri : record.name;
  context.NoteOnce(record.id, name + ": the log was not asked; the answer may be " + std::move(age) + " behind");
}

}  // namespace levee::catalog
