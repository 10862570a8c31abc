// Arrow values as the JSON that a log would have for them.
#pragma once

#include <string>

#include "delta/arrow_view.h"

namespace levee::delta {

// Appends the JSON of one value: structs and maps as objects without their null members (a map's null
// values stay), lists as arrays, dates and timestamps as statistics have them. "null" for a null.
void AppendArrowJson(std::string& json, const ArrowColumn& column, std::int64_t row);

}  // namespace levee::delta
