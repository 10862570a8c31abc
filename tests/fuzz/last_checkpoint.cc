// Input: names of files in _delta_log, a line each, up to a NUL byte; then what _last_checkpoint says.
//
// Levee takes nothing from that file, a hint that may be stale: whatever it says, the log is read as if it were not there.
#include <sstream>

#include "delta/log_listing.h"
#include "tests/fakes/memory_object_store.h"
#include "tests/fuzz/fuzz.h"

using namespace levee;
using namespace levee::delta;

// What a plan comes to, or why there is none.
static std::string Planned(const LogListing& listing, std::optional<std::int64_t> version) {
  const auto plan = PlanReplay(listing, version, {});
  if (!plan) return plan.error().ToString();
  std::string text = std::to_string(plan->version) + (plan->checkpoint ? " on " + plan->checkpoint->Id() : "");
  std::int64_t last = plan->checkpoint ? plan->checkpoint->version : -1;
  for (const CommitFile& commit : plan->commits) {
    FUZZ_REQUIRE(commit.version > last || !plan->compacted.empty());
    last = commit.version;
    text += " " + std::to_string(commit.version);
  }
  for (const CompactedFile& compacted : plan->compacted) {
    FUZZ_REQUIRE(compacted.first_version <= compacted.last_version);
    text += " " + compacted.object.name;
  }
  FUZZ_REQUIRE(!version || plan->version == *version);
  return text;
}

static std::string Read(objectstore::ObjectStore& log) {
  const auto listing = ListLog(log, 0);
  FUZZ_REQUIRE(listing.has_value());
  std::string text = Planned(*listing, std::nullopt);
  for (std::int64_t version = 0; version < 4; ++version) text += "\n" + Planned(*listing, version);
  for (const CheckpointFiles& checkpoint : listing->checkpoints) {
    FUZZ_REQUIRE(!checkpoint.parts.empty());
    text += "\n" + Planned(*listing, checkpoint.version);
  }
  return text;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  std::istringstream names(input.Text('\0'));
  fakes::MemoryObjectStore log;
  int files = 0;
  for (std::string name; std::getline(names, name) && files < 64; ++files) {
    const bool plain = !name.empty() && name.find('/') == std::string::npos;
    if (plain && name != "_last_checkpoint") log.Put("_delta_log/" + name, "");
  }
  // A folder with the hint alone is there all the same, and so is one with a file that means nothing.
  log.Put("_delta_log/note", "");
  const std::string without = Read(log);
  log.Put("_delta_log/_last_checkpoint", input.Rest());
  FUZZ_REQUIRE(Read(log) == without);
  return 0;
}
