// What `config` does, one a source file.
#pragma once

#include "cli/command.h"
#include "settings/settings.h"

namespace levee::cli {

// Each takes the context whose first argument named it.
Outcome RunConfigShow(Context& context);
Outcome RunConfigExplain(Context& context);
Outcome RunConfigValidate(Context& context);
Outcome RunConfigSet(Context& context);

// The setting, or wrong usage with the nearest key. `mode` is "config set".
std::expected<const settings::Definition*, UsageError> SettingOfKey(std::string_view key,
                                                                    std::string_view mode);

// "did you mean KEY?", or where the keys are listed.
std::string NearestKeyHint(std::string_view key);

}  // namespace levee::cli
