// `config explain`: what a setting is, its value, and which sources were looked at for it.
#include <array>
#include <span>

#include "cli/commands/config_modes.h"
#include "cli/global_options.h"
#include "cli/option_values.h"
#include "output/human_text.h"
#include "output/json_writer.h"
#include "settings/shown_value.h"

namespace levee::cli {
namespace {

using settings::Definition;
using settings::Settings;

constexpr std::array<std::string_view, 2> kFormats{"table", "json"};

// JSON has null for what is not there.
std::optional<std::string_view> Given(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return text;
}

bool WhileRunning(const Definition& definition) {
  return definition.effect == settings::Effect::kWhileRunning;
}

void AppendJson(output::JsonWriter& json, const Definition& definition, const Settings& settings) {
  const settings::Value& value = settings.Get(definition.key);
  json.BeginObject()
      .Member("key", definition.key)
      .Member("help", definition.help)
      .Member("type", settings::TypeName(definition.type))
      .Member("minimum", Given(definition.minimum))
      .Member("maximum", Given(definition.maximum))
      .Member("default", Given(definition.default_text))
      .Member("switchedOff", Given(definition.switched_off))
      .Member("effect", WhileRunning(definition) ? "while running" : "next process")
      .Member("flag", settings::FlagText(definition.key))
      .Member("environment", definition.environment)
      .Member("value", Given(settings::ShownValue(definition, value.text)))
      .Member("source", settings::SourceName(value.source))
      .Member("origin", Given(value.origin));
  json.Key("profiles").BeginObject();
  for (const std::string_view profile : std::span(settings::kProfileNames).subspan(1)) {
    json.Member(profile, Given(settings::DefaultUnder(definition, profile)));
  }
  json.EndObject().Key("sources").BeginArray();
  for (const settings::Look& look : settings.Looks(definition.key)) {
    json.BeginObject()
        .Member("source", settings::SourceName(look.source))
        .Member("origin", Given(look.origin))
        .Member("value", look.text ? Given(settings::ShownValue(definition, *look.text)) : std::nullopt)
        .Member("won", look.won)
        .EndObject();
  }
  json.EndArray().EndObject();
}

std::string Padded(std::string_view text, std::size_t width) {
  std::string padded(text);
  padded.append(width > text.size() ? width - text.size() : 0, ' ');
  return padded;
}

// "found on the machine" stands for an empty default, as the help line says what it is.
std::string ValueText(const Definition& definition, std::string_view text) {
  return text.empty() ? "found on the machine" : output::Printable(settings::ShownValue(definition, text));
}

std::string LookText(const Definition& definition, const settings::Look& look,
                     const std::vector<std::string>& places) {
  std::string origin = output::Printable(look.origin);
  if (look.source == settings::Source::kFile && origin.empty()) {
    for (const std::string& place : places) {
      origin += (origin.empty() ? "no " : ", no ") + output::Printable(place);
    }
  }
  const std::string said = look.text ? ValueText(definition, *look.text) : "says nothing";
  return (look.won ? "* " : "  ") + Padded(settings::SourceName(look.source), 13) +
         (origin.empty() ? "" : origin + ": ") + said + '\n';
}

std::string ExplainText(const Definition& definition, const Settings& settings,
                        const std::vector<std::string>& places) {
  const std::string bounds = settings::BoundsText(definition);
  std::string text = std::string(definition.key) + ": " + std::string(definition.help) + "\n  type     " +
                     std::string(settings::TypeName(definition.type)) +
                     (bounds.empty() ? "" : ", " + bounds) + "\n  default  " +
                     ValueText(definition, definition.default_text) + '\n';
  if (!definition.switched_off.empty()) text += "  off      " + std::string(definition.switched_off) + '\n';
  text += "  value    " + ValueText(definition, settings.Text(definition.key)) + "\n  changes  " +
          (WhileRunning(definition) ? "are taken up by processes at work, at their next look"
                                    : "are taken up by processes that start later") +
          "\nsources, the strongest first; * won\n";
  for (const settings::Look& look : settings.Looks(definition.key)) {
    text += LookText(definition, look, places);
  }
  return text;
}

}  // namespace

// Without a key: all of them.
Outcome RunConfigExplain(Context& context) {
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  std::span<const Definition> wanted = settings::Definitions();
  const bool all = context.line.arguments.size() == 1;
  if (!all) {
    LEVEE_ASSIGN(const Definition* definition, SettingOfKey(context.line.arguments[1], "config explain"));
    wanted = {definition, 1};
  }
  LEVEE_ASSIGN(const settings::Inputs inputs, ReadSettingInputs(context.line, context.environment));
  LEVEE_ASSIGN(const Settings settings, Settings::Load(inputs));
  std::string out;
  if (format == "json") {
    output::JsonWriter json(out);
    if (all) json.BeginArray();
    for (const Definition& definition : wanted) AppendJson(json, definition, settings);
    if (all) json.EndArray();
    out += '\n';
  } else {
    const std::vector<std::string> places =
        settings::SettingsFilePlaces(inputs.config_file, inputs.environment);
    for (const Definition& definition : wanted) {
      out += (out.empty() ? "" : "\n") + ExplainText(definition, settings, places);
    }
  }
  context.out.Append(out);
  return kExitDone;
}

}  // namespace levee::cli
