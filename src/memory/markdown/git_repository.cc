#include "memory/markdown/git_repository.h"

#include <algorithm>

#include "base/status.h"
#include "memory/markdown/safe_name.h"
#include "memory/model/errors.h"

namespace levee::memory {
namespace {

constexpr std::size_t kMessageBytes = 200;
constexpr std::size_t kReasonsMax = 1'000;
// From here on the files of a commit become one pack instead of a file each: ten thousand take 3 MB instead of 42.
constexpr std::size_t kPackFrom = 64;

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

// One line, whatever ids are in it.
std::string MessageOf(const std::vector<std::string>& reasons) {
  std::string message = reasons.size() == 1 ? "" : std::to_string(reasons.size()) + " writes: ";
  for (std::size_t i = 0; i < reasons.size() && message.size() < kMessageBytes; ++i) {
    message.append(i == 0 ? "" : ", ").append(reasons[i]);
  }
  std::ranges::replace_if(message, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return "levee: " + std::string(CutBytes(message, kMessageBytes));
}

}  // namespace

Result<std::unique_ptr<GitRepository>> GitRepository::Open(const std::string& folder, GitOptions options) {
  std::unique_ptr<GitRepository> repository(new GitRepository(folder, std::move(options)));
  LEVEE_RETURN_IF_ERROR(repository->Prepare());
  repository->committing_.Add(repository->options_.batch_ms, [git = repository.get()] { git->FlushAndTell(); });
  return repository;
}

GitRepository::~GitRepository() {
  committing_.Stop();
  FlushAndTell();
}

Result<ChildResult> GitRepository::Git(const std::vector<std::string>& words, std::string_view input) const {
  std::vector<std::string> all = {options_.program, "-C", folder_, "-c", "core.hooksPath=/dev/null"};
  all.insert(all.end(), identity_.begin(), identity_.end());
  all.insert(all.end(), words.begin(), words.end());
  // Variables of a git that started this program name another repository.
  return RunChild(all, {.input = input, .without = {"GIT_DIR=", "GIT_WORK_TREE=", "GIT_INDEX_FILE=", "GIT_PREFIX="}});
}

Status GitRepository::Prepare() {
  LEVEE_ASSIGN(const ChildResult inside, Git({"rev-parse", "--is-inside-work-tree"}));
  bool versioned = inside.exit_code == 0;
  std::string why = FirstLine(inside.output);
  if (versioned) {
    // A repository around it that ignores the folder - a program's, and the folder is among what that builds - is not meant.
    LEVEE_ASSIGN(const ChildResult ignored, Git({"check-ignore", "-q", "."}));
    versioned = ignored.exit_code != 0;
    why = "the one around it ignores the folder";
  }
  if (!versioned && !options_.init) {
    return StorageFailure(folder_, "it is in no git repository: " + why, "run git init, or let Levee do so");
  }
  if (!versioned) {
    LEVEE_ASSIGN(const ChildResult made, Git({"init", "-q"}));
    if (made.exit_code != 0) return StorageFailure(folder_, "git init: " + FirstLine(made.output));
  }
  LEVEE_ASSIGN(const ChildResult identity, Git({"config", "user.email"}));
  if (identity.exit_code != 0) identity_ = {"-c", "user.name=Levee", "-c", "user.email=levee@localhost"};
  return {};
}

void GitRepository::Changed(const std::vector<std::string>& paths, const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    paths_.insert(paths.begin(), paths.end());
    if (reasons_.size() < kReasonsMax) reasons_.push_back(why);
  }
  if (options_.batch_ms == 0) FlushAndTell();
}

Status GitRepository::Flush() {
  const std::lock_guard one_at_a_time(commits_);
  std::set<std::string> paths;
  std::vector<std::string> reasons;
  {
    const std::lock_guard lock(mutex_);
    paths.swap(paths_);
    reasons.swap(reasons_);
  }
  if (paths.empty()) return {};
  Status committed = Commit(paths, MessageOf(reasons));
  if (!committed) {
    const std::lock_guard lock(mutex_);
    paths_.merge(paths);
    reasons_.insert(reasons_.begin(), reasons.begin(), reasons.end());
  }
  return committed;
}

Status GitRepository::Commit(const std::set<std::string>& paths, const std::string& message) const {
  std::string list;
  for (const std::string& path : paths) list.append(path).push_back('\0');
  // Takes files that went meanwhile as removed, which `git add` does not.
  std::vector<std::string> add;
  if (paths.size() >= kPackFrom) add = {"-c", "core.bigFileThreshold=1"};
  add.insert(add.end(), {"update-index", "--add", "--remove", "-z", "--stdin"});
  LEVEE_ASSIGN(const ChildResult added, Git(add, list));
  if (added.exit_code != 0) return StorageFailure(folder_, "git update-index: " + FirstLine(added.output));
  LEVEE_ASSIGN(const ChildResult staged, Git({"diff", "--cached", "--quiet"}));
  if (staged.exit_code == 0) return {};
  LEVEE_ASSIGN(const ChildResult committed, Git({"commit", "-q", "--no-verify", "--no-gpg-sign", "-F", "-"}, message));
  if (committed.exit_code != 0) return StorageFailure(folder_, "git commit: " + FirstLine(committed.output));
  return {};
}

void GitRepository::FlushAndTell() {
  const Status flushed = Flush();
  if (!flushed && options_.on_note) options_.on_note(flushed.error().ToString());
}

}  // namespace levee::memory
