#include "memory/markdown/open_markdown.h"

#include "base/status.h"
#include "memory/markdown/git_repository.h"

namespace levee::memory {
namespace {

FrontMatterFormat FrontMatterOf(const std::string& name) {
  for (const auto format : {FrontMatterFormat::kJson, FrontMatterFormat::kToml, FrontMatterFormat::kNone}) {
    if (name == FrontMatterFormatName(format)) return format;
  }
  return FrontMatterFormat::kYaml;
}

Result<ItemFolderOptions> FolderOptionsOf(const settings::Settings& settings) {
  ItemFolderOptions folder{.path = settings.Text("memory_markdown")};
  LEVEE_ASSIGN(folder.layout.folders, ParseFolderLevels(settings.Text("memory_markdown_folders")));
  LEVEE_ASSIGN(folder.layout.name, ParseNaming(settings.Text("memory_markdown_naming")));
  folder.layout.depth_limit = static_cast<int>(settings.Integer("memory_markdown_depth"));
  folder.layout.name_limit_bytes = static_cast<std::size_t>(settings.Integer("memory_markdown_name_limit"));
  folder.form.front_matter = FrontMatterOf(settings.Text("memory_markdown_front_matter"));
  folder.form.table_of_contents = settings.Switch("memory_markdown_contents");
  return folder;
}

}  // namespace

Result<std::unique_ptr<MarkdownBank>> OpenMarkdownBank(const settings::Settings& settings, std::unique_ptr<MemoryBank> index,
                                                       std::function<void(const std::string& note)> on_note) {
  MarkdownBankOptions options;
  LEVEE_ASSIGN(options.folder, FolderOptionsOf(settings));
  if (const std::string& git = settings.Text("memory_markdown_git"); git != "off") {
    LEVEE_RETURN_IF_ERROR(Folder::Open(options.folder.path, true));
    const std::int64_t interval_ms = settings.DurationMs("memory_markdown_git_interval");
    LEVEE_ASSIGN(options.listener, GitRepository::Open(options.folder.path, {.init = settings.Switch("memory_markdown_git_init"),
                                                                            .batch_ms = git == "each" ? 0 : static_cast<int>(interval_ms),
                                                                            .on_note = on_note}));
  }
  LEVEE_ASSIGN(std::unique_ptr<MarkdownBank> bank, MarkdownBank::Open(std::move(options), std::move(index)));
  const std::string& watch = settings.Text("memory_markdown_watch");
  if (watch == "off") return bank;
  bank->Watch({.use_events = watch == "events", .poll_ms = static_cast<int>(settings.DurationMs("memory_markdown_poll_interval")),
               .rescan_ms = static_cast<int>(settings.DurationMs("memory_markdown_rescan_interval"))},
              [on_note](const Result<SyncReport>& report) {
                if (!on_note) return;
                if (!report) return on_note(report.error().ToString());
                for (const std::string& problem : report->problems) on_note(problem);
              });
  return bank;
}

}  // namespace levee::memory
