// Reads texts, each a size in bytes on a line of its own and then the bytes, and prints the tokens of each on a line, a
// space between them.
#include <cstdio>
#include <string>

#include "text/analysis/analyzer.h"

int main() {
  const auto analyzer = levee::text::Analyzer::Make({});
  levee::text::TokenList list;
  std::string text;
  for (unsigned long size = 0; std::scanf("%lu", &size) == 1;) {
    std::getchar();  // the end of the line
    text.resize(size);
    if (std::fread(text.data(), 1, size, stdin) != size) return 1;
    (*analyzer)->Analyze(text, list);
    std::string line;
    for (const levee::text::Token& token : list.tokens()) line.append(line.empty() ? "" : " ").append(token.text());
    std::puts(line.c_str());
  }
  return 0;
}
