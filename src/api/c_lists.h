// Lists of texts, both ways, for the C interface.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/status.h"

namespace levee::api {

struct TextList {
  const char* const* texts;
  std::size_t count;
  const char* name;  // of the argument
};

// None for a null list; kInvalidArgument for a null within it.
Result<std::optional<std::vector<std::string>>> ReadTexts(const TextList& list);

// The texts' beginnings; the texts stay where they are.
std::vector<const char*> PointersTo(const std::vector<std::string>& texts);

// A copy that levee_text_free frees: of malloc, since the caller's C++ library, if it has one, need not be this one.
char* CopyForC(const std::string& text);

}  // namespace levee::api
