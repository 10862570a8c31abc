// Rewrites items of one form in another: memory_convert FORMAT PATH FORMAT PATH. Errors go to standard error, exit 1.
#include <cstdio>

#include "memory/exchange/exchange.h"

namespace {

int Fail(const levee::Error& error) {
  std::fprintf(stderr, "%s\n", error.ToString().c_str());
  return 1;
}

}  // namespace

int main(int count, char** words) {
  using namespace levee::memory;
  if (count != 5) return 64;
  const auto from = ParseExchangeFormat(words[1]);
  const auto to = ParseExchangeFormat(words[3]);
  if (!from || !to) return 64;
  auto source = OpenItemSource(*from, words[2], {});
  if (!source) return Fail(source.error());
  auto sink = OpenItemSink(*to, words[4], {});
  if (!sink) return Fail(sink.error());
  while (true) {
    auto item = (*source)->Next();
    if (!item) return Fail(item.error());
    if (!*item) break;
    if (auto written = (*sink)->Write((*item)->item); !written) return Fail(written.error());
  }
  const auto finished = (*sink)->Finish();
  return finished ? 0 : Fail(finished.error());
}
