#include "api/store_options.h"

#include <utility>

#include "api/store_uri.h"
#include "settings/settings.h"

namespace levee::api {

Result<engine::EngineOptions> EngineOptionsFrom(StoreOptions& options) {
  LEVEE_ASSIGN(StoreUri uri, ParseStoreUri(options.uri, settings::ProcessEnvironment));
  settings::Inputs inputs{.flags = std::move(options.settings),
                          .config_file = std::move(options.config_file),
                          .environment = settings::ProcessEnvironment};
  if (!uri.store.empty()) inputs.flags["store"] = std::move(uri.store);
  for (const auto& [key, text] : inputs.flags) {
    const settings::Definition* const definition = settings::FindDefinition(key);
    if (definition == nullptr) {
      return Fail(ErrorCode::kInvalidArgument, "setting '" + key + "'", "there is none of that name",
                  "levee config show lists them");
    }
    LEVEE_RETURN_IF_ERROR(settings::CheckValue(*definition, text));
  }
  LEVEE_ASSIGN(const settings::Settings settings, settings::Settings::Load(inputs));
  LEVEE_ASSIGN(engine::EngineOptions engine_options, engine::OptionsFromSettings(settings));
  engine_options.read_only = options.read_only;
  engine_options.create = !options.read_only;
  engine_options.on_note = std::move(options.on_note);
  engine_options.warm = true;
  return engine_options;
}

}  // namespace levee::api
