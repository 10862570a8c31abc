// A word or phrase of a query as tokens.
#pragma once

#include <optional>
#include <string>

#include "text/query/lexer.h"
#include "text/query/query.h"

namespace levee::text {

class LeafReader {
 public:
  LeafReader(const Analyzer& analyzer, Typos typos) : analyzer_(analyzer), typos_(typos) {}

  // Nothing: it has no token, or stop words alone. The leaf's fields are the caller's to set. kInvalidArgument.
  Result<std::optional<Leaf>> Read(const Symbol& symbol);

 private:
  Result<std::optional<Leaf>> ReadPrefix(const Symbol& symbol, std::string_view word);
  void TakeTokens(Leaf& leaf) const;

  const Analyzer& analyzer_;
  const Typos typos_;
  TokenList list_;
};

}  // namespace levee::text
