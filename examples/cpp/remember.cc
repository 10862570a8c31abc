// Stores what it is told, then prints what the bank knows about it, best first: score, id, the best part of the text.
//
//   remember STORE "orders is late on Mondays"
#include <cstdio>
#include <levee/memory.h>

namespace {

int Fail(const levee::Error& error) {
  std::fprintf(stderr, "remember: %s\n", error.ToString().c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fputs("usage: remember STORE TEXT\n", stderr), 64;
  auto bank = levee::OpenMemory({.uri = argv[1]});
  if (!bank) return Fail(bank.error());

  auto written = (*bank)->Store({{.item = {.category = "note", .content = argv[2]}}}, {.author = "example"});
  if (!written) return Fail(written.error());
  std::printf("%s %s\n", levee::OutcomeName(written->front().outcome), written->front().id.c_str());

  auto page = (*bank)->Find({.words = argv[2], .limit = 5});
  if (!page) return Fail(page.error());
  for (const levee::Found& found : page->items) {
    std::printf("%.2f %s %s\n", found.score, found.item.id.c_str(), found.snippet.c_str());
  }
  return 0;
}
