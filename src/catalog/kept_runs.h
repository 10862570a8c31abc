// The two files that keep an import's runs for a later one, should this one be killed.
//
// One process at a time has them, by a lock on the manifest that ends with the process.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/status.h"
#include "columnar/run_file.h"
#include "catalog/run_manifest.h"

namespace levee::catalog {

// Names the files: PREFIX.import-INCARNATION-PLAN.manifest and .runs.
struct RunsPlace {
  std::string prefix;            // path of the store, or one in the spill folder that stands for it
  std::int64_t incarnation = 0;  // of the table
  Hash128 plan;
};

using NoteSink = std::function<void(const std::string&)>;

// Append and the file's methods are thread-safe.
class KeptRuns {
 public:
  // Makes the files. Null when they are there already, which means that another process is at it. kIo names the folder.
  static Result<std::unique_ptr<KeptRuns>> Create(const RunsPlace& place);
  // Opens what an import of the same plan left, fit to go on with. Null when there is none or another process
  // has it; what is of no use is removed, and a note says so.
  static Result<std::unique_ptr<KeptRuns>> Reopen(const RunsPlace& place, const NoteSink& note);
  // Leaves the files for a later import, unless Remove was called.
  ~KeptRuns();
  KeptRuns(const KeptRuns&) = delete;
  KeptRuns& operator=(const KeptRuns&) = delete;

  columnar::RunFile& file() { return *file_; }
  // What Reopen found; every byte of its runs is verified.
  const RunManifest& found() const { return found_; }
  // Writes an encoded record. What it names must be in the file already.
  Status Append(const Bytes& record);
  void Remove();

 private:
  KeptRuns(std::string stem, int manifest) : stem_(std::move(stem)), manifest_(manifest) {}
  // False when the files are of no use.
  Result<bool> Load(const Hash128& plan, const NoteSink& note);

  const std::string stem_;  // path without ".manifest"
  const int manifest_;
  std::unique_ptr<columnar::RunFile> file_;
  RunManifest found_;
  std::mutex mutex_;
  std::uint64_t end_ = 0;  // of the manifest; guarded by mutex_
};

// Removes kept runs, but those that a process is at work with: of other plans of the place's table, and of
// tables that `is_known` does not know.
void RemoveStaleRuns(const RunsPlace& place, const std::function<bool(std::int64_t incarnation)>& is_known,
                     const NoteSink& note);

// Removes all kept runs of a table that is forgotten.
void RemoveRunsOf(const std::string& prefix, std::int64_t incarnation);

}  // namespace levee::catalog
