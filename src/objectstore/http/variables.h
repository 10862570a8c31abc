// Reading the variables that the clouds' own tools read.
#pragma once

#include <initializer_list>
#include <string>

#include "base/status.h"
#include "settings/settings_file.h"

namespace levee::objectstore {

// The first that is set and not empty; empty when none is.
std::string FirstOf(const settings::EnvironmentLookup& environment, std::initializer_list<const char*> names);

// The values of all of them as one text, to tell two environments apart.
std::string AllOf(const settings::EnvironmentLookup& environment, std::initializer_list<const char*> names);

// "true", "1", "yes" and "on", or "false", "0", "no" and "off", in any case; kInvalidArgument for anything else.
Result<bool> SwitchOf(const settings::EnvironmentLookup& environment, const std::string& name, bool otherwise);

}  // namespace levee::objectstore
