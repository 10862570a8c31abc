#include "api/c_lists.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include "api/c_error.h"

namespace levee::api {

Result<std::optional<std::vector<std::string>>> ReadTexts(const TextList& list) {
  if (list.texts == nullptr) {
    if (list.count > 0) return IsNull(list.name);
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < list.count; ++i) {
    LEVEE_RETURN_IF_ERROR(Need(list.texts[i], list.name));
    texts.emplace_back(list.texts[i]);
  }
  return texts;
}

std::vector<const char*> PointersTo(const std::vector<std::string>& texts) {
  std::vector<const char*> pointers;
  pointers.reserve(texts.size());
  for (const std::string& text : texts) pointers.push_back(text.c_str());
  return pointers;
}

char* CopyForC(const std::string& text) {
  char* const copy = ::strdup(text.c_str());
  if (copy == nullptr) throw std::bad_alloc();
  return copy;
}

}  // namespace levee::api

extern "C" void levee_text_free(char* text) { std::free(text); }
