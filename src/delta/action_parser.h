// Parses lines of actions: of commits, of compacted files and of JSON checkpoints.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "delta/commit_reader.h"

namespace levee::delta {

// A pointer to a file with part of a V2 checkpoint's actions.
struct SidecarAction {
  std::string path;
  std::int64_t size_bytes = 0;
};

// Parses every line of `text` into `content`; `sidecars` may be null. kCorrupt names the line.
Status ParseActions(std::string text, CommitContent& content, std::vector<SidecarAction>* sidecars);

// What identifies a state action among those of its kind: appId of a txn, domain of a domainMetadata.
Result<std::string> StateKey(StateKind kind, std::string_view body_json);

}  // namespace levee::delta
