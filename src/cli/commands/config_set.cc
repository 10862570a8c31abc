// `config set`: writes one value into a settings file.
#include "cli/commands/config_modes.h"
#include "cli/global_options.h"
#include "output/human_text.h"
#include "settings/shown_value.h"

namespace levee::cli {
namespace {

std::expected<std::string, Failure> FileToWrite(const Context& context, const settings::Inputs& inputs) {
  if (const auto named = context.line.Value("file")) return std::string(*named);
  if (!inputs.config_file.empty()) return inputs.config_file;
  std::string file = settings::UserSettingsFile(inputs.environment);
  if (!file.empty()) return file;
  return std::unexpected(Failure(Error{ErrorCode::kInvalidArgument, "config set", "there is no home folder",
                                       "name a file with --file"}));
}

// Says so where the value that was just written is not the one that commands run from here would take.
void NoteIfOverruled(Context& context, const settings::Inputs& inputs, const settings::Definition& definition,
                     std::string_view wanted) {
  const auto settings = settings::Settings::Load(inputs);
  // An empty text takes the setting back to its default, whichever that is.
  if (!settings || wanted.empty()) return;
  const settings::Value& value = settings->Get(definition.key);
  if (value.text == wanted) return;
  const std::string where = value.origin.empty() ? "the default" : value.origin;
  context.console.Note(std::string(definition.key) + " is still " +
                       settings::ShownValue(definition, value.text) + " here: " + where + " comes first");
}

}  // namespace

Outcome RunConfigSet(Context& context) {
  const std::string_view key = context.line.arguments[1], value = context.line.arguments[2];
  LEVEE_ASSIGN(const settings::Definition* definition, SettingOfKey(key, "config set"));
  if (const Status checked = CheckSetting(*definition, value); !checked) {
    return std::unexpected(
        UsageError{"config set " + std::string(key), checked.error().why, checked.error().hint});
  }
  LEVEE_ASSIGN(const settings::Inputs inputs, ReadSettingInputs(context.line, context.environment));
  LEVEE_ASSIGN(const std::string file, FileToWrite(context, inputs));
  LEVEE_RETURN_IF_ERROR(settings::WriteSetting(file, *definition, value));
  context.out.AppendLine(output::Printable(file) + ": " + std::string(definition->key) + " = " +
                         output::Printable(settings::ShownValue(*definition, value)));
  LEVEE_RETURN_IF_ERROR(context.out.Flush());
  NoteIfOverruled(context, inputs, *definition, value);
  return kExitDone;
}

}  // namespace levee::cli
