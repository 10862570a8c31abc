#include "text/analysis/stemmer.h"

#include <libstemmer.h>

#include <algorithm>
#include <new>

namespace levee::text {

void Stemmer::Deleter::operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }

Result<Stemmer> Stemmer::Make(const std::string& language) {
  const std::vector<std::string> languages = StemmerLanguages();
  // The library takes codes such as "de" too; one name for each keeps what is stored comparable.
  if (!std::ranges::binary_search(languages, language)) {
    std::string known;
    for (const std::string& name : languages) known += (known.empty() ? "" : ", ") + name;
    return Fail(ErrorCode::kInvalidArgument, "stemmer", "there is none for \"" + language + '"', "one of none, " + known);
  }
  Stemmer made;
  made.stemmer_.reset(sb_stemmer_new(language.c_str(), "UTF_8"));
  if (made.stemmer_ == nullptr) throw std::bad_alloc();
  return made;
}

std::string_view Stemmer::Stem(std::string_view token) {
  const sb_symbol* stem = sb_stemmer_stem(stemmer_.get(), reinterpret_cast<const sb_symbol*>(token.data()),
                                          static_cast<int>(token.size()));
  if (stem == nullptr) throw std::bad_alloc();
  const int size = sb_stemmer_length(stemmer_.get());
  if (size <= 0) return token;
  return {reinterpret_cast<const char*>(stem), static_cast<std::size_t>(size)};
}

std::vector<std::string> StemmerLanguages() {
  std::vector<std::string> languages;
  for (const char** name = sb_stemmer_list(); *name != nullptr; ++name) languages.emplace_back(*name);
  std::ranges::sort(languages);
  return languages;
}

}  // namespace levee::text
