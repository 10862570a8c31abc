// A Markdown bank as the settings describe it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "levee/memory.h"
#include "memory/markdown/folder_watch.h"
#include "memory/markdown/item_folder.h"
#include "settings/settings.h"

namespace levee::memory {

struct MarkdownSetup {
  ItemFolderOptions folder;
  bool watched = true;
  FolderWatchOptions watch;
  int gc_ms = 0;             // collect garbage that often; 0: never
  bool versioned = false;    // with git
  bool git_init = false;
  int git_batch_ms = 0;      // 0: each write is a commit
};

// What the settings memory_markdown_* say; empty: `memory_markdown` names no folder. VALIDATION_ERROR names what cannot be.
Result<std::optional<MarkdownSetup>> MarkdownSetupFrom(const settings::Settings& settings);

// Opens the folder, watches and commits it as the setup says, with `index` as its index: a bank of nothing else, which must
// sync what it writes if the files are synced later, and else need not. `on_note` hears what went wrong in the background - a file that holds no item, a commit that failed - from any
// thread; it may be empty.
Result<std::unique_ptr<MemoryBank>> OpenMarkdownBank(const MarkdownSetup& setup, std::unique_ptr<MemoryBank> index,
                                                     std::function<void(const std::string& note)> on_note);

}  // namespace levee::memory
