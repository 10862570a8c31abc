// Values as they may be shown.
#pragma once

#include <string>
#include <string_view>

#include "settings/definitions.h"

namespace levee::settings {

// The value, with "***" for each password of a setting that may hold one: `//user:PASSWORD@host` and
// `password=PASSWORD` (or passwd, pwd, token, secret) up to '&', ';' or a blank.
std::string ShownValue(const Definition& definition, std::string_view text);

}  // namespace levee::settings
