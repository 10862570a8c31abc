// Scalars of YAML 1.2's core schema, and which texts every YAML reader takes for the same text.
#pragma once

#include <string>
#include <string_view>

namespace levee::memory {

// An unquoted scalar as JSON: null, true, false, a number of 64 bits that JSON can spell, else a string.
std::string PlainScalarJson(std::string_view text);

// Whether the text may stand without quotes, in a list between brackets too, and is a string to readers of YAML 1.1 and 1.2.
bool IsPlainText(std::string_view text);
// The same of a key.
bool IsPlainKey(std::string_view key);

// Appends the text as YAML: as it is where IsPlainText says so, else between double quotes.
void AppendYamlText(std::string& out, std::string_view text);
// Between double quotes: a JSON string that escapes what YAML does not print, too.
void AppendYamlQuoted(std::string& out, std::string_view text);

// Whether JSON text is YAML on one line as it stands: no character that YAML does not print, no surrogate escapes.
bool IsYamlFlow(std::string_view json);

}  // namespace levee::memory
