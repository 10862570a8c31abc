#include "settings/aliases.h"

namespace levee::settings {
namespace {

#ifndef LEVEE_EMBEDDED  // which has no memory bank
constexpr Alias kAliases[] = {
    {"journalMode", "memory_journal_mode"},
    {"synchronous", "memory_durability"},
    {"cacheSize", "memory_page_cache"},
    {"mmapSize", "memory_mmap_size"},
    {"tempStore", "memory_temp_store"},
    {"maxConnections", "memory_connections"},
    {"busyTimeout", "busy_timeout"},
    {"idleTimeout", "memory_idle_timeout"},
    {"walCheckpointInterval", "memory_checkpoint_interval"},
    {"walCheckpointPages", "memory_checkpoint_pages"},
    {"optimize", "memory_optimise"},
    {"optimizeInterval", "memory_optimise_interval"},
    {"logQueries", "memory_log_queries"},
    {"queryTimeout", "memory_query_timeout"},
    {"explainQueryPlan", "memory_explain"},
    {"slowQueryThreshold", "memory_slow"},
    {"tokenizer", "memory_text_tokenizer"},
    {"stemming", "memory_text_stemming"},
    {"fuzzyDistance", "memory_text_fuzzy"},
    {"folderStructure", "memory_markdown_folders"},
    {"maxDepth", "memory_markdown_depth"},
    {"fileNaming", "memory_markdown_naming"},
    {"maxNameLength", "memory_markdown_name_limit"},
    {"frontMatter", "memory_markdown_front_matter"},
    {"tableOfContents", "memory_markdown_contents"},
    {"watch", "memory_markdown_watch"},
    {"indexRebuildInterval", "memory_markdown_rescan_interval"},
    {"autoCommit", "memory_markdown_git"},
    {"garbageCollectionInterval", "memory_markdown_gc_interval"},
    {"statisticsInterval", "memory_statistics"},
};
#else
constexpr std::span<const Alias> kAliases;
#endif

}  // namespace

std::span<const Alias> Aliases() { return kAliases; }

std::string_view KeyOfName(std::string_view name) {
  for (const Alias& alias : kAliases) {
    if (alias.name == name) return alias.key;
  }
  return name;
}

}  // namespace levee::settings
