// Input: a setting's number, its value up to a NUL byte, then the text of a levee.toml.
#include <algorithm>

#include "settings/definitions.h"
#include "settings/settings_file.h"
#include "settings/toml_file.h"
#include "tests/fuzz/fuzz.h"

using namespace levee;
using namespace levee::settings;

// Setting a value leaves the others as they were, and gives back what was set.
static void SetAndRead(const std::string& text, std::string_view key, const std::string& value) {
  const auto before = ParseToml(text);
  const auto changed = SetTomlValue(text, key, value);
  FUZZ_REQUIRE(before.has_value() == changed.has_value());
  if (!changed) return;
  const auto after = ParseToml(*changed);
  FUZZ_REQUIRE(after.has_value());
  const auto find = [](const std::vector<TomlEntry>& entries, std::string_view wanted) {
    return std::ranges::find_if(entries, [&](const TomlEntry& entry) { return entry.key == wanted; });
  };
  const auto set = find(*after, key);
  FUZZ_REQUIRE(set != after->end() && set->value == value);
  for (const TomlEntry& entry : *before) {
    if (entry.key == key) continue;
    const auto kept = find(*after, entry.key);
    FUZZ_REQUIRE(kept != after->end() && kept->value == entry.value);
  }
  FUZZ_REQUIRE(after->size() == before->size() + (find(*before, key) == before->end() ? 1 : 0));
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const Definition& definition = Definitions()[input.Byte() % Definitions().size()];
  const std::string value = input.Text('\0');
  const std::string text = input.Rest();

  const bool fits = CheckValue(definition, value).has_value();
  const std::vector<SettingsProblem> problems = CheckSettingsText(text);
  const TomlContent content = ReadToml(text);
  FUZZ_REQUIRE(ParseToml(text).has_value() == content.problems.empty());
  FUZZ_REQUIRE(content.problems.empty() || !problems.empty());
  for (const TomlEntry& entry : content.entries) {
    FUZZ_REQUIRE(entry.value_offset + entry.value_size <= text.size());
  }
  // What is set was checked before.
  if (fits) SetAndRead(text, definition.key, value);
  return 0;
}
