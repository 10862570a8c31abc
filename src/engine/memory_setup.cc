#ifndef LEVEE_EMBEDDED
#include "engine/memory_setup.h"

#include <memory>

#include "engine/memory_cache_setup.h"
#include "memory/store_bank/option_settings.h"

namespace levee::engine {

memory::StoreBankOptions MemoryOptionsFrom(const settings::Settings& settings) {
  memory::StoreBankOptions options;
  SetCacheDefaults(settings, options);
  options.threads = static_cast<int>(settings.Integer("threads"));
  for (const memory::OptionSetting& setting : memory::OptionSettings()) {
    const std::string& text = settings.Text(setting.key);
    if (!text.empty()) setting.set(options, text);
  }
  options.tuning = std::make_shared<store::Tuning>(options.database);
  return options;
}

std::map<std::string, std::string> ChangeableMemorySettings(const settings::Settings& settings) {
  std::map<std::string, std::string> texts;
  for (const memory::OptionSetting& setting : memory::OptionSettings()) {
    if (setting.while_running) texts[std::string(setting.key)] = settings.Text(setting.key);
  }
  return texts;
}

}  // namespace levee::engine
#endif
