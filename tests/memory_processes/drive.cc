// A process that uses a memory bank, for the tests of several at once and of killed ones.
//
//   memory_drive write STORE PREFIX SECONDS ITEMS [KEY=VALUE...]   stores batches of ITEMS items until the time is over, now and then
//                                                   updating and deleting; prints a line for what was acknowledged
//   memory_drive merge STORE PREFIX SECONDS ITEMS ROWS   the same, with a merge after each ROWS versions, and an index that
//                                                   comes and goes
//   memory_drive follow STORE                       reads such lines; each must be so at once, by id and by word
//   memory_drive load STORE FILE                    see ask.h, as for the next
//   memory_drive ask STORE QUESTIONS [KEY=VALUE...]
//   memory_drive check STORE                        reads such lines; all must be so, and the bank must be sound
//
// Lines: "put ID VERSION", "going ID" before a removal, "gone ID" behind it. Exit 0, or 1 with what is wrong on standard error.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "levee/memory.h"
#include "memory/store_bank/store_bank.h"
#include "store/open/open.h"
#include "tests/memory_processes/ask.h"

namespace levee::memory_bank {
namespace {

int Complain(const std::string& text) {
  std::fprintf(stderr, "memory_drive: %s\n", text.c_str());
  return 1;
}

Item ItemOf(const std::string& id, std::int64_t round) {
  Item item;
  item.id = id;
  item.category = "note";
  item.content = "word" + id + " in round " + std::to_string(round);
  item.content.append(static_cast<std::size_t>(round % 300), '.');
  item.tags = {"t" + std::to_string(round % 7)};
  item.metadata = "{\"round\": " + std::to_string(round) + "}";
  return item;
}

// What was acknowledged is told, whole, before the next write begins.
void Tell(const std::string& lines) {
  std::fwrite(lines.data(), 1, lines.size(), stdout);
  std::fflush(stdout);
}

// Adds an index, or drops it where a process before has added it.
Status ExchangeIndex(MemoryBank& bank) {
  const Status added = bank.AddIndex({.name = "by round", .keys = {"metadata.round"}});
  if (added || added.error().code != ErrorCode::kAlreadyExists) return added;
  return bank.DropIndex("by round");
}

struct Writing {
  std::string prefix;
  double seconds = 0;
  std::int64_t items = 0;  // a batch
  bool exchanges_indexes = false;
};
int Write(MemoryBank& bank, const Writing& writing) {
  const auto& [prefix, seconds, items, exchanges_indexes] = writing;
  const std::int64_t end = SystemClock().NowMicros() + static_cast<std::int64_t>(seconds * 1e6);
  for (std::int64_t round = 0; SystemClock().NowMicros() < end; ++round) {
    std::vector<ItemWrite> writes;
    for (std::int64_t i = 0; i < items; ++i) {
      // Most are new; some are written again, so that versions end.
      const std::int64_t number = i % 4 == 3 && round > 0 ? (round - 1) * items + i - 1 : round * items + i;
      writes.push_back({ItemOf(prefix + std::to_string(number), round), {}});
    }
    const auto written = bank.Store(std::move(writes), {.author = prefix});
    if (!written) return Complain("store: " + written.error().ToString());
    std::string lines;
    for (const Written& one : *written) lines += "put " + one.id + " " + std::to_string(one.version) + "\n";
    Tell(lines);
    if (exchanges_indexes && round % 3 == 1) {
      if (const Status exchanged = ExchangeIndex(bank); !exchanged) return Complain("index: " + exchanged.error().ToString());
    }
    if (round % 5 != 4) continue;
    const std::string id = prefix + std::to_string((round - 2) * items);
    Tell("going " + id + "\n");  // a kill may come behind the removal and before it is told
    const auto deleted = bank.Delete({{id, {}}}, {});
    if (!deleted) return Complain("delete: " + deleted.error().ToString());
    Tell("gone " + id + "\n");
  }
  return 0;
}

constexpr std::int64_t kGone = 0, kGoing = -1;  // versions of what is not, or perhaps not, there

// The newest of what lines say about each id.
struct Told {
  std::string id;
  std::int64_t version = 0;
};
bool ReadLine(Told& told) {
  char kind[8] = {}, id[600] = {};
  long long version = kGone;
  const int read = std::scanf("%7s %599s", kind, id);
  if (read != 2) return false;
  if (kind[0] == 'p' && std::scanf("%lld", &version) != 1) return false;
  told = {id, std::string_view(kind) == "going" ? kGoing : version};
  return true;
}

// Empty: it is as told.
std::string Wrong(MemoryBank& bank, const Told& told) {
  const auto item = bank.Get(told.id, {});
  if (!item) return "get " + told.id + ": " + item.error().ToString();
  // A later write of the same id may have come meanwhile, acknowledged or not.
  if (told.version == kGone || told.version == kGoing) return {};
  if (!*item) return told.id + " is not there";
  if ((*item)->version < told.version) return told.id + " is of version " + std::to_string((*item)->version);
  return {};
}

int Follow(MemoryBank& bank) {
  std::int64_t seen = 0;
  for (Told told; ReadLine(told); ++seen) {
    // The writer is ahead: what it deleted since is no loss.
    if (const std::string wrong = Wrong(bank, told); !wrong.empty()) {
      const auto history = bank.History(told.id, {});
      const bool deleted = history && !history->empty() && history->front().operation == "delete";
      if (!deleted) return Complain(wrong);
    }
    if (seen % 50 != 0 || told.version <= kGone) continue;
    const auto found = bank.Count({.words = "word" + told.id});
    if (!found) return Complain("count: " + found.error().ToString());
    if (*found != 1 && bank.Get(told.id, {}).value()) return Complain("no word finds " + told.id);
  }
  std::printf("%lld\n", static_cast<long long>(seen));
  return 0;
}

int Check(MemoryBank& bank) {
  std::map<std::string, std::int64_t> newest;
  std::int64_t there = 0;
  for (Told told; ReadLine(told);) newest[told.id] = told.version;
  for (const auto& [id, version] : newest) {
    if (const std::string wrong = Wrong(bank, {id, version}); !wrong.empty()) return Complain(wrong);
    const auto item = bank.Get(id, {});
    if (version == kGone && *item) return Complain(id + " was deleted and is there");
    there += version > 0 ? 1 : 0;
  }
  const auto verified = bank.Verify();
  if (!verified) return Complain("verify: " + verified.error().ToString());
  for (const std::string& problem : verified->problems) Complain(problem);
  if (!verified->problems.empty()) return 1;
  // Words and indexes agree with the items.
  const auto all = bank.Count({}), by_word = bank.Count({.words = "round"}), by_index = bank.Count({.metadata = "round >= 0"});
  if (!all || !by_index || *all != *by_index) {
    return Complain(std::to_string(all.value_or(-1)) + " items, " + std::to_string(by_index.value_or(-1)) + " by an index");
  }
  if (!all || !by_word || *all != *by_word) {
    return Complain(std::to_string(all.value_or(-1)) + " items, " + std::to_string(by_word.value_or(-1)) + " by a word");
  }
  std::printf("%lld %lld\n", static_cast<long long>(there), static_cast<long long>(*all));
  return 0;
}

// A bank that merges after each few rows, right over its store.
struct EagerBank {
  std::unique_ptr<store::Store> store;
  std::unique_ptr<memory::StoreBank> bank;  // goes first
};
Result<EagerBank> OpenEager(const std::string& path, std::uint32_t rows) {
  EagerBank opened;
  LEVEE_ASSIGN(opened.store, store::OpenStore(path, {}));
  // Chunks that a merge dropped go at once, so that a reader who still wants them is found out.
  LEVEE_ASSIGN(opened.bank, memory::StoreBank::Open(opened.store->bank(), SystemClock(),
                                                    {.run_limits = {.rows = rows}, .drop_lease_ms = 0}));
  return opened;
}

int Run(const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) return Complain("write, follow or check, and a store");
  if (arguments[0] == "merge" && arguments.size() == 6) {
    const auto eager = OpenEager(arguments[1], static_cast<std::uint32_t>(std::stoul(arguments[5])));
    if (!eager) return Complain("open: " + eager.error().ToString());
    return Write(*eager->bank, {.prefix = arguments[2], .seconds = std::strtod(arguments[3].c_str(), nullptr),
                                .items = std::stoll(arguments[4]), .exchanges_indexes = true});
  }
  StoreOptions options{.uri = arguments[1]};
  for (std::size_t i = 2; i < arguments.size(); ++i) {
    const std::size_t equals = arguments[i].find('=');
    if (equals != std::string::npos) options.settings[arguments[i].substr(0, equals)] = arguments[i].substr(equals + 1);
  }
  auto bank = OpenMemory(std::move(options));
  if (!bank) return Complain("open: " + bank.error().ToString());
  if (arguments[0] == "follow") return Follow(**bank);
  if (arguments[0] == "check") return Check(**bank);
  if (arguments[0] == "load" && arguments.size() == 3) return LoadLines(**bank, arguments[2]);
  if (arguments[0] == "ask" && arguments.size() >= 3) return AskMuch(**bank, std::atoi(arguments[2].c_str()));
  if (arguments.size() < 5) return Complain("write STORE PREFIX SECONDS ITEMS [KEY=VALUE...]");
  return Write(**bank, {.prefix = arguments[2], .seconds = std::strtod(arguments[3].c_str(), nullptr),
                        .items = std::stoll(arguments[4])});
}

}  // namespace
}  // namespace levee::memory_bank

int main(int count, char** values) { return levee::memory_bank::Run({values + 1, values + count}); }
