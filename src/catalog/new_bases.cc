#include "catalog/new_bases.h"

#include <algorithm>
#include <string>

#include "delta/checkpoint_reader.h"

namespace levee::catalog {
namespace {

bool Has(const delta::CheckpointState& checkpoint, delta::StateKind kind) {
  return std::ranges::any_of(checkpoint.state, [&](const delta::StateAction& action) { return action.kind == kind; });
}

}  // namespace

Result<std::optional<BrokenBase>> FindBrokenBase(Context& context, objectstore::ObjectStore& objects,
                                                 const NewCommits& found) {
  if (found.checkpoints.empty()) return std::optional<BrokenBase>();
  auto parquet = context.load_parquet()();
  // The commits say everything, and a program without Parquet can read those.
  if (!parquet) return std::optional<BrokenBase>();
  for (auto checkpoint = found.checkpoints.rbegin(); checkpoint != found.checkpoints.rend(); ++checkpoint) {
    const auto state = delta::ReadCheckpointState(objects, **parquet, *checkpoint);
    if (!state) continue;  // an import passes it over as well
    const bool protocol = Has(*state, delta::StateKind::kProtocol);
    if (protocol && Has(*state, delta::StateKind::kMetadata)) break;
    return BrokenBase{checkpoint->version,
                      {.code = ErrorCode::kCorrupt, .what = std::string(objects.uri()),
                       .why = "the checkpoint of version " + std::to_string(checkpoint->version) + " has no " +
                              (protocol ? "metaData" : "protocol") + " action"}};
  }
  return std::optional<BrokenBase>();
}

}  // namespace levee::catalog
