#ifndef LEVEE_EMBEDDED
#include "engine/memory_setup.h"

namespace levee::engine {

memory::StoreBankOptions MemoryOptionsFrom(const settings::Settings& settings) {
  memory::StoreBankOptions options;
  options.author = settings.Text("memory_author");
  options.replica = settings.Text("memory_replica");
  options.durable = settings.Text("memory_durability") == "disk";
  options.group_commit = settings.Switch("memory_group_commit");
  options.background_merge = settings.Text("memory_merge") == "background";
  options.limits.content_bytes_max = static_cast<std::size_t>(settings.ByteSize("memory_content_limit"));
  if (const std::int64_t keep_ms = settings.DurationMs("memory_keep"); keep_ms > 0) options.keep_us = keep_ms * 1000;
  options.analyzer.stemmer = settings.Text("memory_text_stemming");
  options.analyzer.stop_words = settings.Text("memory_text_stop_words");
  const std::string& fuzzy = settings.Text("memory_text_fuzzy");
  if (fuzzy != "auto") options.typos = {.unknown_only = false, .edits = fuzzy.front() - '0'};
  constexpr double kContentWeight = 100;
  options.weights = {1, static_cast<double>(settings.Integer("memory_text_tags_weight")) / kContentWeight,
                     static_cast<double>(settings.Integer("memory_text_category_weight")) / kContentWeight};
  options.slow_us = settings.DurationMs("memory_slow") * 1000;
  return options;
}

}  // namespace levee::engine
#endif
