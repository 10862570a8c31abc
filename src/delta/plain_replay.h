// The log replayed in the plainest way: every file read whole, one after another, into maps. What the
// fast paths are checked against; it shares only the parsing of actions with them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/status.h"
#include "delta/actions.h"
#include "delta/log_listing.h"
#include "objectstore/parquet_source.h"

namespace levee::delta {

// Canonical path and deletion vector's unique id.
using PlainFileKey = std::pair<std::string, std::string>;

struct PlainState {
  std::int64_t version = 0;
  Protocol protocol;
  Metadata metadata;
  std::map<std::string, std::string> transactions;  // appId to the txn action's JSON
  std::map<std::string, std::string> domains;       // live domains to the domainMetadata action's JSON
  std::map<PlainFileKey, AddAction> files;          // statistics of a checkpoint's structs as JSON
  std::map<PlainFileKey, RemoveAction> tombstones;
};

// Sees the file actions of a replay in their order, instead of the state's maps.
class ReplayVisitor {
 public:
  virtual ~ReplayVisitor() = default;
  // A replay begins; what was seen before does not count.
  virtual void Start() = 0;
  // Takes the place of what has its key.
  virtual void Add(const AddAction& add) = 0;
  virtual void Remove(const RemoveAction& remove) = 0;
};

// Replays a plan. `parquet` may be null when the plan has no Parquet checkpoint. kCorrupt without a
// protocol or metaData action; kUnsupported when the protocol is beyond this program.
// `checkpoint_failed`, when given, tells whether it was the checkpoint that could not be read.
Result<PlainState> ReplayPlainly(objectstore::ObjectStore& store, objectstore::ParquetSource* parquet,
                                 const ReplayPlan& plan, bool* checkpoint_failed = nullptr);

// The same for tables of any size: `visitor` gets the files, and the state has none.
Result<PlainState> ReplayPlainly(objectstore::ObjectStore& store, objectstore::ParquetSource* parquet,
                                 const ReplayPlan& plan, ReplayVisitor& visitor,
                                 bool* checkpoint_failed = nullptr);

// Lists, plans and replays; a corrupt checkpoint is passed over for an older one or the log. One that is
// sound but says nothing of protocol or metaData is no reason to look further: the table is refused.
Result<PlainState> ReplayTablePlainly(objectstore::ObjectStore& store, objectstore::ParquetSource* parquet,
                                      std::optional<std::int64_t> version);

}  // namespace levee::delta
