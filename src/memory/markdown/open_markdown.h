// A Markdown bank as the settings describe it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "memory/markdown/markdown_bank.h"
#include "settings/settings.h"

namespace levee::memory {

// The bank in the folder that the setting `memory_markdown` names, watched and committed as the other memory_markdown_* say, with
// `index` as its index: a bank of nothing else, which need not sync what it writes. VALIDATION_ERROR names a setting that cannot be;
// other errors are those of opening folder, repository and index. `on_note` hears what went wrong in the background - a file that
// holds no item, a commit that failed - from any thread; it may be empty.
Result<std::unique_ptr<MarkdownBank>> OpenMarkdownBank(const settings::Settings& settings, std::unique_ptr<MemoryBank> index,
                                                       std::function<void(const std::string& note)> on_note);

}  // namespace levee::memory
