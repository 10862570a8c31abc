// Values as RFC 4180 has them.
#pragma once

#include <string>
#include <string_view>

#include "output/record.h"

namespace levee::output {

// Quoted where it must be. A text that is empty is quoted too, so that it differs from null.
void AppendCsvText(std::string& line, std::string_view text);
void AppendCsvCell(std::string& line, const Cell& cell);

}  // namespace levee::output
