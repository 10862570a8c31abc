// Snowball's stemmers, by language.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

struct sb_stemmer;

namespace levee::text {

// For one thread at a time.
class Stemmer {
 public:
  // kInvalidArgument: no such language; the error lists those there are.
  static Result<Stemmer> Make(const std::string& language);

  // Valid until the next call. `token` is lower case; what the stemmer cannot read is returned as it is.
  std::string_view Stem(std::string_view token);

 private:
  struct Deleter {
    void operator()(sb_stemmer* stemmer) const;
  };
  std::unique_ptr<sb_stemmer, Deleter> stemmer_;
};

// "danish", "english", ..., sorted.
std::vector<std::string> StemmerLanguages();

}  // namespace levee::text
