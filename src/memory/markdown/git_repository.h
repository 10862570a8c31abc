// Commits what changed in a folder, with the git program.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/schedule.h"
#include "memory/markdown/child_process.h"
#include "memory/markdown/markdown_bank.h"

namespace levee::memory {

struct GitOptions {
  std::string program = "git";
  bool init = false;      // make a repository where there is none
  int batch_ms = 0;       // commit what changed that often; 0: with each write
  std::function<void(const std::string& note)> on_note;  // hears of commits that failed; from any thread
};

// Thread-safe. A commit that fails (somebody else has the index) is told and tried again with the next; no write fails for it. What
// is left is committed at the end. Hooks and signing are left out: nobody is there to answer. What else stands in the repository's
// index is committed too.
class GitRepository final : public FolderListener {
 public:
  // STORAGE_ERROR: there is no repository, or no git.
  static Result<std::unique_ptr<GitRepository>> Open(const std::string& folder, GitOptions options);
  ~GitRepository() override;

  void Changed(const std::vector<std::string>& paths, const std::string& why) override;
  // Commits what is not yet.
  Status Flush();

 private:
  GitRepository(std::string folder, GitOptions options) : folder_(std::move(folder)), options_(std::move(options)) {}
  Result<ChildResult> Git(const std::vector<std::string>& words, std::string_view input = {}) const;
  Status Prepare();
  Status Commit(const std::set<std::string>& paths, const std::string& message) const;
  void FlushAndTell();

  const std::string folder_;
  const GitOptions options_;
  std::vector<std::string> identity_;  // options that name an author where git knows none
  std::mutex commits_;                 // one commit at a time
  std::mutex mutex_;
  std::set<std::string> paths_;        // this and below guarded by mutex_
  std::vector<std::string> reasons_;
  Schedule committing_;
};

}  // namespace levee::memory
