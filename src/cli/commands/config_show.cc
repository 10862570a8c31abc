// `config show`: every setting with its value and where that came from.
#include <array>

#include "cli/commands/config_modes.h"
#include "cli/global_options.h"
#include "cli/option_values.h"
#include "output/json_writer.h"
#include "output/record.h"
#include "settings/shown_value.h"

namespace levee::cli {
namespace {

using output::Cell;
using settings::Settings;

constexpr std::array<std::string_view, 2> kFormats{"table", "json"};

std::optional<std::string> UnlessEmpty(std::string text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::string SettingsJson(const Settings& settings) {
  std::string out;
  output::JsonWriter json(out);
  json.BeginObject().Member("configFile", UnlessEmpty(settings.config_file())).Key("settings").BeginArray();
  for (const settings::Definition& definition : settings::Definitions()) {
    const settings::Value& value = settings.Get(definition.key);
    json.BeginObject()
        .Member("key", definition.key)
        .Member("value", UnlessEmpty(settings::ShownValue(definition, value.text)))
        .Member("source", settings::SourceName(value.source))
        .Member("origin", UnlessEmpty(value.origin))
        .EndObject();
  }
  json.EndArray().EndObject();
  return out + '\n';
}

Cell TextOrNull(const std::string& text) { return text.empty() ? Cell{} : Cell::Text(text); }

}  // namespace

Outcome RunConfigShow(Context& context) {
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  LEVEE_ASSIGN(const settings::Inputs inputs, ReadSettingInputs(context.line, context.environment));
  LEVEE_ASSIGN(const Settings settings, Settings::Load(inputs));
  if (format == "json") {
    context.out.Append(SettingsJson(settings));
    return kExitDone;
  }
  const auto rows = output::MakeRecordTable({{"key"}, {"value"}, {"source"}, {"origin"}},
                                            context.console.terminals().table_look, context.out);
  for (const settings::Definition& definition : settings::Definitions()) {
    const settings::Value& value = settings.Get(definition.key);
    LEVEE_RETURN_IF_ERROR(rows->Write({Cell::Text(std::string(definition.key)),
                                       TextOrNull(settings::ShownValue(definition, value.text)),
                                       Cell::Text(std::string(settings::SourceName(value.source))),
                                       TextOrNull(value.origin)}));
  }
  LEVEE_RETURN_IF_ERROR(rows->Finish());
  return kExitDone;
}

}  // namespace levee::cli
