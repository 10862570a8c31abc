#include "memory/markdown/markdown_setup.h"

#include <algorithm>

#include "base/status.h"
#include "memory/markdown/git_repository.h"
#include "memory/markdown/markdown_bank.h"

namespace levee::memory {
namespace {

// As many as somebody reads.
constexpr std::size_t kProblemsTold = 10;

void Tell(const Result<SyncReport>& report, const std::function<void(const std::string& note)>& on_note) {
  if (!on_note) return;
  if (!report) return on_note(report.error().ToString());
  if (report->restored > 0) {
    on_note("the machine went down before all was on the disk: " + std::to_string(report->restored) +
            " files were made again what the index says");
  }
  const std::vector<std::string>& problems = report->problems;
  for (std::size_t i = 0; i < std::min(problems.size(), kProblemsTold); ++i) on_note(problems[i]);
  if (problems.size() > kProblemsTold) on_note(std::to_string(problems.size() - kProblemsTold) + " more files hold no item");
}

FrontMatterFormat FrontMatterOf(const std::string& name) {
  for (const auto format : {FrontMatterFormat::kJson, FrontMatterFormat::kToml, FrontMatterFormat::kNone}) {
    if (name == FrontMatterFormatName(format)) return format;
  }
  return FrontMatterFormat::kYaml;
}

}  // namespace

Result<std::optional<MarkdownSetup>> MarkdownSetupFrom(const settings::Settings& settings) {
  if (settings.Text("memory_markdown").empty()) return std::nullopt;
  MarkdownSetup setup{.folder = {.path = settings.Text("memory_markdown")}};
  LEVEE_ASSIGN(setup.folder.layout.folders, ParseFolderLevels(settings.Text("memory_markdown_folders")));
  LEVEE_ASSIGN(setup.folder.layout.name, ParseNaming(settings.Text("memory_markdown_naming")));
  setup.folder.layout.depth_limit = static_cast<int>(settings.Integer("memory_markdown_depth"));
  setup.folder.layout.name_limit_bytes = static_cast<std::size_t>(settings.Integer("memory_markdown_name_limit"));
  setup.folder.form.front_matter = FrontMatterOf(settings.Text("memory_markdown_front_matter"));
  setup.folder.form.table_of_contents = settings.Switch("memory_markdown_contents");
  if (settings.Text("memory_durability") == "disk") {
    setup.folder.sync = settings.Text("memory_markdown_sync") == "each" ? FileSync::kEachWrite : FileSync::kLater;
  } else {
    setup.folder.sync = FileSync::kNone;
  }
  setup.watched = settings.Text("memory_markdown_watch") != "off";
  setup.watch.use_events = settings.Text("memory_markdown_watch") == "events";
  setup.watch.poll_ms = static_cast<int>(settings.DurationMs("memory_markdown_poll_interval"));
  setup.watch.rescan_ms = static_cast<int>(settings.DurationMs("memory_markdown_rescan_interval"));
  setup.gc_ms = static_cast<int>(settings.DurationMs("memory_markdown_gc_interval"));
  setup.versioned = settings.Text("memory_markdown_git") != "off";
  setup.git_init = settings.Switch("memory_markdown_git_init");
  if (settings.Text("memory_markdown_git") == "batched") {
    setup.git_batch_ms = static_cast<int>(settings.DurationMs("memory_markdown_git_interval"));
  }
  return setup;
}

Result<std::unique_ptr<MemoryBank>> OpenMarkdownBank(const MarkdownSetup& setup, std::unique_ptr<MemoryBank> index,
                                                     std::function<void(const std::string& note)> on_note) {
  MarkdownBankOptions options{.folder = setup.folder};
  if (setup.versioned) {
    LEVEE_RETURN_IF_ERROR(Folder::Open(setup.folder.path, true));
    LEVEE_ASSIGN(options.listener,
                 GitRepository::Open(setup.folder.path, {.init = setup.git_init, .batch_ms = setup.git_batch_ms, .on_note = on_note}));
  }
  LEVEE_ASSIGN(std::unique_ptr<MarkdownBank> bank, MarkdownBank::Open(std::move(options), std::move(index)));
  Tell(bank->opened(), on_note);
  if (setup.gc_ms > 0) {
    bank->CollectGarbageEvery(setup.gc_ms, [on_note](const Status& collected) {
      if (!collected && on_note) on_note(collected.error().ToString());
    });
  }
  if (!setup.watched) return bank;
  bank->Watch(setup.watch, [on_note = std::move(on_note)](const Result<SyncReport>& report) { Tell(report, on_note); });
  return bank;
}

}  // namespace levee::memory
